//! OpenAPI v3: what `kubectl explain`, `apply` and `diff` ask for.

use super::builtin;
use super::kind::{Kind, Version};
use super::registry::Registry;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

const OBJECT_META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/// `/openapi/v3`: where the document of each group and version is. The hash changes when the kinds do, and is another in
/// each process, as documents may differ from one program version to the next.
pub(super) fn index(registry: &Registry) -> Value {
    let salt = format!("{} {}", std::process::id(), registry.edition());
    let hash = hex::encode_upper(Sha256::digest(salt));
    let mut paths = Map::new();
    for (group, versions) in registry.groups() {
        for version in versions {
            let path = if group.is_empty() { format!("api/{version}") } else { format!("apis/{group}/{version}") };
            let url = format!("/openapi/v3/{path}?hash={hash}");
            paths.insert(path, json!({"serverRelativeURL": url}));
        }
    }
    json!({"paths": paths})
}

/// The document of one group and version.
pub(super) fn document(registry: &Registry, group: &str, version: &str) -> Option<Value> {
    let mut schemas = Map::new();
    let mut paths = Map::new();
    for kind in registry.kinds().iter().filter(|kind| kind.group == group) {
        let Some(served) = kind.version(version) else { continue };
        let name = schema_name(kind, version);
        add_paths(kind, version, &name, &mut paths);
        schemas.insert(name, schema_of(kind, served));
    }
    if schemas.is_empty() {
        return None;
    }
    let mut object_meta = builtin::object_meta().clone();
    object_meta["description"] =
        "ObjectMeta is metadata that all persisted resources must have, which includes all objects users must create."
            .into();
    schemas.insert(OBJECT_META.to_owned(), object_meta);
    Some(json!({
        "openapi": "3.0.0",
        "info": {"title": "agw-sandbox embedded API", "version": "v1.34.4"},
        "paths": paths,
        "components": {"schemas": schemas},
    }))
}

/// `io.k8s.networking.gateway.v1.HTTPRoute`: the group backwards.
fn schema_name(kind: &Kind, version: &str) -> String {
    if kind.group.is_empty() {
        return format!("io.k8s.api.core.{version}.{}", kind.kind);
    }
    let backwards: Vec<&str> = kind.group.split('.').rev().collect();
    format!("{}.{version}.{}", backwards.join("."), kind.kind)
}

fn schema_of(kind: &Kind, version: &Version) -> Value {
    let mut schema = version.schema.raw().clone();
    if !schema.is_object() {
        schema = json!({"type": "object"});
    }
    if !schema["properties"].is_object() {
        schema["properties"] = json!({});
    }
    let standard = [
        (
            "apiVersion",
            "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources",
        ),
        (
            "kind",
            "Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds",
        ),
    ];
    for (field, description) in standard {
        schema["properties"][field] = json!({"type": "string", "description": description});
    }
    schema["properties"]["metadata"] = json!({
        "description": "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
        "allOf": [{"$ref": format!("#/components/schemas/{OBJECT_META}")}],
    });
    schema["x-kubernetes-group-version-kind"] = json!([gvk(kind, &version.name)]);
    schema
}

fn gvk(kind: &Kind, version: &str) -> Value {
    json!({"group": kind.group, "kind": kind.kind, "version": version})
}

fn add_paths(kind: &Kind, version: &str, name: &str, paths: &mut Map<String, Value>) {
    let root =
        if kind.group.is_empty() { format!("/api/{version}") } else { format!("/apis/{}/{version}", kind.group) };
    let base = if kind.namespaced {
        format!("{root}/namespaces/{{namespace}}/{}", kind.plural)
    } else {
        format!("{root}/{}", kind.plural)
    };
    let parameters: Vec<Value> = ["dryRun", "fieldManager", "fieldValidation"]
        .into_iter()
        .map(|name| json!({"name": name, "in": "query", "schema": {"type": "string"}}))
        .collect();
    let schema = json!({"$ref": format!("#/components/schemas/{name}")});
    let operation = |action: &str| {
        json!({
            "parameters": parameters,
            "responses": {"200": {"description": "OK", "content": {"application/json": {"schema": schema}}}},
            "x-kubernetes-action": action,
            "x-kubernetes-group-version-kind": gvk(kind, version),
        })
    };
    paths.insert(base.clone(), json!({"get": operation("list"), "post": operation("post")}));
    let one = json!({"get": operation("get"), "put": operation("put"), "patch": operation("patch"),
        "delete": operation("delete")});
    paths.insert(format!("{base}/{{name}}"), one);
}
