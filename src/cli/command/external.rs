//! Options that name a gateway which is no sandbox's.

use crate::{canonical::GatewayRef, sandbox::External};
use std::path::PathBuf;

/// The variable that holds the token of the mocks' admin API: a secret has no place in a command line.
const TOKEN: &str = "AGW_SANDBOX_MOCKS_TOKEN";

/// Options that name a gateway which is no sandbox's.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "A gateway that is not ours")]
pub struct ExternalArguments {
    /// Where it answers.
    #[arg(long, value_name = "URL", requires = "mocks", conflicts_with = "mutant")]
    pub gateway: Option<String>,
    /// The admin API of mocks that it reaches as `<mock>.agw-mocks.svc`; a token is read from AGW_SANDBOX_MOCKS_TOKEN.
    #[arg(long, value_name = "URL", requires = "gateway")]
    mocks: Option<String>,
    /// The kubeconfig of the cluster that it reads; left out: the usual one.
    #[arg(long, value_name = "FILE", requires = "gateway")]
    kubeconfig: Option<PathBuf>,
    /// The context in it; left out: the current one.
    #[arg(long, value_name = "NAME", requires = "gateway")]
    context: Option<String>,
    /// Its Gateway object.
    #[arg(long, value_name = "NAMESPACE/NAME", requires = "gateway", value_parser = gateway_ref, default_value = "agw-sandbox/ai-gateway")]
    gateway_object: GatewayRef,
    /// Its release.
    #[arg(long, value_name = "VERSION", requires = "gateway", default_value = "1.4.1")]
    gateway_release: String,
    /// The host at which node ports answer; left out: scenarios with Gateways of their own are skipped.
    #[arg(long, value_name = "HOST", requires = "gateway")]
    node_host: Option<String>,
    /// Its metrics, `http://127.0.0.1:15020/metrics`.
    #[arg(long, value_name = "URL", requires = "gateway")]
    metrics: Option<String>,
}

impl ExternalArguments {
    /// What they name, if anything.
    pub fn external(&self) -> Option<External> {
        Some(External {
            gateway_url: self.gateway.clone()?,
            gateway: self.gateway_object.clone(),
            mocks_url: self.mocks.clone()?,
            mocks_token: std::env::var(TOKEN).ok().filter(|token| !token.is_empty()),
            kubeconfig: self.kubeconfig.clone(),
            context: self.context.clone(),
            release: self.gateway_release.clone(),
            node_host: self.node_host.clone(),
            metrics_url: self.metrics.clone(),
        })
    }
}

fn gateway_ref(text: &str) -> Result<GatewayRef, String> {
    match text.split_once('/') {
        Some((namespace, name)) if !namespace.is_empty() && !name.is_empty() => {
            Ok(GatewayRef { namespace: namespace.to_owned(), name: name.to_owned() })
        }
        _ => Err("it is not a namespace and a name with a `/` in between".to_owned()),
    }
}
