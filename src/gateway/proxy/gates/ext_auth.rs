//! A service that lets requests in. Source: facts/manifests.md 9 and envoy/service/auth/v3/external_auth.proto.

use super::{chain::known, grpc};
use crate::gateway::{
    proxy::{body::Body, refusal::Refusal, scope::Scope, shared::Shared, upstream::Destination},
    table::{Cel, ExtAuth, ExtAuthProtocol},
};
use bytes::Bytes;
use envoy_types::pb::envoy::service::auth::v3::{
    AttributeContext, CheckRequest, CheckResponse, DeniedHttpResponse,
    attribute_context::{HttpRequest, Request as Attributes},
    authorization_client::AuthorizationClient,
    check_response::HttpResponse,
};
use http::{HeaderMap, HeaderName, Request, Response, StatusCode, header, request};

/// Asks the service. Gives the body back.
pub async fn ask(shared: &Shared, policy: &ExtAuth, request: &mut request::Parts, body: Body) -> Result<Body, Refusal> {
    let (shown, body) = match policy.forward_body {
        None => (Bytes::new(), body),
        Some(most) => {
            let bytes = body.collect(most).await.map_err(|_| Refusal::too_large())?;
            (bytes.clone(), known(request, bytes))
        }
    };
    let asked = match &policy.protocol {
        ExtAuthProtocol::Grpc(extensions) => over_grpc(shared, policy, extensions, request, &shown).await,
        ExtAuthProtocol::Http { path, request_headers, response_headers } => {
            let asks = Asks { path: path.as_ref(), request_headers, response_headers };
            over_http(shared, policy, &asks, request, shown).await
        }
    };
    match asked {
        Some(verdict) => verdict.map(|()| body),
        None if policy.fail_open => Ok(body),
        None => Err(Refusal::ExtAuthFailed),
    }
}

/// `None`: there is no answer.
async fn over_grpc(
    shared: &Shared,
    policy: &ExtAuth,
    extensions: &[(String, String)],
    request: &mut request::Parts,
    body: &Bytes,
) -> Option<Result<(), Refusal>> {
    let mut client = AuthorizationClient::new(grpc::connect(shared, policy.service.as_ref()).await?);
    let target = request.uri.path_and_query().map_or("/", |whole| whole.as_str());
    let host = request.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let shown =
        grpc::shown(&request.headers, &[(":authority", host), (":method", request.method.as_str()), (":path", target)]);
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let http = HttpRequest {
        method: request.method.to_string(),
        path: target.to_owned(),
        host: host.to_owned(),
        scheme: "http".to_owned(),
        protocol: format!("{:?}", request.version),
        headers: shown.headers.iter().map(|header| (header.key.clone(), text(&header.raw_value))).collect(),
        size: i64::try_from(body.len()).unwrap_or(i64::MAX),
        body: text(body),
        ..HttpRequest::default()
    };
    let attributes = AttributeContext {
        request: Some(Attributes { http: Some(http), ..Attributes::default() }),
        context_extensions: extensions.iter().cloned().collect(),
        ..AttributeContext::default()
    };
    let answer = client.check(CheckRequest { attributes: Some(attributes) }).await.ok()?;
    Some(obey(answer.into_inner(), request))
}

fn obey(answer: CheckResponse, request: &mut request::Parts) -> Result<(), Refusal> {
    let good = answer.status.as_ref().is_none_or(|status| status.code == 0);
    match answer.http_response {
        Some(HttpResponse::DeniedResponse(denied)) => Err(denied_by(&denied)),
        Some(HttpResponse::OkResponse(fine)) if good => {
            grpc::change(&mut request.headers, &fine.headers, &fine.headers_to_remove);
            Ok(())
        }
        None if good => Ok(()),
        _ => Err(Refusal::ExtAuthFailed),
    }
}

fn denied_by(denied: &DeniedHttpResponse) -> Refusal {
    let code = denied.status.as_ref().and_then(|status| u16::try_from(status.code).ok());
    let mut response = Response::new(Body::from(denied.body.clone()));
    *response.status_mut() = code.and_then(|code| StatusCode::from_u16(code).ok()).unwrap_or(StatusCode::FORBIDDEN);
    grpc::change(response.headers_mut(), &denied.headers, &[]);
    Refusal::Direct(Box::new(response))
}

/// How a service is asked over HTTP.
struct Asks<'a> {
    path: Option<&'a Cel>,
    request_headers: &'a [String],
    response_headers: &'a [String],
}

async fn over_http(
    shared: &Shared,
    policy: &ExtAuth,
    asks: &Asks<'_>,
    request: &mut request::Parts,
    body: Bytes,
) -> Option<Result<(), Refusal>> {
    let callee = policy.service.as_ref()?;
    let address = shared.names.service(&callee.host, callee.port).await.ok()?;
    let own = request.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let target = match asks.path {
        Some(path) => Scope::of(request, None).text(path)?,
        None => own,
    };
    let host = format!("{}:{}", callee.host, callee.port);
    let mut asked = Request::builder().method(request.method.clone()).uri(target).header(header::HOST, host);
    for name in wanted(asks.request_headers) {
        for value in request.headers.get_all(&name) {
            asked = asked.header(name.clone(), value.clone());
        }
    }
    let asked = asked.body(body.into()).ok()?;
    let destination = Destination::Plain(address);
    let call = shared.upstream.call(&destination, asked);
    let answer = tokio::time::timeout(grpc::DEADLINE, call).await.ok()?.ok()?;
    if !answer.status().is_success() {
        return Some(Err(Refusal::Direct(Box::new(answer))));
    }
    pass_on(asks.response_headers, answer.headers(), &mut request.headers);
    Some(Ok(()))
}

/// The headers that go to the service; of a list that says nothing it gets the credential.
fn wanted(names: &[String]) -> Vec<HeaderName> {
    match names {
        [] => vec![header::AUTHORIZATION],
        names => names.iter().filter_map(|name| name.parse().ok()).collect(),
    }
}

fn pass_on(names: &[String], answer: &HeaderMap, request: &mut HeaderMap) {
    for name in names.iter().filter_map(|name| name.parse::<HeaderName>().ok()) {
        if let Some(value) = answer.get(&name) {
            request.insert(name, value.clone());
        }
    }
}
