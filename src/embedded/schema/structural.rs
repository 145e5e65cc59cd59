//! One structural schema, compiled.

use super::field_error::{FieldError, FieldErrorKind};
use super::node::Node;
use super::{defaults, list_keys, rules, unknown, values};
use serde_json::Value;

/// A field of an object that its schema does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownField {
    /// Where: `spec.rules[0].tmieout`.
    pub path: String,
    /// Set where the real definition has the field and this built-in subset lacks it: then the object is refused even when
    /// nobody asked for strict validation, with this reason.
    pub lacking: Option<String>,
}

/// A structural schema (`openAPIV3Schema` of a CustomResourceDefinition version), ready to judge objects.
///
/// Two extensions mark a built-in subset of a real definition: `x-agw-sandbox-subset-of` at the root (`{kind, release}`)
/// and `x-agw-sandbox-lacks` on each object of which the real definition has more fields.
#[derive(Debug)]
pub struct Schema {
    raw: Value,
    root: Node,
}

/// The schema itself is not usable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {why}")]
pub struct SchemaError {
    /// Where in the schema.
    pub field: String,
    /// What is wrong with it.
    pub why: String,
}

impl Schema {
    /// Compiles a schema. CEL rules and patterns are compiled when a value first meets them.
    ///
    /// # Errors
    /// A part of the schema has not the shape of a schema, or it is nested too deep.
    pub fn compile(raw: &Value) -> Result<Self, SchemaError> {
        let root = Node::read(raw, "openAPIV3Schema", 0)?;
        Ok(Self { raw: raw.clone(), root })
    }

    /// The schema as it was given.
    pub fn raw(&self) -> &Value {
        &self.raw
    }

    /// Fields that the schema does not have, as the API server lists them: those of `metadata` first, then by path.
    pub fn unknown_fields(&self, object: &Value) -> Vec<UnknownField> {
        let describe = |found: unknown::Found| UnknownField {
            lacking: found.lacking.then(|| self.why_lacking(&found.name)),
            path: found.path,
        };
        unknown::find(&self.root, object).into_iter().map(describe).collect()
    }

    /// Takes unknown fields away.
    pub fn prune(&self, object: &mut Value) {
        unknown::prune(&self.root, object);
    }

    /// Fills in defaults, and takes away nulls that the schema does not allow.
    pub fn apply_defaults(&self, object: &mut Value) {
        defaults::apply(&self.root, object);
    }

    /// All reasons why the object is invalid, in the API server's order; `old` is the stored object on an update.
    /// The object has its defaults already. Fields of one object are judged by name; the API server's order among them
    /// changes from call to call.
    pub fn validate(&self, object: &Value, old: Option<&Value>) -> Vec<FieldError> {
        let mut errors = values::check(&self.root, object, old);
        list_keys::check(&self.root, object, old, &mut errors);
        if !self.root.rules_within {
            return errors;
        }
        if errors.iter().any(|error| keeps_rules_from_running(error.kind)) {
            errors.push(rules_not_checked());
        } else {
            rules::check(&self.root, object, old, &mut errors);
        }
        errors
    }

    fn why_lacking(&self, name: &str) -> String {
        let origin = |key: &str| self.raw.get("x-agw-sandbox-subset-of")?.get(key)?.as_str();
        let kind = origin("kind").unwrap_or("this kind");
        let release = origin("release").unwrap_or("upstream");
        format!(
            "the built-in definition of {kind} has no `{name}`; the real one ({release}) has: name a folder with the real CRDs"
        )
    }
}

/// Source: apiextensions-apiserver `pkg/registry/customresource/strategy.go`, `hasBlockingErr`.
fn keeps_rules_from_running(kind: FieldErrorKind) -> bool {
    use FieldErrorKind::{NotSupported, Required, TooLong, TooMany, TypeInvalid};
    matches!(kind, NotSupported | Required | TooLong | TooMany | TypeInvalid)
}

fn rules_not_checked() -> FieldError {
    FieldError {
        kind: FieldErrorKind::Invalid,
        field: "<nil>".to_owned(),
        detail:
            "Invalid value: null: some validation rules were not checked because the object was invalid; correct the \
                 existing errors to complete validation"
                .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A schema whose rules and limits came after the stored object.
    fn schema() -> Schema {
        let short = json!({"type": "string", "maxLength": 3});
        let rule = |rule: &str, message: &str| json!({"rule": rule, "message": message});
        let first = json!({"rule": "oldSelf.hasValue() ? self == oldSelf.value() : self == 'first'",
            "optionalOldSelf": true, "messageExpression": "'not ' + self"});
        let element = json!({"type": "object", "properties": {"name": short, "v": {"type": "string"}},
            "x-kubernetes-validations": [rule("self.v == oldSelf.v", "v stays")]});
        let raw = json!({"type": "object", "properties": {
            "a": short,
            "b": {"type": "string", "x-kubernetes-validations": [rule("self != 'bad'", "b is bad")]},
            "c": {"type": "string", "x-kubernetes-validations": [first]},
            "list": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"], "items": element},
        }});
        Schema::compile(&raw).unwrap()
    }

    fn told(new: &Value, old: Option<&Value>) -> Vec<String> {
        schema().validate(new, old).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_as_it_was_is_not_held_against_an_update() {
        let old = json!({"a": "long ago", "b": "bad", "c": "x", "list": [{"name": "n", "v": "1"}]});
        assert!(told(&old, Some(&old)).is_empty());
        let mut new = old.clone();
        new["list"] = json!([{"name": "m", "v": "2"}, {"name": "n", "v": "1"}]);
        assert!(told(&new, Some(&old)).is_empty());
        new["a"] = json!("long now");
        assert_eq!(told(&new, Some(&old))[0], "a: Too long: may not be more than 3 bytes");
    }

    #[test]
    fn transition_rules_compare_with_the_stored_value() {
        let old = json!({"c": "x", "list": [{"name": "n", "v": "1"}]});
        let new = json!({"c": "y", "list": [{"name": "n", "v": "2"}]});
        let expected = ["c: Invalid value: \"string\": not y", "list[0]: Invalid value: \"object\": v stays"];
        assert_eq!(told(&new, Some(&old)), expected);
        assert_eq!(told(&new, None), expected[..1]);
        assert!(told(&json!({"c": "first"}), None).is_empty());
    }

    #[test]
    fn a_schema_without_sense_is_refused() {
        let error = Schema::compile(&json!({"properties": {"a": {"type": "text"}}})).unwrap_err();
        assert_eq!(error.to_string(), "openAPIV3Schema.properties[a].type: there is no type \"text\"");
    }

    #[test]
    fn a_schema_serves_many_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Schema>();
    }
}
