//! Plain HTTP requests.

use crate::exchange::TokenWish;
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

/// A plain HTTP request.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct HttpCall {
    /// Method; left out: `GET`, or `POST` with a body.
    pub method: Option<String>,
    /// Path with query.
    pub path: String,
    /// Host; left out: the scenario's own.
    pub host: Option<String>,
    /// Headers.
    pub headers: IndexMap<String, String>,
    /// Body as text.
    pub body: Option<String>,
    /// Body as JSON.
    pub json: Option<Value>,
    /// A body of so many bytes, all of them `x`.
    pub bytes: Option<usize>,
    /// A token of the mocks' identity provider, sent as `Authorization: Bearer`.
    pub token: Option<TokenWish>,
    /// A Gateway of the scenario's own; left out: the one that its routes attach to.
    pub gateway: Option<String>,
}
