//! One call of a provider.

use super::{
    answer,
    ask::Ask,
    bend,
    coding::Coding,
    credential::{self, Asked},
    failure,
    format::{Format, system},
    order::Order,
    release::Later,
    spent::Spent,
    streamed, target, usage,
};
use crate::gateway::{
    Mutant,
    proxy::{
        body::Body,
        call::Call,
        refusal::{Refusal, plain_text},
        telemetry::LlmFacts,
    },
    table::{Authority, LlmBackend, LlmProvider, LlmRoute},
};
use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header, request};

/// Bytes that a request or an unstreamed answer may have. Source: facts/proxy.md 4, `maxBufferSize`.
const LARGEST_BODY: usize = 2 * 1024 * 1024;

/// Calls a provider in its language.
pub async fn serve(
    call: &Call<'_>,
    backend: &LlmBackend,
    request: request::Parts,
    body: Body,
) -> Result<Response<Body>, Refusal> {
    let routes = backend.policies.llm_routes.as_ref();
    let route = routes.map_or(LlmRoute::Completions, |routes| routes.of(request.uri.path()));
    match route {
        LlmRoute::Models | LlmRoute::Realtime | LlmRoute::Rerank => return Ok(not_implemented(route)),
        LlmRoute::Passthrough | LlmRoute::Detect => return untouched(call, backend, request, body).await,
        _ => {}
    }
    let body = body.collect(LARGEST_BODY).await.map_err(Refusal::unreadable_request)?;
    let mut ask = Ask::parse(route, &body)?;
    let wanted = backend.model.as_deref().filter(|_| !call.acting.is(Mutant::ModelOverrideIgnored));
    let model = ask.choose_model(wanted)?;
    let facts = begun(backend, &ask, &model, route);
    let spent = Spent::new(&call.account, facts, call.acting.is(Mutant::TokensMiscounted));
    let later = Later::of(&call.shared.release);
    let order = match Order::new(route, ask, model, backend, later) {
        Err(Refusal::Processing(cause))
            if call.acting.is(Mutant::UnsupportedSent) && cause.starts_with("unsupported") =>
        {
            return untouched(call, backend, request, body.into()).await;
        }
        order => order?,
    };
    if order.format == Format::Counted && !call.acting.is(Mutant::CountForwarded) {
        return Ok(json_answer(StatusCode::OK, order.body));
    }
    let response = asked(call, backend, &order, request).await?;
    told(call, backend, &order, later, &spent, response).await
}

/// What is known of a call before it is made.
fn begun(backend: &LlmBackend, ask: &Ask, model: &str, route: LlmRoute) -> LlmFacts {
    let (temperature, max_tokens) = ask.limits();
    let temperature = temperature.map(|value| ("gen_ai.request.temperature", value));
    let max_tokens = max_tokens.map(|value| ("gen_ai.request.max_tokens", value.to_string()));
    LlmFacts {
        operation: if route == LlmRoute::Embeddings { "embeddings" } else { "chat" },
        provider: system(&backend.provider),
        request_model: Some(model.to_owned()),
        parameters: temperature.into_iter().chain(max_tokens).collect(),
        ..LlmFacts::default()
    }
}

