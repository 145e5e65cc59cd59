//! Authorization over gRPC. Source: envoy/service/auth/v3/external_auth.proto.

use super::rule::{DECIDES, verdict};
use crate::exchange::Verdict;
use crate::mock::envoy::{options, pairs, struct_of};
use crate::mock::grpc::{Call, google_status, unary};
use axum::Router;
use envoy_types::pb::envoy::service::auth::v3::attribute_context::HttpRequest;
use envoy_types::pb::envoy::service::auth::v3::check_response::HttpResponse;
use envoy_types::pb::envoy::service::auth::v3::{CheckRequest, CheckResponse, DeniedHttpResponse, OkHttpResponse};
use envoy_types::pb::envoy::r#type::v3::HttpStatus;
use tonic::{Code, Status};

/// The method that is served.
pub(in crate::mock) fn router() -> Router {
    Router::new().route("/envoy.service.auth.v3.Authorization/Check", unary(check))
}

fn check(call: &Call, request: CheckRequest) -> Result<CheckResponse, Status> {
    let http = request.attributes.and_then(|attributes| attributes.request).and_then(|request| request.http);
    let http = http.ok_or_else(|| Status::invalid_argument("attributes.request.http is not there"))?;
    Ok(response(&verdict(&call.cue, &http.path, decides(&http).as_deref())))
}

/// The header that decides, which is in one of two places.
fn decides(http: &HttpRequest) -> Option<String> {
    let listed = || {
        let mut headers = pairs(http.header_map.as_ref()?);
        headers.find(|(name, _)| name.eq_ignore_ascii_case(DECIDES)).map(|(_, value)| value)
    };
    http.headers.get(DECIDES).cloned().or_else(listed)
}

fn response(verdict: &Verdict) -> CheckResponse {
    let (code, said) =
        if verdict.allow { (Code::Ok, allowed(verdict)) } else { (Code::PermissionDenied, denied(verdict)) };
    CheckResponse {
        status: Some(google_status(code, "")),
        dynamic_metadata: (!verdict.metadata.is_empty()).then(|| struct_of(&verdict.metadata)),
        http_response: Some(said),
    }
}

fn allowed(verdict: &Verdict) -> HttpResponse {
    HttpResponse::OkResponse(OkHttpResponse {
        headers: options(&verdict.headers),
        headers_to_remove: verdict.remove_headers.clone(),
        response_headers_to_add: options(&verdict.response_headers),
        ..OkHttpResponse::default()
    })
}

fn denied(verdict: &Verdict) -> HttpResponse {
    HttpResponse::DeniedResponse(DeniedHttpResponse {
        status: Some(HttpStatus { code: verdict.status.unwrap_or(403).into() }),
        headers: options(&verdict.headers),
        body: verdict.body.clone().unwrap_or_default(),
    })
}
