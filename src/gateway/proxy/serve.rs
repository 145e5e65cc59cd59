//! One request, from its first byte to the head of its answer.

use super::{
    ai,
    body::Body,
    call::{Call, Layers},
    cors,
    delegate::{self, Found},
    direct,
    directory::{Desk, Directory, Entry},
    expression, failover,
    filter::{self, Place},
    gates, grpc_refusal, host,
    matcher::{Laxity, PathPattern},
    mcp, models, plain,
    refusal::Refusal,
    retry::Tries,
    shared::{Acting, Shared},
    telemetry::{Account, Protocol, Reason},
};
use crate::gateway::{
    Mutant,
    table::{Backend, BackendFault, Filter},
};
use http::{HeaderValue, Request, Response, request};
use std::{future::Future, net::SocketAddr, sync::Arc, time::Duration};

/// How a request came in.
#[derive(Debug, Clone, Copy)]
pub struct Arrival {
    /// The listener port.
    pub port: u16,
    /// The client.
    pub peer: SocketAddr,
}

/// Answers a request that came in at a listener port, and keeps account of it.
pub async fn serve(shared: &Shared, arrival: Arrival, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let acting = shared.acting();
    let account = Account::open(Arc::clone(&shared.telemetry), acting, Some(arrival.peer), &parts);
    let response = respond(shared, acting, arrival.port, parts, body, &account).await;
    account.watch(response)
}

async fn respond(
    shared: &Shared,
    acting: Acting,
    port: u16,
    parts: request::Parts,
    body: Body,
    account: &Account,
) -> Response<Body> {
    let grpc = grpc_refusal::is_grpc(&parts.headers);
    let directory = shared.directory();
    let found = match find(&directory, port, &parts, acting) {
        Ok(found) => found,
        Err(refusal) => return acting.answer(refusal, grpc, account),
    };
    let Found { desk, entry, .. } = found;
    account.note(|facts| {
        facts.listener = Some(Arc::clone(&desk.listener));
        facts.route = Some((Arc::clone(&entry.route), Arc::clone(&entry.rule.rule)));
    });
    let layers = layers(desk, entry);
    let verdict = layers.cors().map(|policy| cors::judge(policy, &parts)).unwrap_or_default();
    let mut response = if verdict.preflight {
        account.note(|facts| facts.reason = Some(Reason::DirectResponse));
        cors::Verdict::preflight_answer()
    } else {
        let deadline = layers.request_timeout().filter(|_| !acting.is(Mutant::TimeoutIgnored));
        let answer = answer(shared, acting, found, parts, body, account);
        let answer = within(deadline, Refusal::RequestTimeout, answer).await;
        answer.unwrap_or_else(|refusal| acting.answer(refusal, grpc, account))
    };
    if !(verdict.preflight && acting.is(Mutant::PreflightBare)) {
        verdict.apply(response.headers_mut());
    }
    response
}

/// Waits no longer than the deadline, where there is one.
pub async fn within<T>(
    deadline: Option<Duration>,
    late: Refusal,
    work: impl Future<Output = Result<T, Refusal>>,
) -> Result<T, Refusal> {
    match deadline {
        None => work.await,
        Some(deadline) => tokio::time::timeout(deadline, work).await.unwrap_or(Err(late)),
    }
}

fn find<'d>(
    directory: &'d Directory,
    port: u16,
    request: &request::Parts,
    acting: Acting,
) -> Result<Found<'d>, Refusal> {
    let host = host::client_host(&request.uri, &request.headers).ok_or(Refusal::NoHost)?;
    let host = host::without_port(host);
    let laxity =
        Laxity { exact_is_prefix: acting.is(Mutant::ExactAsPrefix), any_header: acting.is(Mutant::HeaderMatchIgnored) };
    let (desk, entry) = first_match(directory, port, host, request, laxity, acting)?;
    delegate::follow(desk, entry, host, request, laxity).map_err(|refusal| match refusal {
        Refusal::RouteCycle if acting.is(Mutant::RouteCycleHidden) => Refusal::RouteNotFound,
        other => other,
    })
}

fn first_match<'d>(
    directory: &'d Directory,
    port: u16,
    host: &str,
    request: &request::Parts,
    laxity: Laxity,
    acting: Acting,
) -> Result<(&'d Desk, &'d Entry), Refusal> {
    let mut listened = false;
    for desk in directory.desks(port, host) {
        listened = true;
        let fitting = desk.entries.iter().find(|entry| entry.host.fits(host) && entry.matcher.fits(request, laxity));
        if let Some(entry) = fitting {
            return Ok((desk, entry));
        }
    }
    match listened {
        true => Err(Refusal::RouteNotFound),
        false if acting.is(Mutant::UnknownHostServed) => {
            longest_path(directory, port, request, laxity).ok_or(Refusal::ListenerNotFound)
        }
        false => Err(Refusal::ListenerNotFound),
    }
}

/// The best match of all listeners of a port, whatever their hosts.
fn longest_path<'d>(
    directory: &'d Directory,
    port: u16,
    request: &request::Parts,
    laxity: Laxity,
) -> Option<(&'d Desk, &'d Entry)> {
    let entries =
        directory.ports.get(&port)?.iter().flat_map(|desk| desk.entries.iter().map(move |entry| (desk, entry)));
    entries
        .filter(|(_, entry)| entry.matcher.fits(request, laxity))
        .max_by_key(|(_, entry)| entry.matcher.specificity())
}

