//! Backends, routes and policies.

use super::{
    RenderContext, Rendered, SecretSpec,
    dialect::{Dialect, Word},
    names::{self, Names},
    policy_view::{PolicyView, TargetView},
    templates,
    view::{BackendView, LlmView, McpTargetView, RouteView, mock_of},
};
use crate::canonical::{
    Backend, CanonicalError, KeySource, LlmProvider, McpServer, Mistake, MockRef, Policy, Target, Wiring, validate,
    words::Authority,
};
use indexmap::IndexMap;

/// Renders a wiring, after checking it.
///
/// # Errors
/// The first mistake in the wiring, or the first thing that the release line cannot say.
pub fn render(wiring: &Wiring, context: &RenderContext) -> Result<Rendered, CanonicalError> {
    validate(wiring)?;
    let dialect = Dialect::of(&context.line)?;
    let mut rendering = Rendering { context, dialect, rendered: Rendered::default(), routes: Vec::new() };
    for (name, backend) in &wiring.backends {
        rendering.backend(name, backend)?;
    }
    rendering.routes(wiring)?;
    let mut names = Names::default();
    for (index, policy) in wiring.policies.iter().enumerate() {
        can_say_policy(dialect, policy, &format!("policies[{index}]"))?;
        rendering.policy(policy, &mut names)?;
    }
    Ok(rendering.rendered)
}

struct Rendering<'a> {
    context: &'a RenderContext,
    dialect: Dialect,
    rendered: Rendered,
    /// Path and object name of every route, for policies.
    routes: Vec<(String, String)>,
}

impl Rendering<'_> {
    fn backend(&mut self, name: &str, backend: &Backend) -> Result<(), CanonicalError> {
        can_say_backend(self.dialect, name, backend)?;
        if let Some(mock) = mock_of(backend) {
            self.need(&mock);
            if let Some(MockRef::Behaving(behaviour)) = &backend.mock {
                self.behaves(&mock, behaviour, &format!("backends.{name}.mock"))?;
            }
        }
        let mcp = backend.mcp.as_ref().map(|servers| {
            servers.iter().filter_map(|(name, server)| self.mcp_target(name, server)).collect::<Vec<_>>()
        });
        let signing = signing(backend);
        let view = BackendView {
            name,
            namespace: &self.context.namespace,
            llm: backend.llm.map(|provider| LlmView::new(backend, provider, self.context, self.dialect)),
            mcp,
            http: backend.http.as_deref().and_then(Authority::parse),
            secret: (backend.key.is_some() || signing.is_some()).then(|| format!("{name}-key")),
            key_header: backend.key_header.as_deref(),
            signs: signing.is_some(),
            aws_region: signing.map(|(region, ..)| region).filter(|_| self.dialect.says(Word::SigningRegion)),
            apis: &backend.apis,
        };
        let objects = templates::render(self.dialect.line, "backend", &view)?;
        self.rendered.objects.extend(objects);
        if let Some(key) = &backend.key {
            self.secret(format!("{name}-key"), IndexMap::from([("Authorization".to_owned(), key.clone())]));
        }
        if let Some((_, access, secret)) = signing {
            let keys = [("accessKey".to_owned(), access.clone()), ("secretKey".to_owned(), secret.clone())];
            self.secret(format!("{name}-key"), IndexMap::from(keys));
        }
        Ok(())
    }

    fn mcp_target<'n>(&mut self, name: &'n str, server: &McpServer) -> Option<McpTargetView<'n>> {
        let (server, path) = match (&server.mock, &server.at) {
            (Some(mock), _) => {
                self.need(mock);
                (self.context.mocks.authority(mock), "/mcp".to_owned())
            }
            (None, Some(at)) => Authority::parse_with_path(at, "/mcp")?,
            (None, None) => return None,
        };
        Some(McpTargetView { name, server, path })
    }

    fn routes(&mut self, wiring: &Wiring) -> Result<(), CanonicalError> {
        let mut names = Names::default();
        for route in &wiring.routes {
            let path = route.path.as_deref().unwrap_or("/");
            let name = names.take(&names::of_path(path));
            let view = RouteView::new(&name, route, self.context);
            self.rendered.objects.extend(templates::render(self.dialect.line, "route", &view)?);
            self.routes.push((path.to_owned(), name));
        }
        Ok(())
    }

    fn policy(&mut self, policy: &Policy, names: &mut Names) -> Result<(), CanonicalError> {
        let name = names.take(&policy_name(policy));
        let secret = policy.api_key.as_ref().map(|_| format!("{name}-keys"));
        let view = PolicyView::new(&name, policy, self.targets(&policy.on), secret.as_deref(), self.context);
        if let Some(mock) = policy.jwt.as_ref().and_then(|jwt| jwt.mock.as_deref()) {
            self.need(mock);
        }
        self.rendered.objects.extend(templates::render(self.dialect.line, "policy", &view)?);
        if let (Some(keys), Some(secret)) = (&policy.api_key, secret) {
            self.secret(secret, keys.clone());
        }
        Ok(())
    }

    fn targets(&self, target: &Target) -> Vec<TargetView> {
        let gateway_api =
            |kind, name: &str| TargetView { group: "gateway.networking.k8s.io", kind, name: name.to_owned() };
        match target {
            Target::Route(path) => self
                .routes
                .iter()
                .filter(|(of, _)| of == path)
                .map(|(_, name)| gateway_api("HTTPRoute", name))
                .collect(),
            Target::Gateway(_) => vec![gateway_api("Gateway", &self.context.gateway.name)],
            Target::Backend(name) => {
                vec![TargetView { group: "agentgateway.dev", kind: "AgentgatewayBackend", name: name.clone() }]
            }
        }
    }

    fn secret(&mut self, name: String, data: IndexMap<String, KeySource>) {
        self.rendered.secrets.push(SecretSpec { namespace: self.context.namespace.clone(), name, data });
    }

    fn need(&mut self, mock: &str) {
        if !self.rendered.mocks.iter().any(|known| known == mock) {
            self.rendered.mocks.push(mock.to_owned());
        }
    }

    fn behaves(
        &mut self,
        mock: &str,
        behaviour: &crate::exchange::Behaviour,
        path: &str,
    ) -> Result<(), CanonicalError> {
        match self.rendered.behaviours.iter().find(|(known, _)| known == mock) {
            None => self.rendered.behaviours.push((mock.to_owned(), behaviour.clone())),
            Some((_, known)) if known == behaviour => {}
            Some(_) => return Err(CanonicalError::new(path, Mistake::TwoBehaviours(mock.to_owned()))),
        }
        Ok(())
    }
}

