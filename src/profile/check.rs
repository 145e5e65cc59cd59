//! What a layer must fulfil by itself, beyond its types.

use super::IMAGES;
use super::address::is_authority;
use super::error::ProfileError;
use super::layer::Layer;
use crate::canonical::{Backend, McpServer, MockRef};

type Checked = Result<(), ProfileError>;

/// Finds the first mistake of a layer that can be told without the others.
pub(super) fn check(layer: &Layer) -> Checked {
    gateway_name(layer)?;
    listeners(layer)?;
    kubernetes(layer)?;
    host_address(layer)?;
    images(layer)?;
    gateway_api(layer)?;
    for (name, backend) in layer.document.backends.iter().flatten() {
        one_backend(layer, name, backend)?;
    }
    Ok(())
}

fn gateway_name(layer: &Layer) -> Checked {
    let Some(name) = &layer.document.gateway.name else { return Ok(()) };
    if !is_label(name) {
        return Err(bad(layer, &["gateway", "name"], name, "a name", "lower-case letters, digits and `-`, 63 at most"));
    }
    if matches!(name.as_str(), "agentgateway" | "kgateway") {
        let hint = "the helm release has objects of that name; the default is `ai-gateway`";
        return Err(bad(layer, &["gateway", "name"], name, "free for a Gateway", hint));
    }
    Ok(())
}

fn listeners(layer: &Layer) -> Checked {
    let Some(listeners) = &layer.document.gateway.listeners else { return Ok(()) };
    if listeners.is_empty() {
        return Err(bad(layer, &["gateway", "listeners"], "[]", "a list of listeners", "[{port: 8080}] for example"));
    }
    for (index, listener) in listeners.iter().enumerate() {
        let index = index.to_string();
        if !(1..=65535).contains(&listener.port) {
            let path = ["gateway", "listeners", &index, "port"];
            return Err(bad(layer, &path, &listener.port.to_string(), "a port", "ports go from 1 to 65535"));
        }
        let Some(name) = listener.name.as_deref().filter(|name| !is_label(name)) else { continue };
        let path = ["gateway", "listeners", &index, "name"];
        return Err(bad(layer, &path, name, "a name", "lower-case letters, digits and `-`, 63 at most"));
    }
    Ok(())
}

fn kubernetes(layer: &Layer) -> Checked {
    let Some(wanted) = &layer.document.cluster.kubernetes else { return Ok(()) };
    let minor = wanted.strip_prefix("1.").is_some_and(|minor| minor.parse::<u16>().is_ok());
    if minor {
        return Ok(());
    }
    Err(bad(layer, &["cluster", "kubernetes"], wanted, "a minor version of Kubernetes", "\"1.34\", in quotes"))
}

fn host_address(layer: &Layer) -> Checked {
    let Some(address) = &layer.document.cluster.host_address else { return Ok(()) };
    if address.parse::<std::net::IpAddr>().is_ok_and(|address| !address.is_loopback() && !address.is_unspecified()) {
        return Ok(());
    }
    let hint = "192.168.1.20 for example; a loopback address would be the pod itself";
    Err(bad(layer, &["cluster", "hostAddress"], address, "an address of this machine that pods reach", hint))
}

fn images(layer: &Layer) -> Checked {
    for name in layer.document.images.iter().flatten().map(|(name, _)| name) {
        if !IMAGES.contains(&name.as_str()) {
            let hint = format!("images are for {}", IMAGES.join(" or "));
            return Err(bad(layer, &["images", name], name, "what an image is for", &hint));
        }
    }
    Ok(())
}

fn gateway_api(layer: &Layer) -> Checked {
    let Some(version) = &layer.document.gateway_api.version else { return Ok(()) };
    let plain = version.strip_prefix('v').unwrap_or(version);
    if semver::Version::parse(plain).is_ok() {
        return Ok(());
    }
    Err(bad(layer, &["gatewayApi", "version"], version, "a version of Gateway API", "1.5.1 for example"))
}

fn one_backend(layer: &Layer, name: &str, backend: &Backend) -> Checked {
    let kinds = [("llm", backend.llm.is_some()), ("mcp", backend.mcp.is_some()), ("http", backend.http.is_some())];
    exactly_one(layer, &["backends"], name, &format!("backend `{name}`"), &kinds)?;
    if backend.mock.is_some() && backend.at.is_some() {
        let both = [("mock", true), ("at", true)];
        exactly_one(layer, &["backends"], name, &format!("backend `{name}`"), &both)?;
    }
    if let Some(MockRef::Named(mock)) = backend.mock.as_ref().filter(|_| backend.llm.is_some()) {
        let hint = "`mock: {}` for one that answers every good request well";
        return Err(bad(layer, &["backends", name, "mock"], mock, "a behaviour of an LLM mock", hint));
    }
    for (key, address) in [("at", &backend.at), ("http", &backend.http)] {
        let Some(address) = address.as_deref().filter(|address| !is_authority(address)) else { continue };
        return Err(bad(
            layer,
            &["backends", name, key],
            address,
            "an address",
            "host:port, for example host.internal:11434",
        ));
    }
    for (server, target) in backend.mcp.iter().flatten() {
        one_server(layer, name, server, target)?;
    }
    Ok(())
}

fn one_server(layer: &Layer, backend: &str, server: &str, target: &McpServer) -> Checked {
    let kinds = [("mock", target.mock.is_some()), ("at", target.at.is_some())];
    exactly_one(layer, &["backends", backend, "mcp"], server, &format!("MCP server `{server}`"), &kinds)?;
    let Some(address) = &target.at else { return Ok(()) };
    let authority = address.split_once('/').map_or(address.as_str(), |(authority, _)| authority);
    if is_authority(authority) {
        return Ok(());
    }
    let path = ["backends", backend, "mcp", server, "at"];
    Err(bad(layer, &path, address, "an address", "host:port/path, for example host.internal:3000/mcp"))
}

fn exactly_one(layer: &Layer, path: &[&str], key: &str, what: &str, kinds: &[(&str, bool)]) -> Checked {
    let has: Vec<_> = kinds.iter().filter(|(_, there)| *there).map(|(kind, _)| *kind).collect();
    if has.len() == 1 {
        return Ok(());
    }
    Err(ProfileError::NotExactlyOne {
        what: what.to_owned(),
        choices: kinds.iter().map(|(kind, _)| *kind).collect::<Vec<_>>().join(", "),
        has: if has.is_empty() { "none".to_owned() } else { has.join(" and ") },
        text: layer.text.clone(),
        at: layer.place_of_key(path, key),
    })
}

/// Whether Kubernetes takes it as a label and as the name of a Service.
fn is_label(name: &str) -> bool {
    let ends = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let bytes = name.as_bytes();
    bytes.len() <= 63
        && ends(bytes.first())
        && ends(bytes.last())
        && bytes.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-')
}

pub(super) fn bad(layer: &Layer, path: &[&str], value: &str, wanted: &str, hint: &str) -> ProfileError {
    ProfileError::BadValue {
        value: value.to_owned(),
        wanted: wanted.to_owned(),
        hint: hint.to_owned(),
        text: Some(layer.text.clone()),
        at: Some(layer.place(path)),
    }
}
