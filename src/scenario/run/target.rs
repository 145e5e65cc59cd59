//! What scenarios run against, and how.

use super::observations::Observations;
use crate::canonical::GatewayRef;
use crate::exchange::MockAdmin;
use futures_util::future::BoxFuture;
use serde_json::Value;
use std::{fmt, sync::Arc, time::Duration};

/// A gateway, its cluster and its mocks. Scenarios know nothing of the provider behind them.
#[derive(Clone)]
pub struct Target {
    /// The ways to Gateways of scenarios' own.
    pub ways: Ways,
    /// Where the gateway answers, `http://127.0.0.1:8080`.
    pub gateway_url: String,
    /// Its Gateway object.
    pub gateway: GatewayRef,
    /// The cluster.
    pub cluster: kube::Client,
    /// The recorder and the behaviour of the mocks.
    pub mocks: MockAdmin,
    /// What its gateways tell of themselves.
    pub observations: Observations,
    /// What is known of it.
    pub facts: TargetFacts,
}

/// How a Service is reached from here.
#[derive(Clone)]
pub struct Ways(Arc<dyn Fn(Value) -> BoxFuture<'static, Option<String>> + Send + Sync>);

impl Ways {
    /// By asking somebody who knows; `None`: no way is there yet.
    pub fn new(find: impl Fn(Value) -> BoxFuture<'static, Option<String>> + Send + Sync + 'static) -> Self {
        Self(Arc::new(find))
    }

    /// By node ports of one host.
    pub fn at_node_ports(host: &str) -> Self {
        let host = host.to_owned();
        Self::new(move |service| {
            let port = service.pointer("/spec/ports/0/nodePort").and_then(Value::as_u64);
            let url = port.map(|port| format!("http://{host}:{port}"));
            Box::pin(async move { url })
        })
    }

    pub(super) async fn to(&self, service: Value) -> Option<String> {
        (self.0)(service).await
    }
}

/// What is known of a target before anything is asked of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetFacts {
    /// Release line, `agentgateway-1.4`.
    pub line: String,
    /// Release, `1.4.1`.
    pub release: String,
    /// Where the cluster comes from: `embedded`, `kind` …
    pub provider: String,
    /// `reference` or `real`.
    pub implementation: String,
}

impl TargetFacts {
    /// How long a controller may take to say what it thinks of an object: one in a pod shares its node with all others.
    pub(super) fn settles_within(&self) -> Duration {
        match self.provider.as_str() {
            "embedded" => Duration::ZERO,
            _ => Duration::from_secs(15),
        }
    }
}

impl fmt::Display for TargetFacts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.implementation.as_str() {
            "reference" => write!(formatter, "{}, reference gateway", self.provider),
            _ => {
                let product = self.line.split('-').next().unwrap_or_default();
                write!(formatter, "{}, {product} {}", self.provider, self.release)
            }
        }
    }
}

/// How scenarios run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunOptions {
    /// Seed of their order.
    pub seed: u64,
    /// How many at a time.
    pub parallel: usize,
    /// How long each may take, preparation included.
    pub deadline: Duration,
    /// Whether one that fails is tried again, to tell what is flaky from what is broken.
    pub second_try: bool,
    /// Whether what passes keeps its evidence too.
    pub keeps_evidence: bool,
}

impl RunOptions {
    /// Eight at a time, ten seconds each.
    pub fn seeded(seed: u64) -> Self {
        Self { seed, parallel: 8, deadline: Duration::from_secs(10), second_try: true, keeps_evidence: false }
    }
}
