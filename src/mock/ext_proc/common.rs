//! The parts of an answer.

use crate::exchange::{Immediate, Mutation};
use crate::mock::envoy::{Append, option};
use envoy_types::pb::envoy::config::core::v3::HeaderValueOption;
use envoy_types::pb::envoy::service::ext_proc::v3::body_mutation::Mutation as Body;
use envoy_types::pb::envoy::service::ext_proc::v3::processing_response::Response;
use envoy_types::pb::envoy::service::ext_proc::v3::{
    BodyMutation, CommonResponse, HeaderMutation, ImmediateResponse, StreamedBodyResponse,
};
use envoy_types::pb::envoy::r#type::v3::HttpStatus;
use indexmap::IndexMap;

/// The headers that a mutation changes.
pub(super) fn headers(mutation: &Mutation) -> HeaderMutation {
    let added = set(&mutation.add_headers, Append::Beside);
    let replaced = set(&mutation.set_headers, Append::InPlace);
    HeaderMutation { set_headers: added.chain(replaced).collect(), remove_headers: mutation.remove_headers.clone() }
}

/// The trailers that it changes.
pub(super) fn trailers(mutation: &Mutation) -> HeaderMutation {
    HeaderMutation { set_headers: set(&mutation.set_trailers, Append::InPlace).collect(), ..HeaderMutation::default() }
}

/// The answer to the client in place of the upstream's.
pub(super) fn immediate(immediate: &Immediate) -> Response {
    let headers = set(&immediate.headers, Append::InPlace).collect();
    Response::ImmediateResponse(ImmediateResponse {
        status: Some(HttpStatus { code: immediate.status.into() }),
        headers: Some(HeaderMutation { set_headers: headers, ..HeaderMutation::default() }),
        body: immediate.body.clone().into_bytes(),
        grpc_status: None,
        details: immediate.details.clone(),
    })
}

/// A body in place of the one that came.
pub(super) fn replaced(body: impl Into<Vec<u8>>) -> CommonResponse {
    with_body(Body::Body(body.into()))
}

/// A piece that goes on in a duplex stream.
pub(super) fn piece(body: Vec<u8>, end_of_stream: bool) -> CommonResponse {
    with_body(Body::StreamedResponse(StreamedBodyResponse { body, end_of_stream, ..StreamedBodyResponse::default() }))
}

/// Nothing in place of the piece that came.
pub(super) fn cleared() -> CommonResponse {
    with_body(Body::ClearBody(true))
}

/// This in place of the body that came.
pub(super) fn with_body(body: Body) -> CommonResponse {
    CommonResponse { body_mutation: Some(BodyMutation { mutation: Some(body) }), ..CommonResponse::default() }
}

fn set(headers: &IndexMap<String, String>, append: Append) -> impl Iterator<Item = HeaderValueOption> {
    headers.iter().map(move |(name, value)| raw(option(name, value, append)))
}

/// Processors write values as bytes. Source: envoy/service/ext_proc/v3/external_processor.proto, "raw_value".
fn raw(mut option: HeaderValueOption) -> HeaderValueOption {
    if let Some(header) = &mut option.header {
        header.raw_value = std::mem::take(&mut header.value).into_bytes();
    }
    option
}
