//! Gateways: where requests arrive.

use super::{
    dialect::{Dialect, Word},
    templates,
};
use crate::canonical::{
    CanonicalError, Mistake,
    words::{is_hostname, is_label},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashSet;

/// A Gateway in the short form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct GatewaySpec {
    /// Its name; never that of the helm release.
    pub name: String,
    /// Its listeners.
    pub listeners: Vec<Listener>,
    /// How the proxy logs; left out: as the release does by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logging: Option<Logging>,
    /// Node port of the first listener; left out: the cluster chooses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node_port: Option<u16>,
}

/// A plain-HTTP listener.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Listener {
    /// Its name; left out: `http`, or `http-<port>` from the second on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// TCP port.
    pub port: u16,
    /// The only host that it serves, `*.example.test` allowed; left out: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// Whether it offers models by name (AgentgatewayModel) and takes no routes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub models: bool,
}

/// How a proxy logs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Logging {
    /// `error`, `warn`, `info`, `debug` or `trace`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// `text` or `json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
}

#[derive(Debug, Serialize)]
struct GatewayView<'a> {
    name: &'a str,
    namespace: &'a str,
    logging: Option<&'a Logging>,
    node_port: Option<u16>,
    parameters: bool,
    listeners: Vec<ListenerView<'a>>,
}

#[derive(Debug, Serialize)]
struct ListenerView<'a> {
    name: String,
    port: u16,
    hostname: Option<&'a str>,
    models: bool,
}

/// Renders a Gateway and, where it logs in its own way, the parameters of its line before it. The namespace is not among
/// them.
///
/// # Errors
/// A mistake in the Gateway (its path begins at the Gateway: `listeners[0].port`), or something that the line cannot say.
pub fn render_gateway(gateway: &GatewaySpec, line: &str, namespace: &str) -> Result<Vec<Value>, CanonicalError> {
    let dialect = Dialect::of(line)?;
    check(gateway, &dialect.line.deployment)?;
    let format = gateway.logging.as_ref().is_some_and(|logging| logging.format.is_some());
    dialect.demand(Word::LogFormat, format, || "logging.format".to_owned())?;
    if let Some(index) = gateway.listeners.iter().position(|listener| listener.models) {
        dialect.demand(Word::Models, true, || format!("listeners[{index}].models"))?;
    }
    let listeners = gateway.listeners.iter().enumerate().map(|(index, listener)| ListenerView {
        name: name_of(listener, index),
        port: listener.port,
        hostname: listener.hostname.as_deref(),
        models: listener.models,
    });
    let logging = gateway.logging.as_ref().filter(|logging| **logging != Logging::default());
    let view = GatewayView {
        name: &gateway.name,
        namespace,
        logging,
        node_port: gateway.node_port,
        parameters: logging.is_some() || gateway.node_port.is_some(),
        listeners: listeners.collect(),
    };
    templates::render(dialect.line, "gateway", &view)
}

fn name_of(listener: &Listener, index: usize) -> String {
    match &listener.name {
        Some(name) => name.clone(),
        None if index == 0 => "http".to_owned(),
        None => format!("http-{}", listener.port),
    }
}

fn check(gateway: &GatewaySpec, controller: &str) -> Result<(), CanonicalError> {
    let bad = |path: String, value: &str, wanted| {
        Err(CanonicalError::new(path, Mistake::Bad { value: value.to_owned(), wanted }))
    };
    if !is_label(&gateway.name) {
        return bad("name".to_owned(), &gateway.name, "a name: lower-case letters, digits and `-`, 63 at most");
    }
    if gateway.name == controller {
        return bad(
            "name".to_owned(),
            &gateway.name,
            "free: it is the helm release's name, and both would own one Service",
        );
    }
    if gateway.listeners.is_empty() {
        return Err(CanonicalError::new("listeners", Mistake::Missing("a listener")));
    }
    let mut names = HashSet::new();
    for (index, listener) in gateway.listeners.iter().enumerate() {
        let path = format!("listeners[{index}]");
        if listener.port == 0 {
            return bad(format!("{path}.port"), "0", "a port from 1 to 65535");
        }
        if let Some(hostname) = listener.hostname.as_ref().filter(|hostname| !is_hostname(hostname, true)) {
            return bad(format!("{path}.hostname"), hostname, "a host name in lower case");
        }
        let name = name_of(listener, index);
        if !is_label(&name) || !names.insert(name.clone()) {
            return bad(format!("{path}.name"), &name, "a name that no other listener has");
        }
    }
    check_logging(gateway.logging.as_ref())
}

fn check_logging(logging: Option<&Logging>) -> Result<(), CanonicalError> {
    let Some(logging) = logging else { return Ok(()) };
    let fields: [(&str, &Option<String>, &[&str]); 2] = [
        ("level", &logging.level, &["error", "warn", "info", "debug", "trace"]),
        ("format", &logging.format, &["text", "json"]),
    ];
    for (field, value, known) in fields {
        if let Some(value) = value.as_ref().filter(|value| !known.contains(&value.as_str())) {
            let known = known.iter().map(|name| (*name).to_owned()).collect();
            let kind = if field == "level" { "log level" } else { "log format" };
            return Err(CanonicalError::new(
                format!("logging.{field}"),
                Mistake::NoSuch { kind, name: value.clone(), known },
            ));
        }
    }
    Ok(())
}
