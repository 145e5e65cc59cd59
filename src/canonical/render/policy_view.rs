//! What the template of policies sees.

use super::RenderContext;
use crate::canonical::{
    Authorize, Cors, Csrf, Guard, HeaderChange, Headers, Jwt, Policy, PromptGuard, Retry, validate::unit_of,
};
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Map, Value, json};

#[derive(Debug, Serialize)]
pub(super) struct PolicyView<'a> {
    pub name: &'a str,
    pub namespace: &'a str,
    pub targets: Vec<TargetView>,
    pub api_keys: Option<&'a str>,
    pub jwt: Option<&'a Jwt>,
    /// The Service of the mock that has the keys.
    pub jwks: Option<KeysView<'a>>,
    pub authorize: Option<&'a Authorize>,
    pub csrf: Option<&'a Csrf>,
    pub largest_body: Option<&'a str>,
    pub retry: Option<&'a Retry>,
    pub headers: Option<Vec<HeadersView<'a>>>,
    pub prompt_guard: Option<GuardsView<'a>>,
    /// Whether there is anything about requests.
    pub traffic: bool,
    pub rate_limit: Option<LimitView<'a>>,
    pub cors: Option<&'a Cors>,
    pub timeout: Option<&'a str>,
    pub backend_timeout: Option<&'a str>,
}

#[derive(Debug, Serialize)]
pub(super) struct TargetView {
    pub group: &'static str,
    pub kind: &'static str,
    pub name: String,
}

#[derive(Debug, Serialize)]
pub(super) struct LimitView<'a> {
    pub requests: Option<u32>,
    pub tokens: Option<u32>,
    pub unit: &'static str,
    pub burst: Option<u32>,
    /// How many may come at once.
    pub most: u32,
    pub per: &'a str,
}

impl<'a> PolicyView<'a> {
    pub fn new(
        name: &'a str,
        policy: &'a Policy,
        targets: Vec<TargetView>,
        api_keys: Option<&'a str>,
        context: &'a RenderContext,
    ) -> Self {
        let rate_limit = policy.rate_limit.as_ref().and_then(|limit| {
            Some(LimitView {
                requests: limit.requests,
                tokens: limit.tokens,
                unit: unit_of(&limit.per)?,
                burst: limit.burst,
                most: limit.requests.unwrap_or(0).saturating_add(limit.burst.unwrap_or(0)),
                per: &limit.per,
            })
        });
        Self {
            name,
            namespace: &context.namespace,
            targets,
            api_keys,
            jwt: policy.jwt.as_ref(),
            jwks: policy.jwt.as_ref().and_then(|jwt| jwt.mock.as_deref()).map(|mock| KeysView::of(mock, context)),
            authorize: policy.authorize.as_ref(),
            csrf: policy.csrf.as_ref(),
            largest_body: policy.largest_body.as_deref(),
            retry: policy.retry.as_ref(),
            headers: policy.headers.as_ref().map(header_sides),
            prompt_guard: policy.prompt_guard.as_ref().map(GuardsView::of),
            traffic: policy.traffic().next().is_some(),
            rate_limit,
            cors: policy.cors.as_ref(),
            timeout: policy.timeout.as_deref(),
            backend_timeout: policy.backend_timeout.as_deref(),
        }
    }
}

/// Where keys are fetched.
#[derive(Debug, Serialize)]
pub(super) struct KeysView<'a> {
    pub service: &'a str,
    /// Where the Service is, if it is not beside the policy.
    pub namespace: Option<&'a str>,
    pub port: u16,
}

impl<'a> KeysView<'a> {
    fn of(mock: &'a str, context: &'a RenderContext) -> Self {
        let namespace = context.mocks.namespace.as_str();
        let namespace = (namespace != context.namespace).then_some(namespace);
        Self { service: mock, namespace, port: context.mocks.port }
    }
}

/// What becomes of headers on one side.
#[derive(Debug, Serialize)]
pub(super) struct HeadersView<'a> {
    pub side: &'static str,
    pub set: Vec<Value>,
    pub add: Vec<Value>,
    pub remove: &'a [String],
}

fn header_sides(headers: &Headers) -> Vec<HeadersView<'_>> {
    let sides = [("request", headers.request.as_ref()), ("response", headers.response.as_ref())];
    sides.into_iter().filter_map(|(side, change)| Some(HeadersView::of(side, change?))).collect()
}

impl<'a> HeadersView<'a> {
    fn of(side: &'static str, change: &'a HeaderChange) -> Self {
        let pairs = |pairs: &IndexMap<String, String>| {
            pairs.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
        };
        Self { side, set: pairs(&change.set), add: pairs(&change.add), remove: &change.remove }
    }
}

/// What prompts and answers may not say.
#[derive(Debug, Serialize)]
pub(super) struct GuardsView<'a> {
    pub streaming: bool,
    pub sides: Vec<GuardSideView<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct GuardSideView<'a> {
    pub side: &'static str,
    pub guards: Vec<GuardView<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct GuardView<'a> {
    pub action: &'static str,
    pub matches: &'a [String],
    pub builtins: &'a [String],
    pub rejection: Option<Value>,
}

impl<'a> GuardsView<'a> {
    fn of(guards: &'a PromptGuard) -> Self {
        let sides = [("request", &guards.request), ("response", &guards.response)];
        let sides = sides.into_iter().filter(|(_, guards)| !guards.is_empty());
        let sides = sides
            .map(|(side, guards)| GuardSideView { side, guards: guards.iter().filter_map(GuardView::of).collect() });
        Self { streaming: guards.streaming, sides: sides.collect() }
    }
}

impl<'a> GuardView<'a> {
    fn of(guard: &'a Guard) -> Option<Self> {
        let (action, finds) = match (&guard.reject, &guard.mask) {
            (Some(finds), _) => ("Reject", finds),
            (None, mask) => ("Mask", mask.as_ref()?),
        };
        let mut rejection = Map::new();
        rejection.extend(guard.message.as_ref().map(|message| ("message".to_owned(), message.as_str().into())));
        rejection.extend(guard.status.map(|status| ("statusCode".to_owned(), status.into())));
        let rejection = (!rejection.is_empty()).then_some(Value::Object(rejection));
        Some(Self { action, matches: &finds.matches, builtins: &finds.builtins, rejection })
    }
}
