//! Envoy's messages as JSON, in the names that protocol buffers have for it. Credentials in headers are masked.

use super::headers::value;
use super::structs::json_of;
use crate::exchange::{mask_header, mask_target};
use crate::mock::grpc::lines;
use crate::mock::recorder::Seen;
use envoy_types::pb::envoy::config::core::v3::address::Address as Kind;
use envoy_types::pb::envoy::config::core::v3::socket_address::PortSpecifier;
use envoy_types::pb::envoy::config::core::v3::{Address, HeaderMap, HeaderValue, HeaderValueOption, Metadata};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// The messages of a body, each as one line of JSON; `None` when a message is not of this kind.
pub(in crate::mock) fn said<M>(seen: Seen<'_>, show: impl Fn(&M) -> Value) -> Option<String>
where
    M: prost::Message + Default,
{
    lines(seen, |message| pruned(show(message)))
}

/// The JSON without what has its default, which protocol buffers leave out too.
pub(in crate::mock) fn pruned(value: Value) -> Value {
    let is_default = |value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        _ => false,
    };
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, pruned(value)))
            .filter(|(_, value)| !is_default(value))
            .collect(),
        Value::Array(values) => values.into_iter().map(pruned).collect(),
        other => other,
    }
}

/// Where a peer is.
pub(in crate::mock) fn address(address: &Address) -> Value {
    match &address.address {
        Some(Kind::SocketAddress(socket)) => {
            let port = match &socket.port_specifier {
                Some(PortSpecifier::PortValue(port)) => json!(port),
                Some(PortSpecifier::NamedPort(name)) => json!(name),
                None => Value::Null,
            };
            json!({ "socketAddress": { "address": socket.address, "portValue": port } })
        }
        Some(Kind::Pipe(pipe)) => json!({ "pipe": { "path": pipe.path } }),
        Some(Kind::EnvoyInternalAddress(_)) | None => Value::Null,
    }
}

/// Headers by their names, as a map has them.
pub(in crate::mock) fn by_name(headers: &HashMap<String, String>) -> Value {
    let mut names: Vec<&String> = headers.keys().collect();
    names.sort();
    names.into_iter().map(|name| (name.clone(), Value::from(masked(name, &headers[name])))).collect()
}

/// Headers in their order.
pub(in crate::mock) fn header_map(headers: &HeaderMap) -> Value {
    json!({ "headers": header_list(&headers.headers) })
}

/// The same as a list.
pub(in crate::mock) fn header_list(headers: &[HeaderValue]) -> Value {
    headers.iter().map(|header| json!({ "key": header.key, "value": masked(&header.key, &value(header)) })).collect()
}

/// Headers that are set.
pub(in crate::mock) fn mutated(options: &[HeaderValueOption]) -> Value {
    let shown = options.iter().filter_map(|option| {
        let header = option.header.as_ref()?;
        let header = json!({ "key": header.key, "value": masked(&header.key, &value(header)) });
        Some(json!({ "header": header, "appendAction": option.append_action().as_str_name() }))
    });
    shown.collect()
}

/// What the gateway knows of a request beside its text.
pub(in crate::mock) fn metadata(metadata: &Metadata) -> Value {
    let mut names: Vec<&String> = metadata.filter_metadata.keys().collect();
    names.sort();
    let known: Map<String, Value> =
        names.into_iter().map(|name| (name.clone(), json_of(&metadata.filter_metadata[name]))).collect();
    json!({ "filterMetadata": known })
}

/// A value as it may be shown. `:path` may have credentials in its query.
fn masked(name: &str, value: &str) -> String {
    if name == ":path" { mask_target(value) } else { mask_header(name, value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_left_out_and_empty_messages_stay() {
        let value = json!({ "a": 0, "b": "", "c": [], "d": {}, "e": { "f": false }, "g": [0, ""] });
        assert_eq!(pruned(value), json!({ "d": {}, "e": {}, "g": [0, ""] }));
    }
}