/// Region and keys of what signs requests to a backend.
fn signing(backend: &Backend) -> Option<(&str, &KeySource, &KeySource)> {
    let bedrock = backend.bedrock.as_ref()?;
    let region = bedrock.region.as_deref().unwrap_or("us-east-1");
    Some((region, bedrock.access_key.as_ref()?, bedrock.secret_key.as_ref()?))
}

fn can_say_backend(dialect: Dialect, name: &str, backend: &Backend) -> Result<(), CanonicalError> {
    let path = |field: &str| format!("backends.{name}.{field}");
    let prefix = backend.path_prefix.as_ref().is_some_and(|prefix| prefix != "none");
    dialect.demand(Word::PathPrefix, prefix, || path("pathPrefix"))?;
    let provider = backend.llm.map_or("", LlmProvider::name);
    let cloud = ["vertex", "azure", "bedrock"].contains(&provider);
    let elsewhere = backend.mock.is_some() || backend.at.is_some();
    dialect.demand(Word::Clouds, cloud || !backend.apis.is_empty(), || path("llm"))?;
    dialect.demand(Word::PathPrefix, elsewhere && (cloud || !backend.apis.is_empty()), || path("mock"))?;
    let foundry = backend.azure.as_ref().is_some_and(|azure| azure.project.is_some());
    dialect.demand(Word::AzureResource, foundry, || path("azure.project"))?;
    dialect.demand(Word::KeyHeader, backend.key_header.is_some(), || path("keyHeader"))?;
    dialect.demand(Word::SigningRegion, elsewhere && signing(backend).is_some(), || path("bedrock.accessKey"))?;
    let any_model = backend.llm == Some(LlmProvider::Gemini) && backend.model.is_none();
    dialect.demand(Word::AnyGeminiModel, any_model, || path("model"))?;
    dialect.demand(Word::PlainKey, backend.llm.is_none() && backend.key.is_some(), || path("key"))
}

fn can_say_policy(dialect: Dialect, policy: &Policy, path: &str) -> Result<(), CanonicalError> {
    dialect.demand(Word::ApiKey, policy.api_key.is_some(), || format!("{path}.apiKey"))?;
    let tokens = policy.rate_limit.as_ref().is_some_and(|limit| limit.tokens.is_some());
    let required = policy.authorize.as_ref().is_some_and(|rules| !rules.require.is_empty());
    let streaming = policy.prompt_guard.as_ref().is_some_and(|guards| guards.streaming);
    for (word, wanted, field) in [
        (Word::Jwt, policy.jwt.is_some(), "jwt"),
        (Word::Authorize, policy.authorize.is_some(), "authorize"),
        (Word::Require, required, "authorize.require"),
        (Word::Csrf, policy.csrf.is_some(), "csrf"),
        (Word::LargestBody, policy.largest_body.is_some(), "largestBody"),
        (Word::Retry, policy.retry.is_some(), "retry"),
        (Word::Headers, policy.headers.is_some(), "headers"),
        (Word::PromptGuard, policy.prompt_guard.is_some(), "promptGuard"),
        (Word::GuardedStreams, streaming, "promptGuard.streaming"),
        (Word::TokenLimit, tokens, "rateLimit.tokens"),
    ] {
        dialect.demand(word, wanted, || format!("{path}.{field}"))?;
    }
    dialect.demand(Word::BackendTimeout, policy.backend_timeout.is_some(), || format!("{path}.backendTimeout"))
}

/// What it is on and what it does: `anthropic-api-key`, `gateway-cors`; several rules are `…-policy`.
fn policy_name(policy: &Policy) -> String {
    let target = match &policy.on {
        Target::Route(path) => names::of_path(path),
        Target::Gateway(_) => "gateway".to_owned(),
        Target::Backend(name) => name.clone(),
    };
    let rules = [
        ("api-key", policy.api_key.is_some()),
        ("limit", policy.rate_limit.is_some()),
        ("jwt", policy.jwt.is_some()),
        ("rules", policy.authorize.is_some()),
        ("csrf", policy.csrf.is_some()),
        ("body", policy.largest_body.is_some()),
        ("retry", policy.retry.is_some()),
        ("headers", policy.headers.is_some()),
        ("guard", policy.prompt_guard.is_some()),
        ("cors", policy.cors.is_some()),
        ("timeout", policy.timeout.is_some()),
        ("backend-timeout", policy.backend_timeout.is_some()),
    ];
    let mut set = rules.into_iter().filter(|(_, set)| *set).map(|(rule, _)| rule);
    match (set.next(), set.next()) {
        (Some(rule), None) => format!("{target}-{rule}"),
        _ => format!("{target}-policy"),
    }
}
