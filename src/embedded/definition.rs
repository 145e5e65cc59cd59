//! CustomResourceDefinitions: read, checked, and turned into kinds.

use super::kind::{Column, Kind, LazySchema, SchemaSource, Version};
use super::registry::{Registry, version_rank};
use super::schema::{FieldError, FieldErrorKind};
use serde_json::{Value, json};
use std::sync::Arc;

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(text).collect()
}

/// The kind that a definition defines.
pub(super) fn kind_of(definition: &Arc<Value>) -> Kind {
    let spec = &definition["spec"];
    let names = &spec["names"];
    let mut versions = Vec::new();
    for (index, version) in spec["versions"].as_array().into_iter().flatten().enumerate() {
        if version["served"] == true {
            versions.push(version_of(definition, version, index));
        }
    }
    versions.sort_by_key(|version| std::cmp::Reverse(version_rank(&version.name)));
    let kind = text(&names["kind"]);
    Kind {
        group: text(&spec["group"]),
        list_kind: names["listKind"].as_str().map_or_else(|| format!("{kind}List"), str::to_owned),
        plural: text(&names["plural"]),
        singular: names["singular"].as_str().map_or_else(|| kind.to_lowercase(), str::to_owned),
        short_names: texts(&names["shortNames"]),
        categories: texts(&names["categories"]),
        namespaced: spec["scope"] == "Namespaced",
        custom: true,
        versions,
        kind,
    }
}

fn version_of(definition: &Arc<Value>, version: &Value, index: usize) -> Version {
    let name = text(&version["name"]);
    let deprecation = (version["deprecated"] == true).then(|| {
        version["deprecationWarning"].as_str().map_or_else(
            || {
                let spec = &definition["spec"];
                format!("{}/{name} {} is deprecated", text(&spec["group"]), text(&spec["names"]["kind"]))
            },
            str::to_owned,
        )
    });
    Version {
        name,
        status: version["subresources"].get("status").is_some(),
        review: false,
        columns: columns_of(version),
        deprecation,
        schema: LazySchema::new(SchemaSource::Definition(Arc::clone(definition), index)),
    }
}

fn columns_of(version: &Value) -> Vec<Column> {
    let name = Column {
        name: "Name".to_owned(),
        column_type: "string".to_owned(),
        format: "name".to_owned(),
        description: String::new(),
        priority: 0,
        path: ".metadata.name".to_owned(),
    };
    let mut columns = vec![name];
    let printed = version["additionalPrinterColumns"].as_array().filter(|columns| !columns.is_empty());
    match printed {
        Some(printed) => columns.extend(printed.iter().map(|column| Column {
            name: text(&column["name"]),
            column_type: text(&column["type"]),
            format: text(&column["format"]),
            description: column["description"].as_str().map_or_else(
                || format!("Custom resource definition column (in JSONPath format): {}", text(&column["jsonPath"])),
                str::to_owned,
            ),
            priority: column["priority"].as_i64().unwrap_or(0),
            path: text(&column["jsonPath"]),
        })),
        None => columns.push(Column {
            name: "Age".to_owned(),
            column_type: "date".to_owned(),
            format: String::new(),
            description: String::new(),
            priority: 0,
            path: ".metadata.creationTimestamp".to_owned(),
        }),
    }
    columns
}

/// What is wrong with a definition. Source: kubernetes/apiextensions-apiserver `pkg/apis/apiextensions/validation`.
pub(super) fn problems(definition: &Value) -> Vec<FieldError> {
    let spec = &definition["spec"];
    let mut errors = Vec::new();
    let mut add = |kind, field: &str, detail: String| errors.push(FieldError { kind, field: field.to_owned(), detail });
    let name = text(&definition["metadata"]["name"]);
    let wanted = format!("{}.{}", text(&spec["names"]["plural"]), text(&spec["group"]));
    if name != wanted {
        let detail = format!("Invalid value: \"{name}\": must be spec.names.plural+\".\"+spec.group");
        add(FieldErrorKind::Invalid, "metadata.name", detail);
    }
    for (pointer, field) in [
        ("/group", "spec.group"),
        ("/scope", "spec.scope"),
        ("/names/plural", "spec.names.plural"),
        ("/names/kind", "spec.names.kind"),
    ] {
        if spec.pointer(pointer).and_then(Value::as_str).is_none_or(str::is_empty) {
            add(FieldErrorKind::Required, field, "Required value".to_owned());
        }
    }
    if let Some(scope) = spec["scope"].as_str().filter(|scope| !["Cluster", "Namespaced", ""].contains(scope)) {
        let detail = format!("Unsupported value: \"{scope}\": supported values: \"Cluster\", \"Namespaced\"");
        add(FieldErrorKind::NotSupported, "spec.scope", detail);
    }
    let group = spec["group"].as_str().unwrap_or_default();
    if is_protected(group) && definition["metadata"]["annotations"]["api-approved.kubernetes.io"].is_null() {
        let field = "metadata.annotations[api-approved.kubernetes.io]";
        let why = "protected groups must have approval annotation \"api-approved.kubernetes.io\", see https://github.com/kubernetes/enhancements/pull/1111";
        add(FieldErrorKind::Required, field, format!("Required value: {why}"));
    }
    let versions = spec["versions"].as_array().map(Vec::as_slice).unwrap_or_default();
    if versions.iter().filter(|version| version["storage"] == true).count() != 1 {
        let detail =
            format!("Invalid value: {}: must have exactly one version marked as storage version", spec["versions"]);
        add(FieldErrorKind::Invalid, "spec.versions", detail);
    }
    for (index, version) in versions.iter().enumerate() {
        if !version["schema"]["openAPIV3Schema"].is_object() {
            let field = format!("spec.versions[{index}].schema.openAPIV3Schema");
            add(FieldErrorKind::Required, &field, "Required value: schemas are required".to_owned());
        }
    }
    errors
}

