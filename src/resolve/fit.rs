//! Whether what is in a shared cluster already can be used as it is. A judgement over observed objects; nothing is asked.

use super::ResolveError;
use crate::{
    cluster::describe,
    release::{self, ReleaseLine},
};
use serde_json::Value;

/// The annotation of Gateway API's definitions that says which bundle they are of.
const BUNDLE: &str = "gateway.networking.k8s.io/bundle-version";
/// The annotation that says of which channel.
const CHANNEL: &str = "gateway.networking.k8s.io/channel";

/// The release line of a plan's definitions.
///
/// # Errors
/// There is no such line.
pub fn line_of(name: &str) -> Result<&'static ReleaseLine, ResolveError> {
    Ok(release::line(name)?)
}

/// How an object that is there already stands to the wanted one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fit {
    /// It can be used as it is.
    Fits,
    /// It cannot.
    Conflict(Conflict),
}

/// An object that cannot be used as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Kind and name.
    pub object: String,
    /// What it is.
    pub is: String,
    /// What is wanted.
    pub wanted: String,
}

impl std::fmt::Display for Conflict {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} is {}; wanted is {}", self.object, self.is, self.wanted)
    }
}

/// Judges a CustomResourceDefinition that others installed: it must serve what is used and, where it is Gateway API's, be of
/// a bundle that the line works with.
pub fn fit_of_definition(wanted: &Value, live: &Value, line: &ReleaseLine) -> Fit {
    let conflict = |wanted: String| {
        let object = format!("CustomResourceDefinition {}", text(live, "/metadata/name"));
        Fit::Conflict(Conflict { object, is: describe(live), wanted })
    };
    if annotation(wanted, BUNDLE).is_some() {
        let [oldest, newest] = &line.gateway_api;
        let window = format!("Gateway API {oldest} to {newest} for {}", line.name);
        let minor = annotation(live, BUNDLE).and_then(minor);
        if !minor.is_some_and(|minor| within(minor, oldest, newest)) {
            return conflict(window);
        }
        if annotation(live, CHANNEL) == Some("experimental") && !takes_experimental(line) {
            return conflict(format!("{window}, channel standard"));
        }
    }
    for version in versions(wanted).filter(|version| version["storage"] == true) {
        let name = text(version, "/name");
        let served = versions(live).find(|live| live["name"] == name && live["served"] == true);
        let Some(served) = served else { return conflict(format!("one that serves {name}")) };
        if let Some(field) = missing_field(version, served) {
            return conflict(format!("one of {}, whose spec has the field {field}", line.name));
        }
    }
    Fit::Fits
}

/// Judges a GatewayClass that others made: it must be for the controller that is installed.
pub fn fit_of_class(live: &Value, line: &ReleaseLine) -> Fit {
    let controller = text(live, "/spec/controllerName");
    if controller == line.controller_name {
        return Fit::Fits;
    }
    Fit::Conflict(Conflict {
        object: format!("GatewayClass {}", text(live, "/metadata/name")),
        is: format!("of controller {controller}, {}", describe(live)),
        wanted: format!("one of controller {}", line.controller_name),
    })
}

/// Lines of 2025 and of the 2.x series are not supported on the experimental channel. Source: `facts/lifecycle.md` A.2.
fn takes_experimental(line: &ReleaseLine) -> bool {
    line.newest.major < 2
}

/// The first field of `spec` that is used and not there.
fn missing_field<'a>(wanted: &'a Value, live: &Value) -> Option<&'a String> {
    const SPEC: &str = "/schema/openAPIV3Schema/properties/spec/properties";
    let live = live.pointer(SPEC)?.as_object()?;
    wanted.pointer(SPEC)?.as_object()?.keys().find(|field| !live.contains_key(*field))
}

fn versions(definition: &Value) -> impl Iterator<Item = &Value> {
    definition.pointer("/spec/versions").and_then(Value::as_array).into_iter().flatten()
}

fn annotation<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.pointer("/metadata/annotations")?.get(key)?.as_str()
}

fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// Major and minor of `v1.5.1` or `1.5`.
fn minor(version: &str) -> Option<(u64, u64)> {
    let mut parts = version.trim_start_matches('v').split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn within(found: (u64, u64), oldest: &str, newest: &str) -> bool {
    minor(oldest).is_some_and(|oldest| oldest <= found) && minor(newest).is_some_and(|newest| found <= newest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release;
    use serde_json::json;

    fn bundle(version: &str, channel: &str, served: &[&str]) -> Value {
        let version_of = |name: &&str| json!({"name": name, "served": true, "storage": *name == served[0]});
        json!({
            "metadata": {"name": "gateways.gateway.networking.k8s.io", "annotations": {BUNDLE: version, CHANNEL: channel}},
            "spec": {"versions": served.iter().map(version_of).collect::<Vec<_>>()},
        })
    }

    fn judged(live: &Value, line: &str) -> Fit {
        fit_of_definition(&bundle("v1.5.1", "standard", &["v1"]), live, release::line(line).unwrap())
    }

    #[test]
    fn gateway_api_fits_within_the_window_of_the_line() {
        let fits = |version, channel, line| judged(&bundle(version, channel, &["v1"]), line) == Fit::Fits;
        assert!(fits("v1.4.1", "standard", "agentgateway-1.4") && fits("v1.6.1", "standard", "agentgateway-1.4"));
        assert!(fits("v1.5.1", "experimental", "agentgateway-1.4"));
        assert!(!fits("v1.3.0", "standard", "agentgateway-1.4") && !fits("v1.6.1", "standard", "agentgateway-1.3"));
        assert!(!fits("v1.4.1", "experimental", "agentgateway-2.2") && fits("v1.4.1", "standard", "agentgateway-2.2"));
        assert!(!fits("nonsense", "standard", "agentgateway-1.4"));
    }

    #[test]
    fn a_conflict_names_the_object_what_it_is_and_what_is_wanted() {
        let mut old = bundle("v1.2.0", "experimental", &["v1"]);
        old["metadata"]["annotations"]["meta.helm.sh/release-name"] = json!("istio");
        old["metadata"]["annotations"]["meta.helm.sh/release-namespace"] = json!("istio-system");
        let Fit::Conflict(conflict) = judged(&old, "agentgateway-1.4") else { panic!("it does not fit") };
        assert_eq!(
            conflict.to_string(),
            "CustomResourceDefinition gateways.gateway.networking.k8s.io is Gateway API v1.2.0, channel experimental, \
             installed by helm release istio-system/istio; wanted is Gateway API 1.4 to 1.6 for agentgateway-1.4"
        );
    }

    #[test]
    fn a_definition_that_does_not_serve_what_is_used_does_not_fit() {
        assert!(matches!(judged(&bundle("v1.5.1", "standard", &["v1beta1"]), "agentgateway-1.4"), Fit::Conflict(_)));
        let backend = |fields: Value| {
            json!({"metadata": {"name": "agentgatewaybackends.agentgateway.dev"}, "spec": {"versions": [{
                "name": "v1alpha1", "served": true, "storage": true,
                "schema": {"openAPIV3Schema": {"properties": {"spec": {"properties": fields}}}},
            }]}})
        };
        let line = release::line("agentgateway-1.4").unwrap();
        let wanted = backend(json!({"ai": {}, "mcp": {}}));
        assert_eq!(fit_of_definition(&wanted, &backend(json!({"ai": {}, "mcp": {}, "new": {}})), line), Fit::Fits);
        let Fit::Conflict(conflict) = fit_of_definition(&wanted, &backend(json!({"ai": {}})), line) else { panic!() };
        assert!(conflict.wanted.contains("field mcp"), "{conflict}");
    }

    #[test]
    fn a_class_of_another_controller_is_in_the_way() {
        let class =
            |controller: &str| json!({"metadata": {"name": "agentgateway"}, "spec": {"controllerName": controller}});
        let line = release::line("agentgateway-1.4").unwrap();
        assert_eq!(fit_of_class(&class("agentgateway.dev/agentgateway"), line), Fit::Fits);
        assert!(matches!(fit_of_class(&class("example.com/other"), line), Fit::Conflict(_)));
    }
}