/// Source: facts/proxy.md 3.4, "type `models`".
fn not_implemented(route: LlmRoute) -> Response<Body> {
    let body = format!(r#"{{"error":"Route '{}' not implemented"}}"#, route.name());
    json_answer(StatusCode::NOT_IMPLEMENTED, body.into_bytes())
}

fn json_answer(status: StatusCode, body: Vec<u8>) -> Response<Body> {
    let mut response = plain_text(status, "");
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    *response.body_mut() = body.into();
    response
}

/// Sends an order and waits for the head of its answer.
async fn asked(
    call: &Call<'_>,
    backend: &LlmBackend,
    order: &Order,
    mut request: request::Parts,
) -> Result<Response<Body>, Refusal> {
    let body = Bytes::from(bend::request(call.acting, order.body.clone()));
    request.uri = target::path(backend, order.format, &order.model, order.streams, &request.uri);
    let shorter = match backend.provider {
        LlmProvider::Vertex { .. } => call.acting.is(Mutant::VertexPathShort),
        LlmProvider::Azure { .. } => call.acting.is(Mutant::AzurePathShort),
        _ => false,
    };
    if shorter {
        request.uri = target::shortened(&request.uri);
    }
    request.headers.insert(header::CONTENT_LENGTH, body.len().into());
    send(call, backend, order.format, request, &body, body.clone().into()).await
}

/// Passes a request on as it is, but for the credential. Source: facts/proxy.md 3.4, "type `passthrough`".
async fn untouched(
    call: &Call<'_>,
    backend: &LlmBackend,
    mut request: request::Parts,
    body: Body,
) -> Result<Response<Body>, Refusal> {
    request.uri = target::untouched_path(backend, &request.uri);
    send(call, backend, Format::Chat, request, &Bytes::new(), body).await
}

async fn send(
    call: &Call<'_>,
    backend: &LlmBackend,
    format: Format,
    mut request: request::Parts,
    signed: &Bytes,
    body: Body,
) -> Result<Response<Body>, Refusal> {
    let vendor;
    let (authority, tls): (&Authority, bool) = match &backend.host_override {
        Some(authority) => (authority, backend.tls),
        None => {
            vendor = target::vendor(&backend.provider);
            (&vendor, true)
        }
    };
    let destination = call.destination(authority, tls).await?;
    call.prepare(&mut request.headers, call.host_for(&authority.host));
    let auth = call.layers.backend_auth(backend.auth.as_ref(), Some(&backend.policies));
    let leaks = call.acting.is(Mutant::CredentialLeaked) && request.headers.contains_key(header::AUTHORIZATION);
    let asked = Asked {
        provider: &backend.provider,
        format,
        uri: &request.uri,
        method: request.method.as_str(),
        body: signed,
        is_elsewhere: backend.host_override.is_some(),
    };
    let auth = auth.filter(|_| !leaks).cloned();
    let auth = credential::misplaced(auth, call.acting.is(Mutant::KeyLocationIgnored));
    credential::apply(asked, auth.as_ref(), &mut request.headers)?;
    bend::request_headers(call.acting, &mut request.headers);
    call.upstream(Some(&backend.policies), &destination, request, body).await
}

/// The answer in the client's language.
async fn told(
    call: &Call<'_>,
    backend: &LlmBackend,
    order: &Order,
    later: Later,
    spent: &Spent,
    response: Response<Body>,
) -> Result<Response<Body>, Refusal> {
    let (mut head, body) = response.into_parts();
    let status = head.status;
    if order.streams && status.is_success() {
        // What is compressed is passed on as it is.
        if head.headers.contains_key(header::CONTENT_ENCODING) {
            return Ok(Response::from_parts(head, body));
        }
        let (body, translated) = streamed::translate(order, &head.headers, body, later, spent.clone());
        if translated {
            head.headers.remove(header::CONTENT_LENGTH);
            head.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        }
        if call.acting.is(Mutant::StreamEndLost) {
            head.headers.remove(header::CONTENT_LENGTH);
        }
        return Ok(Response::from_parts(head, bend::stream(call.acting, body, translated)));
    }
    let body = body.collect(LARGEST_BODY).await.map_err(Refusal::unreadable_response)?;
    let coding = Coding::of(&head.headers);
    let Some(plain) = coding.open(&body, LARGEST_BODY) else {
        return Ok(Response::from_parts(head, body.into()));
    };
    let body = if status.is_success() {
        let translated = answer::translated(order, &head.headers, &plain)?;
        if let Ok(answer) = serde_json::from_slice(&translated) {
            usage::note(&answer, spent);
        }
        bend::answer(call.acting, translated)
    } else {
        let told = failure::translated(&backend.provider, order.format, order.route, status, &plain);
        let told = match told {
            Err(_) if call.acting.is(Mutant::HtmlErrorPassed) => Ok(plain.to_vec()),
            told => told,
        };
        let told = told.map_err(|refusal| if later.is_1_5() { refusal.answered(status) } else { refusal })?;
        bend::error(call.acting, told)
    };
    bend::answer_head(call.acting, &mut head);
    head.headers.remove(header::CONTENT_LENGTH);
    Ok(Response::from_parts(head, coding.close(body).into()))
}
