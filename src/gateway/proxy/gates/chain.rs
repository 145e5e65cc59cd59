//! The order of the gates.

use super::{
    api_key, authorization, basic, csrf, ext_auth,
    ext_proc::{self, Processor},
    global_limit,
    jwt::{self, Manners},
    passage::Passage,
    transform,
};
use crate::gateway::{
    Mutant,
    proxy::{
        body::Body,
        call::Layers,
        headers, is_since,
        rate_limit::Allowance,
        refusal::Refusal,
        scope::Scope,
        shared::{Acting, Shared},
        telemetry::Account,
    },
    table::{Counted, LocalRateLimit},
};
use bytes::Bytes;
use http::{HeaderValue, header, request};
use std::{borrow::Cow, time::Instant};

/// Body that expressions and services may look at.
const LARGEST_SEEN: usize = 2 * 1024 * 1024;

/// Lets a request through, changed, or says why not. Who is not known is told so before anything is counted or read.
pub async fn pass<'a>(
    shared: &'a Shared,
    acting: Acting,
    layers: Layers<'a>,
    account: &Account,
    request: &mut request::Parts,
    body: Body,
) -> Result<(Passage<'a>, Body), Refusal> {
    let mut body = body;
    if acting.is(Mutant::GateOrderChanged) {
        body = within_size(layers, acting, request, body).await?;
        count(shared, acting, layers)?;
    }
    identify(shared, acting, layers, account, request)?;
    if let Some(policy) = layers.field(|policies| policies.ext_auth.as_ref()) {
        body = ext_auth::ask(shared, policy, request, body).await?;
    }
    if let Some(rules) = layers.field(|policies| policies.authorization.as_ref())
        && !acting.is(Mutant::AuthorizationIgnored)
    {
        authorization::check(rules, request)?;
    }
    let allowance = count(shared, acting, layers)?;
    if let Some(limit) = layers.field(|policies| policies.global_limit.as_ref()) {
        global_limit::check(shared, limit, request).await?;
    }
    body = within_size(layers, acting, request, body).await?;
    let mut processor = None;
    if let Some(policy) = layers.field(|policies| policies.ext_proc.as_ref()) {
        let mut begun = Processor::begin(shared, policy).await?;
        body = ext_proc::request(&mut begun, request, body).await?;
        processor = Some(begun);
    }
    let transformation = layers.field(|policies| policies.transformation.as_ref());
    if let Some(wanted) = transformation.and_then(|transformation| transformation.request.as_ref()) {
        body = transform::request(wanted, request, body).await?;
    }
    if let Some(policy) = layers.field(|policies| policies.csrf.as_ref())
        && !acting.is(Mutant::CsrfIgnored)
    {
        csrf::check(policy, request)?;
    }
    let modifiers = layers.field(|policies| policies.headers.as_ref());
    if let Some(change) = modifiers.and_then(|modifiers| modifiers.request.as_ref()) {
        headers::change(&mut request.headers, change);
    }
    if let Some(delay) = layers.field(|policies| policies.delay) {
        tokio::time::sleep(delay).await;
    }
    let answered = transformation.and_then(|transformation| transformation.response.as_ref());
    let seen = answered.is_some().then(|| Box::new(request.clone()));
    let passage = Passage {
        // Source: facts/conformance.md B.5 POL-10.
        allowance: allowance.filter(|_| is_since(&shared.release, (1, 5))),
        seen,
        transform: answered,
        headers: modifiers.and_then(|modifiers| modifiers.response.as_ref()),
        processor,
    };
    Ok((passage, body))
}

/// Who asks: a token, a password, a key, in this order.
fn identify(
    shared: &Shared,
    acting: Acting,
    layers: Layers<'_>,
    account: &Account,
    request: &mut request::Parts,
) -> Result<(), Refusal> {
    if let Some(policy) = layers.field(|policies| policies.jwt.as_ref()) {
        jwt::check(policy, Manners { acting, release: &shared.release }, account, request)?;
    }
    if let Some(policy) = layers.field(|policies| policies.basic.as_ref()) {
        basic::check(policy, request)?;
    }
    match layers.api_key().filter(|_| !acting.is(Mutant::ApiKeyIgnored)) {
        Some(policy) => api_key::check(policy, request, acting),
        None => Ok(()),
    }
}

/// Local limits of requests; those of tokens are looked at once it is known that a model is asked.
fn count(shared: &Shared, acting: Acting, layers: Layers<'_>) -> Result<Option<Allowance>, Refusal> {
    let limits = layers.rate_limits().iter().filter(|limit| limit.counts == Counted::Requests);
    let mut allowance = None;
    for limit in limits {
        let limit = match acting.is(Mutant::LimitOffByOne) {
            true => Cow::Owned(LocalRateLimit { limit: limit.limit + 1, ..limit.clone() }),
            false => Cow::Borrowed(limit),
        };
        allowance = Some(shared.buckets.take(&limit, Instant::now())?);
    }
    Ok(allowance)
}

/// Reads a body whose size is limited.
async fn within_size(
    layers: Layers<'_>,
    acting: Acting,
    request: &mut request::Parts,
    body: Body,
) -> Result<Body, Refusal> {
    let limit = layers.field(|policies| policies.largest_request);
    let Some(limit) = limit.filter(|_| !acting.is(Mutant::BufferIgnored)) else { return Ok(body) };
    let bytes = body.collect(limit).await.map_err(|_| Refusal::too_large())?;
    Ok(known(request, bytes))
}

/// A body that was read; its length is known now.
pub(super) fn known(request: &mut request::Parts, bytes: Bytes) -> Body {
    let chunked = request.headers.remove(header::TRANSFER_ENCODING).is_some();
    if chunked || request.headers.contains_key(header::CONTENT_LENGTH) || !bytes.is_empty() {
        request.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    }
    bytes.into()
}

/// What expressions see of a request, and its body again, which is read only where they look at it.
pub(super) async fn look(request: &mut request::Parts, body: Body, reads: bool) -> Result<(Scope, Body), Refusal> {
    if !reads {
        return Ok((Scope::of(request, None), body));
    }
    let bytes = body.collect(LARGEST_SEEN).await.map_err(Refusal::unreadable_request)?;
    let scope = Scope::of(request, Some(&bytes));
    Ok((scope, known(request, bytes)))
}
