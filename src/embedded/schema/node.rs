//! One node of a structural schema, in the form that the walkers need.

use super::format::Format;
use super::limits::Limits;
use super::rule::Rule;
use super::structural::SchemaError;
use serde_json::Value;
use std::collections::BTreeMap;

/// Deepest nesting of a schema; upstream's deepest has 20 levels.
const MAX_DEPTH: usize = 64;

/// The type of a node, as OpenAPI names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
    /// `x-kubernetes-int-or-string`.
    IntOrString,
    /// No type: any value, or a value validation inside `anyOf` and its like.
    Any,
}

/// What the elements of a list are to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ListType {
    Atomic,
    Set,
    /// Elements are known by these keys.
    Map(Vec<String>),
}

/// One node of a structural schema.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) nullable: bool,
    pub(super) preserve_unknown: bool,
    pub(super) embedded: bool,
    pub(super) default: Option<Value>,
    pub(super) properties: BTreeMap<String, Node>,
    pub(super) additional: Option<Box<Node>>,
    pub(super) items: Option<Box<Node>>,
    pub(super) list_type: ListType,
    pub(super) required: Vec<String>,
    pub(super) allowed: Vec<Value>,
    pub(super) format: Option<Format>,
    pub(super) limits: Limits,
    pub(super) all_of: Vec<Node>,
    pub(super) any_of: Vec<Node>,
    pub(super) one_of: Vec<Node>,
    pub(super) not: Option<Box<Node>>,
    pub(super) rules: Vec<Rule>,
    /// Whether this node or one below it has CEL rules.
    pub(super) rules_within: bool,
    /// Names that the real definition has here and this built-in subset lacks.
    pub(super) lacks: Vec<String>,
}

impl Kind {
    /// The name in messages; CEL rules on int-or-string values report an empty one.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Array => "array",
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::IntOrString => "integer,string",
            Self::Any => "",
        }
    }
}

impl Node {
    /// Reads a node and everything below it; `field` says where it is in the definition.
    pub(super) fn read(raw: &Value, field: &str, depth: usize) -> Result<Self, SchemaError> {
        if depth > MAX_DEPTH {
            return Err(SchemaError { field: field.to_owned(), why: format!("nested deeper than {MAX_DEPTH} levels") });
        }
        if !raw.is_object() {
            return Err(SchemaError { field: field.to_owned(), why: "a schema is an object".to_owned() });
        }
        let below = |key: &str| read_child(raw, field, key, depth);
        let several = |key: &str| read_list(raw, field, key, depth);
        let mut node = Self {
            kind: kind(raw, field)?,
            nullable: flag(raw, "nullable"),
            preserve_unknown: flag(raw, "x-kubernetes-preserve-unknown-fields"),
            embedded: flag(raw, "x-kubernetes-embedded-resource"),
            default: raw.get("default").cloned(),
            properties: properties(raw, field, depth)?,
            additional: additional(raw, field, depth)?,
            items: below("items")?,
            list_type: list_type(raw),
            required: strings(raw, "required"),
            allowed: raw.get("enum").and_then(Value::as_array).cloned().unwrap_or_default(),
            format: raw.get("format").and_then(Value::as_str).and_then(Format::named),
            limits: Limits::read(raw),
            all_of: several("allOf")?,
            any_of: several("anyOf")?,
            one_of: several("oneOf")?,
            not: below("not")?,
            rules: Rule::read_all(raw, field)?,
            rules_within: false,
            lacks: strings(raw, "x-agw-sandbox-lacks"),
        };
        node.rules_within = !node.rules.is_empty() || node.children().any(|child| child.rules_within);
        Ok(node)
    }

    fn children(&self) -> impl Iterator<Item = &Self> {
        self.properties.values().chain(self.additional.as_deref()).chain(self.items.as_deref())
    }
}

fn flag(raw: &Value, key: &str) -> bool {
    raw.get(key).and_then(Value::as_bool).unwrap_or(false)
}

fn strings(raw: &Value, key: &str) -> Vec<String> {
    let list = raw.get(key).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn kind(raw: &Value, field: &str) -> Result<Kind, SchemaError> {
    if flag(raw, "x-kubernetes-int-or-string") {
        return Ok(Kind::IntOrString);
    }
    match raw.get("type").and_then(Value::as_str) {
        None | Some("") => Ok(Kind::Any),
        Some("object") => Ok(Kind::Object),
        Some("array") => Ok(Kind::Array),
        Some("string") => Ok(Kind::String),
        Some("integer") => Ok(Kind::Integer),
        Some("number") => Ok(Kind::Number),
        Some("boolean") => Ok(Kind::Boolean),
        Some(other) => Err(SchemaError { field: format!("{field}.type"), why: format!("there is no type {other:?}") }),
    }
}

fn list_type(raw: &Value) -> ListType {
    match raw.get("x-kubernetes-list-type").and_then(Value::as_str) {
        Some("set") => ListType::Set,
        Some("map") => ListType::Map(strings(raw, "x-kubernetes-list-map-keys")),
        _ => ListType::Atomic,
    }
}

fn properties(raw: &Value, field: &str, depth: usize) -> Result<BTreeMap<String, Node>, SchemaError> {
    let Some(properties) = raw.get("properties").and_then(Value::as_object) else {
        return Ok(BTreeMap::new());
    };
    let read = |(name, child): (&String, &Value)| {
        Ok((name.clone(), Node::read(child, &format!("{field}.properties[{name}]"), depth + 1)?))
    };
    properties.iter().map(read).collect()
}

/// `additionalProperties: true` lets every key in and knows nothing of the values.
fn additional(raw: &Value, field: &str, depth: usize) -> Result<Option<Box<Node>>, SchemaError> {
    match raw.get("additionalProperties") {
        Some(Value::Bool(true)) => {
            Ok(Some(Box::new(Node::read(&Value::Object(serde_json::Map::new()), field, depth)?)))
        }
        Some(Value::Object(_)) => read_child(raw, field, "additionalProperties", depth),
        _ => Ok(None),
    }
}

fn read_child(raw: &Value, field: &str, key: &str, depth: usize) -> Result<Option<Box<Node>>, SchemaError> {
    let Some(child) = raw.get(key) else {
        return Ok(None);
    };
    Ok(Some(Box::new(Node::read(child, &format!("{field}.{key}"), depth + 1)?)))
}

fn read_list(raw: &Value, field: &str, key: &str, depth: usize) -> Result<Vec<Node>, SchemaError> {
    let children = raw.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let read = |(index, child)| Node::read(child, &format!("{field}.{key}[{index}]"), depth + 1);
    children.iter().enumerate().map(read).collect()
}
