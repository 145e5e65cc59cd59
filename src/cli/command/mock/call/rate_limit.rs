//! `agw-sandbox mock call rate-limit`.

use super::pair::entry;
use super::target::{CallError, Target};
use crate::cli::{Exit, Failure};
use crate::mock::shown_limit;
use crate::report::print_data;
use crate::sandbox::SandboxName;
use envoy_types::pb::envoy::extensions::common::ratelimit::v3::RateLimitDescriptor;
use envoy_types::pb::envoy::extensions::common::ratelimit::v3::rate_limit_descriptor::Entry;
use envoy_types::pb::envoy::service::ratelimit::v3::RateLimitRequest;
use envoy_types::pb::envoy::service::ratelimit::v3::rate_limit_service_client::RateLimitServiceClient;

/// The descriptor that is hit.
#[derive(Debug, clap::Args)]
pub(super) struct RateLimit {
    #[command(flatten)]
    target: Target,
    /// The domain of the limits.
    #[arg(long, value_name = "NAME", default_value = "demo")]
    domain: String,
    /// An entry of the descriptor; may be repeated.
    #[arg(long, value_name = "KEY=VALUE", value_parser = entry, default_value = "user=alice")]
    entry: Vec<(String, String)>,
    /// How many hits it adds; 0 means 1.
    #[arg(long, value_name = "COUNT", default_value_t = 1)]
    hits: u32,
    /// How many times it is called.
    #[arg(long, value_name = "COUNT", default_value_t = 1)]
    times: u32,
}

impl RateLimit {
    pub(super) async fn run(self, sandbox: SandboxName) -> Result<Exit, Failure> {
        let mut client = RateLimitServiceClient::new(self.target.connect(sandbox, "rate-limit").await?);
        let entries = self.entry.into_iter().map(|(key, value)| Entry { key, value }).collect();
        let descriptor = RateLimitDescriptor { entries, ..RateLimitDescriptor::default() };
        let asked = RateLimitRequest { domain: self.domain, descriptors: vec![descriptor], hits_addend: self.hits };
        for _ in 0..self.times {
            let request = self.target.request(asked.clone());
            let answer = client.should_rate_limit(request).await.map_err(CallError::from)?.into_inner();
            print_data(&shown_limit(&answer).to_string());
        }
        Ok(Exit::Ok)
    }
}
