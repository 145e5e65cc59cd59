//! An export over HTTP as it arrives.

use super::json::normal;
use crate::mock::LONGEST_BODY;
use crate::mock::grpc::{Unpack, gunzip};
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// How an export is written, and its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Protocol buffers.
    Binary,
    /// JSON.
    Json,
}

impl Form {
    /// The form that the content type names.
    pub(super) fn of(content_type: &str) -> Option<Self> {
        match content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "application/x-protobuf" => Some(Self::Binary),
            "application/json" => Some(Self::Json),
            _ => None,
        }
    }

    /// Its content type.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Binary => "application/x-protobuf",
            Self::Json => "application/json",
        }
    }

    /// The message in a body that is not compressed.
    pub(super) fn read<M: prost::Message + Default + DeserializeOwned>(self, body: &[u8]) -> Result<M, String> {
        match self {
            Self::Binary => M::decode(body).map_err(|error| error.to_string()),
            Self::Json => {
                let fields: Map<String, Value> = serde_json::from_slice(body).map_err(|error| error.to_string())?;
                serde_json::from_value(normal(fields.into())).map_err(|error| error.to_string())
            }
        }
    }
}

/// The body without its compression; the error is a status and its words.
pub(super) fn unpacked<'a>(headers: &HeaderMap, body: &'a [u8]) -> Result<Cow<'a, [u8]>, (StatusCode, String)> {
    let encoding = headers.get(header::CONTENT_ENCODING).map(|value| value.as_bytes()).unwrap_or_default();
    match encoding {
        b"" | b"identity" => Ok(Cow::Borrowed(body)),
        b"gzip" => gunzip(body, LONGEST_BODY).map(Cow::Owned).map_err(|unpack| match unpack {
            Unpack::Broken => (StatusCode::BAD_REQUEST, "the body is not the gzip that it says it is".to_owned()),
            Unpack::TooLong => {
                (StatusCode::PAYLOAD_TOO_LARGE, format!("the body unpacks to more than {LONGEST_BODY} bytes"))
            }
        }),
        other => {
            let other = String::from_utf8_lossy(other);
            Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, format!("the encoding {other} is not supported; gzip is")))
        }
    }
}
