//! The annotation of client-side apply, where `kubectl` turns to server-side apply.
//! Source: kubernetes/apimachinery `pkg/util/managedfields/internal/lastappliedmanager.go` and `lastappliedupdater.go`.

use crate::embedded::decode::sorted;
use crate::embedded::fields::{Shape, same_fields};
use serde_json::Value;

const ANNOTATION: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Whether all conflicts are about fields that `kubectl` itself applied last, unchanged since.
pub(super) fn covers(shape: Shape<'_>, live: &Value, conflicts: &[(String, String)]) -> bool {
    let Some(last) = live["metadata"]["annotations"][ANNOTATION].as_str() else { return false };
    let Ok(last) = serde_json::from_str::<Value>(last) else { return false };
    let same = same_fields(shape, &last, live);
    conflicts.iter().all(|(_, path)| same.contains(path))
}

/// Writes the configuration into the annotation, where there is one.
pub(super) fn renew(object: &mut Value, config: &Value) {
    let Some(annotation) = object.pointer_mut("/metadata/annotations").and_then(|all| all.get_mut(ANNOTATION)) else {
        return;
    };
    // Keys in the order of the alphabet, as Go prints maps.
    *annotation = format!("{}\n", sorted(config)).into();
}
