//! What was asked and said, as JSON.

use crate::exchange::mask_target;
use crate::mock::envoy::{address, by_name, header_map, json_of, metadata, mutated, pruned, said};
use crate::mock::recorder::Seen;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use envoy_types::pb::envoy::service::auth::v3::attribute_context::{HttpRequest, Peer};
use envoy_types::pb::envoy::service::auth::v3::check_response::HttpResponse;
use envoy_types::pb::envoy::service::auth::v3::{CheckRequest, CheckResponse, DeniedHttpResponse};
use serde_json::{Value, json};

/// What the authorization service says, as JSON.
pub fn shown_check(answer: &CheckResponse) -> Value {
    pruned(response(answer))
}

/// The messages of a call.
pub(in crate::mock) fn shown(seen: Seen<'_>) -> Option<String> {
    if seen.is_answer { said(seen, response) } else { said(seen, request) }
}

fn request(request: &CheckRequest) -> Value {
    let Some(asked) = &request.attributes else { return json!({}) };
    let http = asked.request.as_ref().and_then(|request| request.http.as_ref());
    let mut extensions: Vec<_> = asked.context_extensions.iter().collect();
    extensions.sort();
    json!({ "attributes": {
        "source": asked.source.as_ref().map(peer),
        "destination": asked.destination.as_ref().map(peer),
        "request": http.map(|request| json!({ "http": http_request(request) })),
        "contextExtensions": extensions.into_iter().map(|(name, value)| (name.clone(), value.clone().into()))
            .collect::<serde_json::Map<String, Value>>(),
        "metadataContext": asked.metadata_context.as_ref().map(metadata),
        "routeMetadataContext": asked.route_metadata_context.as_ref().map(metadata),
        "tlsSession": asked.tls_session.as_ref().map(|session| json!({ "sni": session.sni })),
    } })
}

fn peer(peer: &Peer) -> Value {
    json!({ "address": peer.address.as_ref().map(address), "service": peer.service, "principal": peer.principal })
}

fn http_request(http: &HttpRequest) -> Value {
    json!({
        "id": http.id,
        "method": http.method,
        "headers": by_name(&http.headers),
        "headerMap": http.header_map.as_ref().map(header_map),
        "path": mask_target(&http.path),
        "host": http.host,
        "scheme": http.scheme,
        "query": http.query,
        "fragment": http.fragment,
        "size": (http.size != 0).then(|| http.size.to_string()),
        "protocol": http.protocol,
        "body": http.body,
        "rawBody": STANDARD.encode(&http.raw_body),
    })
}

fn response(response: &CheckResponse) -> Value {
    let mut shown = json!({
        "status": response.status.as_ref().map(|status| json!({ "code": status.code, "message": status.message })),
        "dynamicMetadata": response.dynamic_metadata.as_ref().map(json_of),
    });
    match &response.http_response {
        Some(HttpResponse::OkResponse(allowed)) => {
            shown["okResponse"] = json!({
                "headers": mutated(&allowed.headers),
                "headersToRemove": allowed.headers_to_remove,
                "responseHeadersToAdd": mutated(&allowed.response_headers_to_add),
            });
        }
        Some(HttpResponse::DeniedResponse(refused)) => shown["deniedResponse"] = denied(refused),
        Some(HttpResponse::ErrorResponse(refused)) => shown["errorResponse"] = denied(refused),
        None => {}
    }
    shown
}

fn denied(refused: &DeniedHttpResponse) -> Value {
    let status = refused.status.as_ref().map(|status| json!({ "code": status.code }));
    json!({ "status": status, "headers": mutated(&refused.headers), "body": refused.body })
}
