//! Field selectors: `metadata.name=a,status.phase!=Failed`.

use serde_json::Value;

/// Which objects are wanted, by field. An empty selector wants all.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::embedded) struct FieldSelector {
    terms: Vec<Term>,
}

#[derive(Debug, Clone, PartialEq)]
struct Term {
    path: String,
    value: String,
    equal: bool,
}

/// Fields that built-in kinds can be selected by, beside name and namespace.
/// Source: `AddFieldLabelConversionFunc` of kubernetes `pkg/apis`.
const SELECTABLE: [(&str, &[&str]); 5] = [
    ("Pod", &["spec.nodeName", "spec.restartPolicy", "spec.serviceAccountName", "status.phase", "status.podIP"]),
    ("Namespace", &["status.phase"]),
    ("Secret", &["type"]),
    ("Service", &["spec.clusterIP", "spec.type"]),
    (
        "Event",
        &[
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "reason",
            "reportingComponent",
            "source",
            "type",
            "regarding.kind",
            "regarding.namespace",
            "regarding.name",
            "regarding.uid",
        ],
    ),
];

impl FieldSelector {
    /// Reads a selector for objects of `kind`; the error is in the API server's words.
    pub fn parse(text: &str, kind: &str) -> Result<Self, String> {
        let mut terms = Vec::new();
        for part in text.split(',').filter(|part| !part.is_empty()) {
            let (path, value, equal) = if let Some((path, value)) = part.split_once("!=") {
                (path, value, false)
            } else if let Some((path, value)) = part.split_once("==").or_else(|| part.split_once('=')) {
                (path, value, true)
            } else {
                return Err(format!("invalid field selector: \"{text}\"; can't understand '{part}'"));
            };
            if !known(kind, path) {
                return Err(unknown(kind, path));
            }
            terms.push(Term { path: path.to_owned(), value: value.to_owned(), equal });
        }
        Ok(Self { terms })
    }

    /// Whether the fields of the object are as wanted; a missing field is an empty one.
    pub fn matches(&self, object: &Value) -> bool {
        self.terms.iter().all(|term| (value_at(object, &term.path) == term.value) == term.equal)
    }
}

fn known(kind: &str, path: &str) -> bool {
    matches!(path, "metadata.name" | "metadata.namespace")
        || SELECTABLE.iter().any(|(selectable, paths)| *selectable == kind && paths.contains(&path))
}

fn unknown(kind: &str, path: &str) -> String {
    if SELECTABLE.iter().any(|(selectable, _)| *selectable == kind) {
        return format!("field label not supported: {path}");
    }
    format!("\"{path}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")
}

fn value_at(object: &Value, path: &str) -> String {
    let mut value = object;
    for part in path.split('.') {
        value = &value[part];
    }
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_select_objects() {
        let object = json!({"metadata": {"name": "a"}, "status": {"phase": "Running"}});
        let matches = |text, kind| FieldSelector::parse(text, kind).expect("a selector").matches(&object);
        assert!(matches("metadata.name=a", "ConfigMap"));
        assert!(!matches("metadata.name!=a", "ConfigMap"));
        assert!(matches("status.phase==Running,spec.nodeName=", "Pod"));
        assert_eq!(
            FieldSelector::parse("foo=bar", "ConfigMap").expect_err("unknown"),
            "\"foo\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
        );
    }
}
