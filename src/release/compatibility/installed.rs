//! What a cluster has already that a release may not agree with.

use super::{Channel, Minor};
use semver::Version;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Group of the stable kinds of Gateway API.
const GROUP: &str = "gateway.networking.k8s.io";
/// The admission policy of Gateway API, and its binding.
const POLICY: &str = "safe-upgrades.gateway.networking.k8s.io";
/// The class that every line serves.
const CLASS: &str = "agentgateway";

/// What a cluster has already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Installed {
    /// The bundles that its Gateway API definitions are from: one, unless something went wrong.
    pub bundles: BTreeSet<Version>,
    /// Experimental, if any definition is.
    pub channel: Channel,
    /// The bundle of the admission policy, where there is one.
    pub policy: Option<Minor>,
    /// Versions in which objects may be stored, by the plural of the kind.
    pub stored_versions: BTreeMap<String, Vec<String>>,
    /// Who serves the GatewayClass `agentgateway`, where there is one.
    pub class_controller: Option<String>,
}

impl Installed {
    /// Reads it out of CustomResourceDefinitions, ValidatingAdmissionPolicies and GatewayClasses; other objects do not matter.
    pub fn read<'a>(objects: impl IntoIterator<Item = &'a Value>) -> Self {
        let mut installed = Self::default();
        for object in objects {
            let name = object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
            match object["kind"].as_str().unwrap_or_default() {
                "CustomResourceDefinition" if object["spec"]["group"] == GROUP => installed.definition(object),
                "ValidatingAdmissionPolicy" if name == POLICY => {
                    installed.policy = annotation(object, "bundle-version").and_then(Minor::parse);
                }
                "GatewayClass" if name == CLASS => {
                    installed.class_controller = object["spec"]["controllerName"].as_str().map(str::to_owned);
                }
                _ => {}
            }
        }
        installed
    }

    fn definition(&mut self, object: &Value) {
        let bundle = annotation(object, "bundle-version").map(|text| text.strip_prefix('v').unwrap_or(text));
        self.bundles.extend(bundle.and_then(|text| Version::parse(text).ok()));
        if annotation(object, "channel") == Some("experimental") {
            self.channel = Channel::Experimental;
        }
        let plural = object.pointer("/spec/names/plural").and_then(Value::as_str).unwrap_or_default();
        let stored = object.pointer("/status/storedVersions").and_then(Value::as_array).into_iter().flatten();
        let stored = stored.filter_map(Value::as_str).map(str::to_owned).collect();
        self.stored_versions.insert(plural.to_owned(), stored);
    }

    /// `Gateway API 1.6.1 standard`.
    pub(super) fn shown(&self) -> String {
        let bundles: Vec<_> = self.bundles.iter().map(Version::to_string).collect();
        format!("Gateway API {} {}", bundles.join(" and "), self.channel)
    }
}

fn annotation<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object["metadata"]["annotations"][format!("{GROUP}/{name}").as_str()].as_str()
}
