//! `agw-sandbox gateway`: the reference gateway in a cluster. Not for people: pods run it.

use super::{interrupt::on_interrupt, log};
use crate::{
    cli::{Exit, Failure},
    gateway::{
        controller::{Identity, ProxyImage},
        in_cluster::{ChartSettings, ControllerPod, InClusterError, ProxyPod, run_controller, run_proxy_pod},
        table::ObjectName,
    },
};
use kube::Client;

/// The release that is played unless another is named.
const RELEASE: &str = "1.4.1";

/// Run the reference gateway in a cluster.
#[derive(Debug, clap::Args)]
pub struct Gateway {
    #[command(subcommand)]
    part: Part,
}

#[derive(Debug, clap::Subcommand)]
enum Part {
    /// The controller: reports on resources, and makes a proxy for each Gateway.
    Controller(Controller),
    /// The proxy of one Gateway.
    Proxy(Proxy),
}

#[derive(Debug, clap::Args)]
struct Controller {
    /// The release that it plays, without `v`.
    #[arg(long, value_name = "RELEASE", default_value = RELEASE)]
    release: String,
    /// The image of the proxies: the one that this program runs from. Left out: a chart has installed the controller, and
    /// its settings are read from the environment.
    #[arg(long, value_name = "REF", env = "AGW_SANDBOX_IMAGE")]
    image: Option<String>,
}

#[derive(Debug, clap::Args)]
struct Proxy {
    /// The Gateway that it serves.
    #[arg(long, value_name = "NAMESPACE/NAME", value_parser = object_name)]
    gateway: ObjectName,
    /// The release that it plays, without `v`.
    #[arg(long, value_name = "RELEASE", default_value = RELEASE)]
    release: String,
    /// The name by which its controller claims classes, where it is not that of the release.
    #[arg(long, value_name = "NAME")]
    controller_name: Option<String>,
    /// The namespace of its controller, where it is not that of the release.
    #[arg(long, value_name = "NAMESPACE")]
    system_namespace: Option<String>,
}

impl Controller {
    /// How it runs, and how much it says.
    fn pod(self) -> (ControllerPod, Option<String>, Vec<String>) {
        let name = std::env::var("POD_NAME").unwrap_or_else(|_| "agw-sandbox".to_owned());
        match self.image {
            Some(image) => {
                let identity = Identity::of(&self.release);
                (
                    ControllerPod { image: ProxyImage::Fixed(image), identity, name, release: self.release },
                    None,
                    Vec::new(),
                )
            }
            None => {
                let settings = ChartSettings::read(&self.release, |name| std::env::var(name).ok());
                let ChartSettings { identity, image, log_level, ignored } = settings;
                (ControllerPod { image, identity, name, release: self.release }, log_level, ignored)
            }
        }
    }
}

impl Proxy {
    fn pod(self) -> ProxyPod {
        let mut identity = Identity::of(&self.release);
        identity.controller = self.controller_name.unwrap_or(identity.controller);
        identity.namespace = self.system_namespace.unwrap_or(identity.namespace);
        ProxyPod { gateway: self.gateway, release: self.release, identity }
    }
}

fn object_name(text: &str) -> Result<ObjectName, String> {
    match text.split_once('/') {
        Some((namespace, name)) if !namespace.is_empty() && !name.is_empty() && !name.contains('/') => {
            Ok(ObjectName { namespace: namespace.to_owned(), name: name.to_owned() })
        }
        _ => Err("it is not a namespace and a name with a `/` in between".to_owned()),
    }
}

/// The variable by which a proxy is told how much to say.
const LOG_LEVEL: &str = "RUST_LOG";

async fn client() -> Result<Client, InClusterError> {
    Client::try_default().await.map_err(|error| InClusterError::NoCluster { why: error.to_string() })
}

impl Gateway {
    /// Runs the command.
    pub async fn run(self) -> Result<Exit, Failure> {
        let cancel = on_interrupt();
        match self.part {
            Part::Controller(part) => {
                let (pod, level, ignored) = part.pod();
                log::begin(level.as_deref());
                for setting in ignored {
                    tracing::warn!("the reference gateway does not implement {setting}");
                }
                run_controller(client().await?, pod, cancel).await?;
            }
            Part::Proxy(part) => {
                log::begin(std::env::var(LOG_LEVEL).ok().as_deref());
                run_proxy_pod(client().await?, part.pod(), cancel).await?;
            }
        }
        Ok(Exit::Ok)
    }
}
