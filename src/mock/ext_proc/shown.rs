//! What was asked and said, as JSON.

use crate::mock::envoy::{header_map, json_of, metadata, mutated, pruned, said};
use crate::mock::recorder::Seen;
use envoy_types::pb::envoy::extensions::filters::http::ext_proc::v3::processing_mode::BodySendMode;
use envoy_types::pb::envoy::service::ext_proc::v3::body_mutation::Mutation;
use envoy_types::pb::envoy::service::ext_proc::v3::common_response::ResponseStatus;
use envoy_types::pb::envoy::service::ext_proc::v3::processing_request::Request;
use envoy_types::pb::envoy::service::ext_proc::v3::processing_response::Response;
use envoy_types::pb::envoy::service::ext_proc::v3::{
    BodyMutation, CommonResponse, HeaderMutation, HttpBody, HttpHeaders, HttpTrailers, ImmediateResponse,
    ProcessingRequest, ProcessingResponse, ProtocolConfiguration,
};
use serde_json::{Value, json};

/// What the external processor says, as JSON.
pub fn shown_processing(answer: &ProcessingResponse) -> Value {
    pruned(response(answer))
}

/// The messages of a call.
pub(in crate::mock) fn shown(seen: Seen<'_>) -> Option<String> {
    if seen.is_answer { said(seen, response) } else { said(seen, request) }
}

fn request(request: &ProcessingRequest) -> Value {
    let mut shown = json!({
        "metadataContext": request.metadata_context.as_ref().map(metadata),
        "observabilityMode": request.observability_mode,
        "protocolConfig": request.protocol_config.as_ref().map(config),
    });
    let (name, part) = match &request.request {
        Some(Request::RequestHeaders(head)) => ("requestHeaders", headers(head)),
        Some(Request::ResponseHeaders(head)) => ("responseHeaders", headers(head)),
        Some(Request::RequestBody(piece)) => ("requestBody", body(piece)),
        Some(Request::ResponseBody(piece)) => ("responseBody", body(piece)),
        Some(Request::RequestTrailers(behind)) => ("requestTrailers", trailers(behind)),
        Some(Request::ResponseTrailers(behind)) => ("responseTrailers", trailers(behind)),
        None => return shown,
    };
    shown[name] = part;
    shown
}

fn config(config: &ProtocolConfiguration) -> Value {
    let mode = |mode: i32| BodySendMode::try_from(mode).map_or("UNKNOWN", |mode| mode.as_str_name());
    json!({ "requestBodyMode": mode(config.request_body_mode), "responseBodyMode": mode(config.response_body_mode) })
}

fn headers(head: &HttpHeaders) -> Value {
    json!({ "headers": head.headers.as_ref().map(header_map), "endOfStream": head.end_of_stream })
}

fn body(body: &HttpBody) -> Value {
    json!({ "body": String::from_utf8_lossy(&body.body), "endOfStream": body.end_of_stream })
}

fn trailers(trailers: &HttpTrailers) -> Value {
    json!({ "trailers": trailers.trailers.as_ref().map(header_map) })
}

fn response(response: &ProcessingResponse) -> Value {
    let mut shown = json!({ "dynamicMetadata": response.dynamic_metadata.as_ref().map(json_of) });
    let changed = |response: Option<&CommonResponse>| json!({ "response": response.map(common) });
    let behind = |mutation: Option<&HeaderMutation>| json!({ "headerMutation": mutation.map(header_mutation) });
    let (name, part) = match &response.response {
        Some(Response::RequestHeaders(head)) => ("requestHeaders", changed(head.response.as_ref())),
        Some(Response::ResponseHeaders(head)) => ("responseHeaders", changed(head.response.as_ref())),
        Some(Response::RequestBody(piece)) => ("requestBody", changed(piece.response.as_ref())),
        Some(Response::ResponseBody(piece)) => ("responseBody", changed(piece.response.as_ref())),
        Some(Response::RequestTrailers(trailers)) => ("requestTrailers", behind(trailers.header_mutation.as_ref())),
        Some(Response::ResponseTrailers(trailers)) => ("responseTrailers", behind(trailers.header_mutation.as_ref())),
        Some(Response::ImmediateResponse(said)) => ("immediateResponse", immediate(said)),
        Some(Response::StreamedImmediateResponse(_)) | None => return shown,
    };
    shown[name] = part;
    shown
}

fn common(response: &CommonResponse) -> Value {
    json!({
        "status": (response.status() != ResponseStatus::Continue).then(|| response.status().as_str_name()),
        "headerMutation": response.header_mutation.as_ref().map(header_mutation),
        "bodyMutation": response.body_mutation.as_ref().map(body_mutation),
        "trailers": response.trailers.as_ref().map(header_map),
    })
}

fn header_mutation(mutation: &HeaderMutation) -> Value {
    json!({ "setHeaders": mutated(&mutation.set_headers), "removeHeaders": mutation.remove_headers })
}

fn body_mutation(mutation: &BodyMutation) -> Value {
    match &mutation.mutation {
        Some(Mutation::Body(body)) => json!({ "body": String::from_utf8_lossy(body) }),
        Some(Mutation::ClearBody(is_cleared)) => json!({ "clearBody": is_cleared }),
        Some(Mutation::StreamedResponse(piece)) => json!({ "streamedResponse": {
            "body": String::from_utf8_lossy(&piece.body),
            "endOfStream": piece.end_of_stream,
        } }),
        None => json!({}),
    }
}

fn immediate(said: &ImmediateResponse) -> Value {
    json!({
        "status": said.status.as_ref().map(|status| json!({ "code": status.code })),
        "headers": said.headers.as_ref().map(header_mutation),
        "body": String::from_utf8_lossy(&said.body),
        "details": said.details,
    })
}
