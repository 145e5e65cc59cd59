//! The options of a generation.

use super::models::Model;
use super::refusal::Refusal;
use http::StatusCode;
use serde_json::Value;

const INTEGERS: [&str; 10] = [
    "num_keep",
    "seed",
    "num_predict",
    "top_k",
    "repeat_last_n",
    "num_ctx",
    "num_batch",
    "num_gpu",
    "main_gpu",
    "num_thread",
];
const DECIMALS: [&str; 7] =
    ["temperature", "top_p", "min_p", "typical_p", "repeat_penalty", "presence_penalty", "frequency_penalty"];

/// The options that the mock heeds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Options {
    pub(super) limit: Option<u64>,
    pub(super) stops: Vec<String>,
}

impl Options {
    /// Reads the options; those that are not known are left out.
    pub(super) fn read(options: &Value, model: &Model) -> Result<Self, Refusal> {
        for (name, value) in options.as_object().into_iter().flatten() {
            check(name, value)?;
        }
        let limit = match options["num_predict"].as_f64() {
            None => model.limit,
            Some(limit) if limit < 0.0 => None,
            Some(limit) => Some(limit as u64),
        };
        let stops = options["stop"].as_array().into_iter().flatten().filter_map(Value::as_str);
        Ok(Self { limit, stops: stops.filter(|stop| !stop.is_empty()).map(str::to_owned).collect() })
    }
}

fn check(name: &str, value: &Value) -> Result<(), Refusal> {
    let expected = match name {
        _ if value.is_null() => return Ok(()),
        _ if INTEGERS.contains(&name) && !value.is_number() => "integer",
        _ if DECIMALS.contains(&name) && !value.is_number() => "float32",
        "use_mmap" if !value.is_boolean() => "boolean",
        "stop" if !value.is_array() => "array",
        _ => return Ok(()),
    };
    let message = format!("option \"{name}\" must be of type {expected}");
    Err(Refusal::with(StatusCode::INTERNAL_SERVER_ERROR, message))
}
