//! `agw-sandbox gateway`: the reference gateway in a cluster. Not for people: pods run it.

use super::{interrupt::on_interrupt, log};
use crate::{
    cli::{Exit, Failure},
    gateway::{
        in_cluster::{ControllerPod, InClusterError, ProxyPod, run_controller, run_proxy_pod},
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
    /// The image of the proxies: the one that this program runs from.
    #[arg(long, value_name = "REF", env = "AGW_SANDBOX_IMAGE")]
    image: String,
}

#[derive(Debug, clap::Args)]
struct Proxy {
    /// The Gateway that it serves.
    #[arg(long, value_name = "NAMESPACE/NAME", value_parser = object_name)]
    gateway: ObjectName,
    /// The release that it plays, without `v`.
    #[arg(long, value_name = "RELEASE", default_value = RELEASE)]
    release: String,
}

fn object_name(text: &str) -> Result<ObjectName, String> {
    match text.split_once('/') {
        Some((namespace, name)) if !namespace.is_empty() && !name.is_empty() && !name.contains('/') => {
            Ok(ObjectName { namespace: namespace.to_owned(), name: name.to_owned() })
        }
        _ => Err("it is not a namespace and a name with a `/` in between".to_owned()),
    }
}

impl Gateway {
    /// Runs the command.
    pub async fn run(self) -> Result<Exit, Failure> {
        log::begin();
        let cancel = on_interrupt();
        let client = Client::try_default().await;
        let client = client.map_err(|error| InClusterError::NoCluster { why: error.to_string() })?;
        match self.part {
            Part::Controller(part) => {
                let name = std::env::var("POD_NAME").unwrap_or_else(|_| "agw-sandbox".to_owned());
                run_controller(client, ControllerPod { release: part.release, image: part.image, name }, cancel)
                    .await?;
            }
            Part::Proxy(part) => {
                run_proxy_pod(client, ProxyPod { gateway: part.gateway, release: part.release }, cancel).await?;
            }
        }
        Ok(Exit::Ok)
    }
}
