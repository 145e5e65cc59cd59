//! The fields of `metadata`, which every object has whatever its schema says.
//! Source: apimachinery `pkg/apis/meta/v1/types.go`, `ObjectMeta`, `OwnerReference`, `ManagedFieldsEntry`.

const OBJECT_META: [&str; 15] = [
    "annotations",
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "finalizers",
    "generateName",
    "generation",
    "labels",
    "managedFields",
    "name",
    "namespace",
    "ownerReferences",
    "resourceVersion",
    "selfLink",
    "uid",
];
const OWNER_REFERENCE: [&str; 6] = ["apiVersion", "blockOwnerDeletion", "controller", "kind", "name", "uid"];
const MANAGED_FIELDS_ENTRY: [&str; 7] =
    ["apiVersion", "fieldsType", "fieldsV1", "manager", "operation", "subresource", "time"];

/// Whether `metadata` has this field.
pub(super) fn knows(name: &str) -> bool {
    OBJECT_META.contains(&name)
}

/// The fields of the elements of a list in `metadata`.
pub(super) fn element_fields(name: &str) -> Option<&'static [&'static str]> {
    match name {
        "ownerReferences" => Some(&OWNER_REFERENCE),
        "managedFields" => Some(&MANAGED_FIELDS_ENTRY),
        _ => None,
    }
}
