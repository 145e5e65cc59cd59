//! One side of an exchange, the request or the answer, while its parts pass.

use super::common::{cleared, headers, piece, replaced};
use super::modes::Mode;
use crate::exchange::Mutation;
use crate::mock::envoy::pairs;
use envoy_types::pb::envoy::service::ext_proc::v3::common_response::ResponseStatus;
use envoy_types::pb::envoy::service::ext_proc::v3::{CommonResponse, HttpBody, HttpHeaders};
use tonic::Status;

/// The header that says what becomes of its message.
const INSTRUCTIONS: &str = "instructions";

/// One side of an exchange.
#[derive(Debug, Default)]
pub(super) struct Side {
    /// What becomes of it.
    pub(super) mutation: Mutation,
    /// How its body comes.
    pub(super) mode: Mode,
    /// What the lane wants; otherwise the header decides.
    is_ordered: bool,
    /// Whether its new body has gone out.
    is_replaced: bool,
}

impl Side {
    /// A side of which the lane wants this.
    pub(super) fn of(ordered: Option<&Mutation>) -> Self {
        Self { mutation: ordered.cloned().unwrap_or_default(), is_ordered: ordered.is_some(), ..Self::default() }
    }

    /// Its head has come; from now on it is known what becomes of it.
    pub(super) fn head(&mut self, head: &HttpHeaders) -> Result<CommonResponse, Status> {
        if !self.is_ordered
            && let Some(text) = instructions(head)
        {
            self.mutation = serde_json::from_str(&text)
                .map_err(|error| Status::invalid_argument(format!("the header `{INSTRUCTIONS}` is wrong: {error}")))?;
        }
        let mut response = CommonResponse::default();
        let mut headers = headers(&self.mutation);
        if let Some(body) = &self.mutation.set_body {
            let comes_no_body = head.end_of_stream || self.mode == Mode::Never;
            if comes_no_body {
                response = replaced(body.clone());
                response.status = ResponseStatus::ContinueAndReplace.into();
                self.is_replaced = true;
            }
            // The length of the old body is wrong for the new one.
            headers.remove_headers.push("content-length".to_owned());
        }
        response.header_mutation = Some(headers);
        Ok(response)
    }

    /// A piece of its body has come; `None` when nothing is to be said yet.
    pub(super) fn body(&mut self, body: HttpBody) -> Option<CommonResponse> {
        let Some(wanted) = self.mutation.set_body.clone().filter(|_| !self.is_replaced) else {
            return Some(match self.mode {
                Mode::Duplex => piece(body.body, body.end_of_stream),
                Mode::Unknown => replaced(body.body),
                Mode::Never | Mode::Streamed | Mode::Buffered => CommonResponse::default(),
            });
        };
        let is_whole = body.end_of_stream || self.mode == Mode::Buffered;
        self.is_replaced = is_whole;
        match (self.mode, is_whole) {
            (Mode::Duplex, true) => Some(piece(wanted.into_bytes(), true)),
            (Mode::Duplex, false) => None,
            (_, true) => Some(replaced(wanted)),
            (_, false) => Some(cleared()),
        }
    }

    /// The new body of a duplex stream that ends with trailers, unless it has gone out.
    pub(super) fn overdue(&mut self) -> Option<CommonResponse> {
        let wanted = self.mutation.set_body.clone().filter(|_| self.mode == Mode::Duplex && !self.is_replaced)?;
        self.is_replaced = true;
        Some(piece(wanted.into_bytes(), false))
    }
}

fn instructions(head: &HttpHeaders) -> Option<String> {
    let mut headers = pairs(head.headers.as_ref()?);
    headers.find(|(name, _)| name.eq_ignore_ascii_case(INSTRUCTIONS)).map(|(_, value)| value)
}
