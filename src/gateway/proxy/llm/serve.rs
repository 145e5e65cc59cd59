//! One call of a provider.

use super::{anthropic, anthropic_stream, chat, credential, failure, target};
use crate::gateway::{
    Mutant,
    proxy::{body::Body, call::Call, events, refusal::Refusal},
    table::{Authority, LlmBackend, LlmProvider},
};
use http::{Response, StatusCode, header, request};

/// Bytes that a request or an unstreamed answer may have. Source: facts/proxy.md 4, `maxBufferSize`.
const LARGEST_BODY: usize = 2 * 1024 * 1024;

/// Calls a provider with a chat completion.
pub async fn serve(
    call: &Call<'_>,
    backend: &LlmBackend,
    mut request: request::Parts,
    body: Body,
) -> Result<Response<Body>, Refusal> {
    let body = body.collect(LARGEST_BODY).await.map_err(Refusal::unreadable_request)?;
    let mut chat = chat::Request::parse(&body)?;
    chat.choose_model(backend.model.as_deref())?;
    let streams = chat.streams();
    let body = match backend.provider {
        LlmProvider::Anthropic => anthropic::request(&chat)?,
        LlmProvider::OpenAi => {
            chat.rename_max_tokens();
            chat.ask_for_usage();
            chat.to_body()?
        }
        LlmProvider::Gemini => {
            chat.ask_for_usage();
            chat.to_body()?
        }
    };
    let vendor;
    let (authority, tls): (&Authority, bool) = match &backend.host_override {
        Some(authority) => (authority, backend.tls),
        None => {
            vendor = target::vendor(backend.provider);
            (&vendor, true)
        }
    };
    let destination = call.destination(authority, tls).await?;
    request.uri = target::path(backend, &request.uri);
    call.prepare(&mut request.headers, call.host_for(&authority.host));
    request.headers.insert(header::CONTENT_LENGTH, body.len().into());
    let auth = call.layers.backend_auth(backend.auth.as_ref(), Some(&backend.policies));
    let leaks = call.acting.is(Mutant::CredentialLeaked) && request.headers.contains_key(header::AUTHORIZATION);
    credential::apply(backend.provider, auth.filter(|_| !leaks), &mut request.headers);
    let response = call.upstream(Some(&backend.policies), &destination, request, body.into()).await?;
    answer(call, backend.provider, streams, response).await
}

async fn answer(
    call: &Call<'_>,
    provider: LlmProvider,
    streams: bool,
    response: Response<Body>,
) -> Result<Response<Body>, Refusal> {
    let (mut head, body) = response.into_parts();
    let status = head.status;
    // What is compressed is passed on as it is.
    if head.headers.contains_key(header::CONTENT_ENCODING) {
        return Ok(Response::from_parts(head, body));
    }
    if streams && status.is_success() {
        let body = match provider {
            LlmProvider::OpenAi | LlmProvider::Gemini => body,
            LlmProvider::Anthropic => {
                head.headers.remove(header::CONTENT_LENGTH);
                anthropic_stream::translated(body)
            }
        };
        if !call.acting.is(Mutant::StreamEndLost) {
            return Ok(Response::from_parts(head, body));
        }
        head.headers.remove(header::CONTENT_LENGTH);
        return Ok(Response::from_parts(head, events::without_last(body)));
    }
    let body = body.collect(LARGEST_BODY).await.map_err(Refusal::unreadable_response)?;
    let body = match (status.is_success(), provider) {
        (false, _) => failure::translated(provider, status, &body)?,
        (true, LlmProvider::Anthropic) => anthropic::response(&body)?,
        (true, LlmProvider::OpenAi | LlmProvider::Gemini) => chat::reordered_answer(&body)?,
    };
    if call.acting.is(Mutant::ErrorSwallowed) {
        head.status = StatusCode::OK;
    }
    head.headers.remove(header::CONTENT_LENGTH);
    Ok(Response::from_parts(head, body.into()))
}
