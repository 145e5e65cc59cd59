//! What a gateway tells of itself: metrics and access log.

use crate::canonical::GatewayRef;
use crate::scenario::expect::{LogLine, Samples};
use futures_util::future::BoxFuture;
use std::{fmt, sync::Arc};

/// Asks for something of a Gateway; the error says in words why there is none.
type Ask = Arc<dyn Fn(GatewayRef) -> BoxFuture<'static, Result<String, String>> + Send + Sync>;

/// The ways to what the gateways of a target tell of themselves.
#[derive(Clone)]
pub struct Observations {
    metrics: Ask,
    log: Ask,
}

impl Observations {
    /// By asking somebody who knows: for metrics in Prometheus' text form, and for the last lines of the access log.
    pub fn new(
        metrics: impl Fn(GatewayRef) -> BoxFuture<'static, Result<String, String>> + Send + Sync + 'static,
        log: impl Fn(GatewayRef) -> BoxFuture<'static, Result<String, String>> + Send + Sync + 'static,
    ) -> Self {
        Self { metrics: Arc::new(metrics), log: Arc::new(log) }
    }

    /// None, for this reason.
    pub fn none(why: &str) -> Self {
        let refuse = |why: String| {
            move |_: GatewayRef| -> BoxFuture<'static, Result<String, String>> {
                let why = why.clone();
                Box::pin(async move { Err(why) })
            }
        };
        Self::new(refuse(why.to_owned()), refuse(why.to_owned()))
    }

    /// The metrics of a Gateway.
    pub(super) async fn metrics(&self, gateway: &GatewayRef) -> Result<Samples, String> {
        Ok(Samples::parse(&(self.metrics)(gateway.clone()).await?))
    }

    /// The lines of a Gateway's access log that tell of requests for a host.
    pub(super) async fn log(&self, gateway: &GatewayRef, host: &str) -> Result<Vec<String>, String> {
        let text = (self.log)(gateway.clone()).await?;
        let tells = |line: &&str| line.contains(host) && LogLine::parse(line).field("http.host") == Some(host);
        Ok(text.lines().filter(tells).map(str::to_owned).collect())
    }
}

impl fmt::Debug for Observations {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Observations")
    }
}
