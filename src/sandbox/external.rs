//! A gateway that is no sandbox's: told by its URL, its cluster's API, and the mocks that it reaches.

use super::SandboxError;
use crate::{
    canonical::GatewayRef,
    exchange::MockAdmin,
    scenario::{self, Observations, Target, TargetFacts, Ways},
};
use kube::config::{KubeConfigOptions, Kubeconfig};
use std::path::PathBuf;

/// Where everything is that scenarios need.
#[derive(Debug, Clone)]
pub struct External {
    /// Where the gateway answers.
    pub gateway_url: String,
    /// Its Gateway object.
    pub gateway: GatewayRef,
    /// The admin API of the mocks.
    pub mocks_url: String,
    /// Its bearer token.
    pub mocks_token: Option<String>,
    /// The kubeconfig of the cluster that the gateway reads; left out: the usual one.
    pub kubeconfig: Option<PathBuf>,
    /// The context in it; left out: the current one.
    pub context: Option<String>,
    /// The release that the gateway is, `1.4.1`.
    pub release: String,
    /// The host at which node ports answer, for Gateways of scenarios' own; left out: those scenarios are skipped.
    pub node_host: Option<String>,
    /// Its metrics, `http://127.0.0.1:15020/metrics`.
    pub metrics_url: Option<String>,
}

impl External {
    /// What scenarios run against.
    ///
    /// # Errors
    /// The kubeconfig or the URL of the mocks is of no use.
    pub async fn target(&self) -> Result<Target, SandboxError> {
        let unusable = |what: &str, why: String| SandboxError::External { what: what.to_owned(), why };
        let cluster = self.cluster().await.map_err(|why| unusable("the kubeconfig", why))?;
        let mocks = MockAdmin::new(&self.mocks_url, self.mocks_token.clone())
            .map_err(|error| unusable("--mocks", error.to_string()))?;
        mocks.urls().await.map_err(|error| unusable("--mocks", error.to_string()))?;
        reqwest::Url::parse(&self.gateway_url).map_err(|error| unusable("--gateway", error.to_string()))?;
        Ok(Target {
            ways: Ways::at_node_ports(self.node_host.as_deref().unwrap_or("127.0.0.1")),
            gateway_url: self.gateway_url.clone(),
            gateway: self.gateway.clone(),
            cluster,
            mocks,
            observations: self.observations(),
            facts: TargetFacts {
                line: line_of(&self.release),
                release: self.release.clone(),
                provider: if self.node_host.is_some() { "external" } else { scenario::ONE_GATEWAY }.to_owned(),
                implementation: "real".to_owned(),
            },
        })
    }

    async fn cluster(&self) -> Result<kube::Client, String> {
        let file = match &self.kubeconfig {
            Some(path) => Kubeconfig::read_from(path),
            None => Kubeconfig::read(),
        };
        let file = file.map_err(|error| error.to_string())?;
        let chosen = KubeConfigOptions { context: self.context.clone(), ..KubeConfigOptions::default() };
        let config = kube::Config::from_custom_kubeconfig(file, &chosen).await.map_err(|error| error.to_string())?;
        kube::Client::try_from(config).map_err(|error| error.to_string())
    }

    fn observations(&self) -> Observations {
        let none = "the access log of a gateway that is not ours cannot be read from here";
        let Some(url) = self.metrics_url.clone() else { return Observations::none("--metrics URL was not given") };
        Observations::new(
            move |_| {
                let url = url.clone();
                Box::pin(async move { super::observations::metrics_at(&url).await.map_err(|error| error.to_string()) })
            },
            move |_| Box::pin(async move { Err(none.to_owned()) }),
        )
    }
}

/// The line of a release: that of its first two numbers.
fn line_of(release: &str) -> String {
    let minor: Vec<&str> = release.trim_start_matches('v').split('.').take(2).collect();
    let product = if minor.first() == Some(&"2") && minor.get(1) != Some(&"2") { "kgateway" } else { "agentgateway" };
    format!("{product}-{}", minor.join("."))
}
