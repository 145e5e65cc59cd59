//! The GatewayClass that the controller makes, and those it serves.

use super::{condition::Condition, desired::Settings};
use crate::gateway::{
    Mutant,
    controller::resource::{GatewayClass, Snapshot},
};
use serde_json::{Value, json};

/// Under which name the controller claims classes and signs statuses.
pub const CONTROLLER_NAME: &str = "agentgateway.dev/agentgateway";

/// The class it makes for itself.
pub(super) const CLASS_NAME: &str = "agentgateway";

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
pub(crate) fn is_ours(snapshot: &Snapshot, class: &str) -> bool {
    let mut classes = snapshot.classes.values();
    classes.any(|known| known.metadata.name == class && known.spec.controller_name == CONTROLLER_NAME)
}

/// The class as it is made.
pub(super) fn manifest() -> Value {
    json!({
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "GatewayClass",
        "metadata": {"name": CLASS_NAME},
        "spec": {"controllerName": CONTROLLER_NAME, "description": "Specialized class for agentgateway."},
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
