//! A call of a model, from the client's side.

use super::{guard, shape, stream};
use crate::gateway::{
    Mutant,
    proxy::{
        body::{Body, CollectError},
        call::Call,
        gates::TokenReport,
        is_since, llm,
        refusal::Refusal,
    },
    table::{Counted, Guard, LlmBackend, PromptGuard},
};
use bytes::Bytes;
use http::{Response, header, request};
use serde_json::Value;
use std::time::Instant;

/// Bytes that a request or an unstreamed answer may have. Source: facts/proxy.md 4, `maxBufferSize`.
const LARGEST_BODY: usize = 2 * 1024 * 1024;

/// Calls a model.
pub async fn serve(
    call: &Call<'_>,
    backend: &LlmBackend,
    mut request: request::Parts,
    body: Body,
) -> Result<Response<Body>, Refusal> {
    let guards = backend.policies.prompt_guard.as_ref();
    let wanted = guards.map_or(&[][..], |guards| guards.request.as_slice());
    let wanted = if call.acting.is(Mutant::GuardIgnored) { &[] } else { wanted };
    let most = if call.acting.is(Mutant::LargeBodyAccepted) { usize::MAX } else { LARGEST_BODY };
    let mut bytes = body.collect(most).await.map_err(|error| unreadable(call, error))?;
    if call.acting.is(Mutant::BudgetBeforeGuard) {
        budget(call, &request).await?;
    }
    if !wanted.is_empty() || backend.policies.model_request.is_some() {
        bytes = prepared(call, backend, wanted, &mut request, bytes).await?;
    }
    if !call.acting.is(Mutant::BudgetBeforeGuard) {
        budget(call, &request).await?;
    }
    let client = guards.is_some().then(|| request.clone());
    let response = llm::serve(call, backend, request, bytes.into()).await?;
    match (guards, client) {
        (Some(guards), Some(client)) if response.status().is_success() => {
            guarded(call, guards, &client, response).await
        }
        _ => Ok(response),
    }
}

/// From 1.5 on what is too large is told as such (facts/conformance.md B.5 POL-19).
fn unreadable(call: &Call<'_>, error: CollectError) -> Refusal {
    match error {
        CollectError::TooLarge if is_since(&call.shared.release, (1, 5)) => Refusal::too_large(),
        error => Refusal::unreadable_request(error),
    }
}

/// The client's body as guards and policies leave it. What is no JSON is left to the translation to refuse.
async fn prepared(
    call: &Call<'_>,
    backend: &LlmBackend,
    guards: &[Guard],
    request: &mut request::Parts,
    bytes: Bytes,
) -> Result<Bytes, Refusal> {
    let Ok(mut value) = serde_json::from_slice::<Value>(&bytes) else { return Ok(bytes) };
    if let Some(wanted) = &backend.policies.model_request {
        shape::apply(wanted, backend.model.is_none(), request, &mut value);
    }
    guard::request(call, guards, request, &mut value).await?;
    let bytes = value.to_string();
    request.headers.insert(header::CONTENT_LENGTH, bytes.len().into());
    Ok(bytes.into())
}

/// Looks whether there are tokens left, and sees to it that those of the answer are counted when it has ended.
async fn budget(call: &Call<'_>, request: &request::Parts) -> Result<(), Refusal> {
    for limit in call.layers.rate_limits().iter().filter(|limit| limit.counts == Counted::Tokens) {
        let skipped = call.acting.is(Mutant::TokensNotCharged);
        call.shared.buckets.look(limit, Instant::now())?;
        let (buckets, limit) = (call.shared.buckets.clone(), limit.clone());
        call.account.finally(move |facts| {
            let tokens = facts.llm.as_ref().map_or(0, |llm| llm.usage.total());
            if !skipped {
                buckets.charge(&limit, tokens, Instant::now());
            }
        });
    }
    if let Some(limit) = call.layers.field(|policies| policies.global_limit.as_ref())
        && let Some(report) = TokenReport::begin(call.shared, limit, request).await?
    {
        call.account.finally(move |facts| report.tell(facts.llm.as_ref().map_or(0, |llm| llm.usage.total())));
    }
    Ok(())
}

async fn guarded(
    call: &Call<'_>,
    guards: &PromptGuard,
    client: &request::Parts,
    response: Response<Body>,
) -> Result<Response<Body>, Refusal> {
    let plain = !response.headers().contains_key(header::CONTENT_ENCODING);
    if guards.response.is_empty() || !plain {
        return Ok(response);
    }
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("text/event-stream") {
        return Ok(match guards.streaming {
            true => response.map(|body| stream::guarded(body, guards.response.clone())),
            false => response,
        });
    }
    let (mut head, body) = response.into_parts();
    let bytes = body.collect(LARGEST_BODY).await.map_err(Refusal::unreadable_response)?;
    let Ok(mut value) = serde_json::from_slice::<Value>(&bytes) else {
        return Ok(Response::from_parts(head, bytes.into()));
    };
    let text = match guard::answer(call, &guards.response, client, &mut value).await? {
        None => return Ok(Response::from_parts(head, bytes.into())),
        Some(guard::Change::Masked) => value.to_string(),
        Some(guard::Change::Replaced(rejection)) => {
            head.status = http::StatusCode::from_u16(rejection.status).unwrap_or(head.status);
            head.headers.remove(header::CONTENT_TYPE);
            rejection.message
        }
    };
    head.headers.insert(header::CONTENT_LENGTH, text.len().into());
    Ok(Response::from_parts(head, text.into()))
}
