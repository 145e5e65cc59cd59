//! OTLP's values as plain JSON.

use crate::exchange::{Lane, Origin};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Kind;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use serde_json::{Map, Value};

/// Attributes as an object; of those that have the same key the last one stays.
pub(super) fn object(attributes: &[KeyValue]) -> Map<String, Value> {
    attributes.iter().map(|pair| (pair.key.clone(), pair.value.as_ref().map_or(Value::Null, plain))).collect()
}

/// A value; bytes become Base64.
pub(super) fn plain(value: &AnyValue) -> Value {
    match &value.value {
        None => Value::Null,
        Some(Kind::StringValue(text)) => text.clone().into(),
        Some(Kind::BoolValue(value)) => (*value).into(),
        Some(Kind::IntValue(number)) => (*number).into(),
        Some(Kind::DoubleValue(number)) => (*number).into(),
        Some(Kind::ArrayValue(array)) => array.values.iter().map(plain).collect(),
        Some(Kind::KvlistValue(list)) => object(&list.values).into(),
        Some(Kind::BytesValue(bytes)) => STANDARD.encode(bytes).into(),
        // A place in a table of texts that only profiles have.
        Some(Kind::StringValueStrindex(place)) => (*place).into(),
    }
}

/// Nanoseconds since 1970; what lies beyond the year 9999 is cut to it.
pub(super) fn time(nanoseconds: u64) -> Timestamp {
    Timestamp::from_nanosecond(nanoseconds.into()).unwrap_or(Timestamp::MAX)
}

/// Where the things of a scope come from; their numbers are not known yet.
pub(super) fn origin(lane: &Lane, resource: Option<&Resource>, scope: Option<&InstrumentationScope>) -> Origin {
    Origin {
        sequence: 0,
        lane: lane.clone(),
        resource: resource.map(|resource| object(&resource.attributes)).unwrap_or_default(),
        scope: scope.map(|scope| scope.name.clone()).unwrap_or_default(),
    }
}
