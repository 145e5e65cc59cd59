//! One call of a backend: what it needs to know of the request, and the way upstream.

use super::{
    body::Body,
    headers,
    refusal::Refusal,
    serve::within,
    shared::{Acting, Shared},
    telemetry::{Account, Reason},
    upstream::Destination,
};
use crate::gateway::{
    Mutant,
    table::{ApiKeyAuth, Authority, BackendAuth, Cors, DirectAnswer, LocalRateLimit, Policies, Retry, Rule},
};
use http::{HeaderMap, HeaderValue, Request, Response, header, request};
use std::{net::IpAddr, time::Duration};

/// The policies that hold for a request: those of its rule over those of its listener, field by field.
#[derive(Clone, Copy)]
pub struct Layers<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// Policies of the listener.
    pub listener: &'a Policies,
}

impl<'a> Layers<'a> {
    /// A field: the rule's, else the listener's.
    pub fn field<T>(self, field: impl Fn(&'a Policies) -> Option<T>) -> Option<T> {
        field(&self.rule.policies).or_else(|| field(self.listener))
    }

    /// API keys.
    pub fn api_key(self) -> Option<&'a ApiKeyAuth> {
        self.field(|policies| policies.api_key.as_ref())
    }

    /// Local limits.
    pub fn rate_limits(self) -> &'a [LocalRateLimit] {
        self.field(|policies| policies.rate_limits.as_deref()).unwrap_or_default()
    }

    /// Calls that are made again.
    pub fn retry(self) -> Option<&'a Retry> {
        self.field(|policies| policies.retry.as_ref())
    }

    /// Cross-origin rules.
    pub fn cors(self) -> Option<&'a Cors> {
        self.field(|policies| policies.cors.as_ref())
    }

    /// Answers that the gateway gives itself.
    pub fn direct(self) -> Option<&'a [DirectAnswer]> {
        self.field(|policies| policies.direct.as_deref())
    }

    /// Time for the whole request.
    pub fn request_timeout(self) -> Option<Duration> {
        self.rule.request_timeout.or_else(|| self.field(|policies| policies.request_timeout))
    }

    fn backend_timeout(self, backend: Option<&Policies>) -> Option<Duration> {
        let backends = || backend.and_then(|policies| policies.backend_request_timeout);
        let layered = || self.field(|policies| policies.backend_request_timeout);
        self.rule.backend_request_timeout.or_else(backends).or_else(layered)
    }

    /// The credential for a backend: its own, the rule's, that of policies on the backend, the listener's. Source:
    /// facts/manifests.md 11.
    pub fn backend_auth<'p>(
        self,
        own: Option<&'p BackendAuth>,
        backend: Option<&'p Policies>,
    ) -> Option<&'p BackendAuth>
    where
        'a: 'p,
    {
        own.or(self.rule.policies.backend_auth.as_ref())
            .or_else(|| backend.and_then(|policies| policies.backend_auth.as_ref()))
            .or(self.listener.backend_auth.as_ref())
    }
}

/// A call of a backend on behalf of a client.
pub struct Call<'a> {
    /// The proxy.
    pub shared: &'a Shared,
    /// How it misbehaves.
    pub acting: Acting,
    /// Policies.
    pub layers: Layers<'a>,
    /// Host that the client asked for, port included.
    pub client_host: HeaderValue,
    /// Host that a URLRewrite asks for.
    pub rewritten_host: Option<HeaderValue>,
    /// What is told of the request.
    pub account: Account,
    /// Whether another call follows at once if this one fails.
    pub repeats: bool,
}

impl Call<'_> {
    /// Host for a backend that is named: the rewritten one, a name without its port, or the client's for an address.
    /// Source: facts/manifests.md 0.
    pub fn host_for(&self, backend: &str) -> HeaderValue {
        if let Some(host) = &self.rewritten_host {
            return host.clone();
        }
        if backend.parse::<IpAddr>().is_ok() {
            return self.client_host.clone();
        }
        HeaderValue::from_str(backend).unwrap_or_else(|_| self.client_host.clone())
    }

    /// Makes the headers of a client fit for an upstream.
    pub fn prepare(&self, headers: &mut HeaderMap, host: HeaderValue) {
        headers::strip_hop_by_hop(headers);
        headers::renew_span(headers);
        headers.remove(header::EXPECT);
        headers.insert(header::HOST, host);
    }

    /// Where a named backend is.
    pub async fn destination(&self, authority: &Authority, tls: bool) -> Result<Destination, Refusal> {
        if tls {
            return Ok(Destination::Tls(authority.host.clone(), authority.port));
        }
        self.shared.names.host(&authority.host, authority.port).await.map(Destination::Plain)
    }

    /// Calls an upstream within the backend's time.
    pub async fn upstream(
        &self,
        backend: Option<&Policies>,
        destination: &Destination,
        parts: request::Parts,
        body: Body,
    ) -> Result<Response<Body>, Refusal> {
        let deadline = self.layers.backend_timeout(backend).filter(|_| !self.acting.is(Mutant::TimeoutIgnored));
        let call = self.shared.upstream.call(destination, Request::from_parts(parts, body));
        let endpoint = destination.to_string();
        self.account.note(|facts| facts.endpoint = Some(endpoint));
        let mut response = within(deadline, Refusal::UpstreamTimeout, call).await?;
        self.account.note(|facts| facts.reason = Some(Reason::Upstream));
        headers::strip_hop_by_hop(response.headers_mut());
        Ok(response)
    }
}