/// Policies, filters, backend: in the order of the real gateway.
async fn answer(
    shared: &Shared,
    acting: Acting,
    Found { desk, entry, turn }: Found<'_>,
    mut request: request::Parts,
    body: Body,
    account: &Account,
) -> Result<Response<Body>, Refusal> {
    let layers = layers(desk, entry);
    let (passage, body) = gates::pass(shared, acting, layers, account, &mut request, body).await?;
    let client_host = host::client_host(&request.uri, &request.headers)
        .and_then(|host| HeaderValue::from_str(host).ok())
        .ok_or(Refusal::NoHost)?;
    let (rule, matched) = (&entry.rule.rule, &entry.matcher.path);
    let place = Place {
        matched,
        listener_port: desk.listener.port,
        rewrites: !acting.is(Mutant::RewriteIgnored),
        headers: !acting.is(Mutant::HeaderFilterIgnored),
        loses_query: acting.is(Mutant::RedirectQueryLost),
    };
    let filtered = match filter::apply(&rule.filters, place, &mut request) {
        Ok(filtered) => filtered,
        Err(answer) => {
            account.note(|facts| facts.reason = Some(Reason::DirectResponse));
            return Ok(*answer);
        }
    };
    if acting.is(Mutant::PrefixStripped) && !rule.filters.iter().any(|filter| matches!(filter, Filter::Rewrite { .. }))
    {
        strip_prefix(&mut request, matched);
    }
    if let Some(answers) = layers.direct().filter(|_| !acting.is(Mutant::DirectResponseSkipped))
        && let Some(answer) = direct::answer(answers, &expression::request(&request, &client_host, None))
    {
        account.note(|facts| facts.reason = Some(Reason::DirectResponse));
        return Ok(answer);
    }
    let turn = turn.or_else(|| entry.rule.balance.next(rule.backends.iter().map(|backend| backend.weight)));
    let backend = turn.and_then(|turn| rule.backends.get(turn)).ok_or(Refusal::NoValidBackends)?;
    let account = account.clone();
    let mut call = Call { shared, acting, layers, client_host, rewritten_host: filtered.host, account, repeats: false };
    let response = tried(&mut call, &backend.backend, request, body).await?;
    let mut response = passage.answer(response).await?;
    if place.headers {
        filter::apply_to_answer(&rule.filters, response.headers_mut());
    }
    Ok(response)
}

/// Calls a backend until it has an answer, as often as a policy allows.
async fn tried(
    call: &mut Call<'_>,
    backend: &Backend,
    request: request::Parts,
    body: Body,
) -> Result<Response<Body>, Refusal> {
    let retry = call.layers.retry().filter(|_| !call.acting.is(Mutant::RetryIgnored));
    let mut tries = Tries::of(retry, request, body).await;
    loop {
        let (request, body) = tries.next();
        call.repeats = tries.repeats_at_once();
        call.account.note(|facts| facts.retries = tries.repeated());
        let result = dispatch(call, backend, request, body).await;
        match tries.next_in(&result) {
            None => return result,
            Some(pause) => tokio::time::sleep(pause).await,
        }
    }
}

fn layers<'d>(desk: &'d Desk, entry: &'d Entry) -> Layers<'d> {
    Layers { rule: &entry.rule.rule, listener: &desk.listener.policies }
}

/// Calls a backend.
pub async fn dispatch(
    call: &Call<'_>,
    backend: &Backend,
    request: request::Parts,
    body: Body,
) -> Result<Response<Body>, Refusal> {
    call.account.note(|facts| {
        (facts.backend, facts.protocol) = (name(backend), protocol(backend));
    });
    match backend {
        Backend::Static(server) => plain::to_server(call, server, request, body).await,
        Backend::Service(service) => plain::to_service(call, service, request, body).await,
        // Their futures are large, and the others should not carry them.
        Backend::Llm(llm) => Box::pin(ai::serve(call, llm, request, body)).await,
        Backend::LlmGroups(groups) => Box::pin(failover::serve(call, groups, request, body)).await,
        Backend::Mcp(mcp) => Box::pin(mcp::serve(call, mcp, request, body)).await,
        Backend::Models(models) => Box::pin(models::serve(call, models, request, body)).await,
        // A route that leads to others was followed before.
        Backend::Routes(_) => Err(Refusal::RouteNotFound),
        Backend::Faulty(BackendFault::ServiceNotFound) => Err(Refusal::ServiceNotFound),
        Backend::Faulty(BackendFault::DoesNotExist) => Err(Refusal::BackendDoesNotExist),
    }
}

/// The backend's name in metrics.
fn name(backend: &Backend) -> Option<String> {
    match backend {
        Backend::Llm(llm) => Some(llm.name.to_string()),
        Backend::LlmGroups(groups) => Some(groups.name.to_string()),
        Backend::Mcp(mcp) => Some(mcp.name.to_string()),
        Backend::Static(server) => Some(format!("{}:{}", server.authority.host, server.authority.port)),
        Backend::Service(service) => Some(format!("{}:{}", service.host, service.port)),
        Backend::Models(_) | Backend::Routes(_) | Backend::Faulty(_) => None,
    }
}

fn protocol(backend: &Backend) -> Option<Protocol> {
    match backend {
        Backend::Llm(_) | Backend::LlmGroups(_) => Some(Protocol::Llm),
        Backend::Mcp(_) => Some(Protocol::Mcp),
        Backend::Static(_) | Backend::Service(_) => Some(Protocol::Http),
        Backend::Models(_) | Backend::Routes(_) | Backend::Faulty(_) => None,
    }
}

fn strip_prefix(request: &mut request::Parts, matched: &PathPattern) {
    let PathPattern::Prefix(prefix) = matched else { return };
    let rest = request.uri.path().strip_prefix(prefix.as_str()).unwrap_or_default();
    let path = if rest.is_empty() { "/".to_owned() } else { rest.to_owned() };
    filter::rewrite(request, &path);
}
