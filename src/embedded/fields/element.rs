//! One step of a field path.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// One step of a field path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Element {
    /// A field of an object or a key of a map.
    Field(String),
    /// An item of a list that is a map, by its keys; each value as JSON text.
    Key(BTreeMap<String, String>),
    /// A member of a set, as JSON text.
    Member(String),
    /// An item by position; only read, never made here.
    Index(u64),
}

impl Element {
    pub fn field(name: &str) -> Self {
        Self::Field(name.to_owned())
    }

    pub fn member(value: &Value) -> Self {
        Self::Member(value.to_string())
    }

    /// The notation of FieldsV1: `f:name`, `k:{"name":"a"}`, `v:"a"`, `i:0`.
    pub fn to_text(&self) -> String {
        match self {
            Self::Field(name) => format!("f:{name}"),
            Self::Key(keys) => {
                let pairs: Vec<String> =
                    keys.iter().map(|(key, value)| format!("{}:{value}", Value::from(key.as_str()))).collect();
                format!("k:{{{}}}", pairs.join(","))
            }
            Self::Member(value) => format!("v:{value}"),
            Self::Index(index) => format!("i:{index}"),
        }
    }

    /// Reads the notation of FieldsV1.
    pub fn from_text(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once(':')?;
        match kind {
            "f" => Some(Self::field(rest)),
            "v" => serde_json::from_str::<Value>(rest).ok().map(|value| Self::member(&value)),
            "i" => rest.parse().ok().map(Self::Index),
            "k" => {
                let keys: BTreeMap<String, Value> = serde_json::from_str(rest).ok()?;
                Some(Self::Key(keys.into_iter().map(|(key, value)| (key, value.to_string())).collect()))
            }
            _ => None,
        }
    }
}

/// The notation of conflicts: `.spec`, `[name="a"]`, `[="a"]`.
impl fmt::Display for Element {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => write!(formatter, ".{name}"),
            Self::Key(keys) => {
                let pairs: Vec<String> = keys.iter().map(|(key, value)| format!("{key}={value}")).collect();
                write!(formatter, "[{}]", pairs.join(","))
            }
            Self::Member(value) => write!(formatter, "[={value}]"),
            Self::Index(index) => write!(formatter, "[{index}]"),
        }
    }
}
