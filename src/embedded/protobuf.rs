//! Protobuf bodies: typed calls of client-go send them and take no other answer than success.
//!
//! Only what such calls send is decoded: the wire format into field numbers, and those by a table into JSON. Answers are
//! always JSON, which every client takes.
//! Source: kubernetes `runtime/generated.proto` (Unknown) and the `generated.proto` of each group.

use base64::Engine as _;
use serde_json::{Map, Value, json};

/// Every protobuf body of Kubernetes starts with this.
pub(super) const MAGIC: &[u8] = b"k8s\0";

/// How a field is read.
#[derive(Clone, Copy)]
enum Read {
    Text,
    Bytes,
    Number,
    Flag,
    TextMap,
    BytesMap,
    Message(&'static Message),
}

/// `(number, name, how it is read, whether it repeats)`.
type Message = [(u64, &'static str, Read, bool)];

const OWNER: &Message = &[
    (5, "apiVersion", Read::Text, false),
    (1, "kind", Read::Text, false),
    (3, "name", Read::Text, false),
    (4, "uid", Read::Text, false),
    (6, "controller", Read::Flag, false),
    (7, "blockOwnerDeletion", Read::Flag, false),
];
const METADATA: &Message = &[
    (1, "name", Read::Text, false),
    (2, "generateName", Read::Text, false),
    (3, "namespace", Read::Text, false),
    (5, "uid", Read::Text, false),
    (6, "resourceVersion", Read::Text, false),
    (11, "labels", Read::TextMap, false),
    (12, "annotations", Read::TextMap, false),
    (13, "ownerReferences", Read::Message(OWNER), true),
    (14, "finalizers", Read::Text, true),
];
const CONFIG_MAP: &Message = &[
    (1, "metadata", Read::Message(METADATA), false),
    (2, "data", Read::TextMap, false),
    (3, "binaryData", Read::BytesMap, false),
    (4, "immutable", Read::Flag, false),
];
const SECRET: &Message = &[
    (1, "metadata", Read::Message(METADATA), false),
    (2, "data", Read::BytesMap, false),
    (3, "type", Read::Text, false),
    (4, "stringData", Read::TextMap, false),
    (5, "immutable", Read::Flag, false),
];
const BARE: &Message = &[(1, "metadata", Read::Message(METADATA), false)];
const PRECONDITIONS: &Message = &[(1, "uid", Read::Text, false), (2, "resourceVersion", Read::Text, false)];
const DELETE_OPTIONS: &Message = &[
    (1, "gracePeriodSeconds", Read::Number, false),
    (2, "preconditions", Read::Message(PRECONDITIONS), false),
    (4, "propagationPolicy", Read::Text, false),
    (5, "dryRun", Read::Text, true),
];
const RESOURCE_ATTRIBUTES: &Message = &[
    (1, "namespace", Read::Text, false),
    (2, "verb", Read::Text, false),
    (3, "group", Read::Text, false),
    (4, "version", Read::Text, false),
    (5, "resource", Read::Text, false),
    (6, "subresource", Read::Text, false),
    (7, "name", Read::Text, false),
];
const NON_RESOURCE: &Message = &[(1, "path", Read::Text, false), (2, "verb", Read::Text, false)];
const ACCESS_SPEC: &Message = &[
    (1, "resourceAttributes", Read::Message(RESOURCE_ATTRIBUTES), false),
    (2, "nonResourceAttributes", Read::Message(NON_RESOURCE), false),
];
const ACCESS_REVIEW: &Message =
    &[(1, "metadata", Read::Message(METADATA), false), (2, "spec", Read::Message(ACCESS_SPEC), false)];
const RULES_SPEC: &Message = &[(1, "namespace", Read::Text, false)];
const RULES_REVIEW: &Message =
    &[(1, "metadata", Read::Message(METADATA), false), (2, "spec", Read::Message(RULES_SPEC), false)];

/// Decodes a body to the JSON that it stands for.
pub(super) fn decode(body: &[u8]) -> Result<Value, String> {
    let unknown = body.strip_prefix(MAGIC).ok_or("the protobuf body does not start with k8s")?;
    let (mut api_version, mut kind, mut raw) = (String::new(), String::new(), &[][..]);
    for field in fields(unknown)? {
        match field {
            (1, Field::Bytes(meta)) => {
                for field in fields(meta)? {
                    match field {
                        (1, Field::Bytes(bytes)) => api_version = text(bytes),
                        (2, Field::Bytes(bytes)) => kind = text(bytes),
                        _ => {}
                    }
                }
            }
            (2, Field::Bytes(bytes)) => raw = bytes,
            _ => {}
        }
    }
    let message = match kind.as_str() {
        "ConfigMap" => CONFIG_MAP,
        "Secret" => SECRET,
        "Namespace" | "ServiceAccount" => BARE,
        "DeleteOptions" => DELETE_OPTIONS,
        "SelfSubjectAccessReview" => ACCESS_REVIEW,
        "SelfSubjectRulesReview" => RULES_REVIEW,
        "SelfSubjectReview" => BARE,
        other => return Err(format!("the embedded API does not read {other} as protobuf; send it as JSON")),
    };
    let mut object = json!({"apiVersion": api_version, "kind": kind});
    if let (Value::Object(object), Value::Object(fields)) = (&mut object, read(message, raw)?) {
        object.extend(fields);
    }
    Ok(object)
}

fn read(message: &Message, bytes: &[u8]) -> Result<Value, String> {
    let mut object = Map::new();
    for (number, field) in fields(bytes)? {
        let Some((_, name, how, repeated)) = message.iter().find(|(known, ..)| *known == number) else { continue };
        match (how, field) {
            (Read::TextMap | Read::BytesMap, Field::Bytes(entry)) => {
                let (key, value) = map_entry(*how, entry)?;
                let map = object.entry((*name).to_owned()).or_insert_with(|| json!({}));
                map[key] = value;
            }
            (how, field) => {
                let Some(value) = read_value(*how, field)? else { continue };
                if *repeated {
                    let list = object.entry((*name).to_owned()).or_insert_with(|| json!([]));
                    list.as_array_mut().into_iter().for_each(|list| list.push(value.clone()));
                } else if value != "" {
                    object.insert((*name).to_owned(), value);
                }
            }
        }
    }
    Ok(Value::Object(object))
}

fn read_value(how: Read, field: Field<'_>) -> Result<Option<Value>, String> {
    Ok(match (how, field) {
        (Read::Text, Field::Bytes(bytes)) => Some(text(bytes).into()),
        (Read::Bytes, Field::Bytes(bytes)) => Some(base64::engine::general_purpose::STANDARD.encode(bytes).into()),
        (Read::Number, Field::Number(number)) => Some(number.into()),
        (Read::Flag, Field::Number(number)) => Some((number != 0).into()),
        (Read::Message(message), Field::Bytes(bytes)) => Some(read(message, bytes)?),
        _ => None,
    })
}

fn map_entry(how: Read, entry: &[u8]) -> Result<(String, Value), String> {
    let inner = if matches!(how, Read::BytesMap) { Read::Bytes } else { Read::Text };
    let (mut key, mut value) = (String::new(), Value::from(""));
    for field in fields(entry)? {
        match field {
            (1, Field::Bytes(bytes)) => key = text(bytes),
            (2, field) => value = read_value(inner, field)?.unwrap_or_default(),
            _ => {}
        }
    }
    Ok((key, value))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// Splits a message into its fields.
fn fields(mut bytes: &[u8]) -> Result<Vec<(u64, Field<'_>)>, String> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let tag = varint(&mut bytes)?;
        let field = match tag & 7 {
            0 => Field::Number(varint(&mut bytes)?),
            1 => Field::Bytes(take(&mut bytes, 8)?),
            2 => {
                let length = varint(&mut bytes)?;
                Field::Bytes(take(&mut bytes, usize::try_from(length).unwrap_or(usize::MAX))?)
            }
            5 => Field::Bytes(take(&mut bytes, 4)?),
            other => return Err(format!("the protobuf body has a field of unknown wire type {other}")),
        };
        fields.push((tag >> 3, field));
    }
    Ok(fields)
}

fn varint(bytes: &mut &[u8]) -> Result<u64, String> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let byte = take(bytes, 1)?[0];
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err("the protobuf body has a number that is too long".to_owned())
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Result<&'a [u8], String> {
    let (taken, rest) = bytes.split_at_checked(length).ok_or("the protobuf body ends too early")?;
    *bytes = rest;
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_config_map_is_read() {
        let metadata = [&[10, 1][..], b"a"].concat();
        let entry = [&[10, 1][..], b"k", &[18, 1], b"v"].concat();
        let raw = [&[10, 3][..], &metadata, &[18, 6], &entry].concat();
        let meta = [&[10, 2][..], b"v1", &[18, 9], b"ConfigMap"].concat();
        let body = [MAGIC, &[10, 15], &meta, &[18, 13], &raw].concat();
        let expected = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"k": "v"}});
        assert_eq!(decode(&body).expect("a body"), expected);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&[MAGIC, &bytes].concat());
        }
    }
}