/// The status of a definition: its names are accepted unless another kind of the group has them.
pub(super) fn status_of(definition: &Value, registry: &Registry, now: &str) -> Value {
    let names = &definition["spec"]["names"];
    let conflict = names_conflict(definition, registry);
    let condition = |kind: &str, status: bool, reason: &str, message: &str| {
        json!({"type": kind, "status": if status { "True" } else { "False" }, "lastTransitionTime": now, "reason": reason,
            "message": message})
    };
    let stored: Vec<Value> = definition["spec"]["versions"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|version| version["storage"] == true)
        .map(|version| version["name"].clone())
        .collect();
    let approval = approval(definition).map(|(approved, reason, message)| {
        condition("KubernetesAPIApprovalPolicyConformant", approved, reason, &message)
    });
    let mut conditions: Vec<Value> = approval.into_iter().collect();
    match conflict {
        None => {
            conditions.push(condition("NamesAccepted", true, "NoConflicts", "no conflicts found"));
            let message = "the initial names have been accepted";
            conditions.push(condition("Established", true, "InitialNamesAccepted", message));
            json!({"conditions": conditions, "acceptedNames": names, "storedVersions": stored})
        }
        Some((reason, message)) => {
            conditions.push(condition("NamesAccepted", false, reason, &message));
            conditions.push(condition("Established", false, "NotAccepted", "not all names are accepted"));
            let accepted = json!({"plural": "", "kind": ""});
            json!({"conditions": conditions, "acceptedNames": accepted, "storedVersions": stored})
        }
    }
}

/// Groups of Kubernetes itself are protected: definitions in them say who approved them.
/// Source: kubernetes/apiextensions-apiserver `pkg/apihelpers/helpers.go`, `GetAPIApprovalState`.
fn approval(definition: &Value) -> Option<(bool, &'static str, String)> {
    let group = definition["spec"]["group"].as_str().unwrap_or_default();
    if !is_protected(group) {
        return None;
    }
    let annotation = definition["metadata"]["annotations"]["api-approved.kubernetes.io"].as_str()?;
    if annotation.starts_with("unapproved") {
        return Some((false, "UnapprovedAnnotation", format!("not approved: \"{annotation}\"")));
    }
    Some((true, "ApprovedAnnotation", format!("approved in {annotation}")))
}

fn is_protected(group: &str) -> bool {
    ["k8s.io", "kubernetes.io"].iter().any(|domain| group == *domain || group.ends_with(&format!(".{domain}")))
}

/// A definition that was accepted before keeps its conditions.
pub(super) fn is_established(definition: &Value) -> bool {
    definition["status"]["conditions"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|condition| condition["type"] == "Established" && condition["status"] == "True")
}

fn names_conflict(definition: &Value, registry: &Registry) -> Option<(&'static str, String)> {
    let spec = &definition["spec"];
    let others: Vec<_> = registry
        .kinds()
        .iter()
        .filter(|kind| spec["group"] == kind.group.as_str() && spec["names"]["plural"] != kind.plural.as_str())
        .collect();
    let used = |name: &str| {
        others.iter().any(|kind| {
            kind.plural == name || kind.singular == name || kind.short_names.iter().any(|short| short == name)
        })
    };
    let mut names = vec![("PluralConflict", text(&spec["names"]["plural"]))];
    names.push(("SingularConflict", text(&spec["names"]["singular"])));
    names.extend(texts(&spec["names"]["shortNames"]).into_iter().map(|name| ("ShortNamesConflict", name)));
    for (reason, name) in names {
        if used(&name) {
            return Some((reason, format!("\"{name}\" is already in use")));
        }
    }
    let kind = text(&spec["names"]["kind"]);
    let taken = others.iter().any(|other| other.kind == kind || other.list_kind == kind);
    taken.then(|| ("KindConflict", format!("\"{kind}\" is already in use")))
}
