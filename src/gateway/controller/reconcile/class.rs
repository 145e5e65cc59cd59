//! The GatewayClass that the controller makes, and those it serves.

use super::{condition::Condition, desired::Settings};
use crate::gateway::{
    Mutant,
    controller::{
        line::Identity,
        resource::{GatewayClass, Snapshot},
    },
};
use serde_json::{Value, json};

/// What of Gateway API the reference gateway does, in the words of GatewayClass status, sorted.
const FEATURES: [&str; 14] = [
    "Gateway",
    "HTTPRoute",
    "HTTPRouteBackendTimeout",
    "HTTPRouteCORS",
    "HTTPRouteHostRewrite",
    "HTTPRouteMethodMatching",
    "HTTPRoutePathRedirect",
    "HTTPRoutePathRewrite",
    "HTTPRoutePortRedirect",
    "HTTPRouteQueryParamMatching",
    "HTTPRouteRequestTimeout",
    "HTTPRouteResponseHeaderModification",
    "HTTPRouteSchemeRedirect",
    "ReferenceGrant",
];

/// Whether a class by this name is there and names this controller.
pub(crate) fn is_ours(snapshot: &Snapshot, class: &str, identity: &Identity) -> bool {
    let mut classes = snapshot.classes.values();
    let named =
        |known: &GatewayClass| known.metadata.name == class && known.spec.controller_name == identity.controller;
    identity.enabled && classes.any(named)
}

/// The class as it is made.
pub(super) fn manifest(identity: &Identity) -> Value {
    json!({
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "GatewayClass",
        "metadata": {"name": identity.class},
        "spec": {"controllerName": identity.controller, "description": "Specialized class for agentgateway."},
    })
}

/// Status of a class of this controller.
pub(super) fn status(class: &GatewayClass, settings: &Settings) -> Value {
    let accepted = if settings.mutant == Some(Mutant::ClassNotAccepted) {
        Condition::unknown("Accepted", "Pending", "Waiting for controller")
    } else {
        Condition::yes("Accepted", "Accepted", "GatewayClass accepted by agentgateway controller")
    };
    let features: Value = FEATURES.iter().map(|name| json!({"name": name})).collect();
    json!({"conditions": [accepted.at(class.metadata.generation)], "supportedFeatures": features})
}
