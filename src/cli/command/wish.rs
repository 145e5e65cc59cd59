//! The options that say what is wished, shared by `up` and `plan`.

use crate::profile::{IMAGES, Implementation, MocksAt, Overrides};
use std::net::IpAddr;

/// What is wished.
#[derive(Debug, clap::Args)]
pub struct Wish {
    /// A built-in profile or a file.
    #[arg(long, short, value_name = "NAME|FILE", default_value = "quickstart")]
    pub profile: String,
    /// Where the cluster comes from: auto, orbstack (untested on a real OrbStack and on macOS), kind (on Podman untested),
    /// context, embedded.
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
    /// A cluster of yours, by its context in your kubeconfig, which is only read.
    #[arg(long, value_name = "NAME")]
    context: Option<String>,
    /// The address by which its pods reach this machine, for backends at host.internal.
    #[arg(long, value_name = "IP", value_parser = address)]
    host_address: Option<IpAddr>,
    /// An image of agw-sandbox in a registry, for a cluster that cannot be given one by this machine.
    #[arg(long, value_name = "REF")]
    self_image: Option<String>,
    /// The release to play: a line such as agentgateway-1.4, or "agentgateway 1.4.1".
    #[arg(long, value_name = "LINE|RELEASE")]
    release: Option<String>,
    /// Who plays the release: its own charts (real), or the reference gateway of this program.
    #[arg(long, value_name = "real|reference", value_parser = implementation)]
    gateway: Option<Implementation>,
    /// Minor version of Kubernetes, such as 1.34.
    #[arg(long, value_name = "MINOR")]
    kubernetes: Option<String>,
    /// A chart of your own, a path or oci://…, instead of the release's of the same name.
    #[arg(long = "chart", value_name = "PATH|OCI")]
    charts: Vec<String>,
    /// An image of your own for the controller or the proxy; one that Docker has is given to the nodes.
    #[arg(long = "image", value_name = "NAME=REFERENCE", value_parser = image)]
    images: Vec<(String, String)>,
    /// Where the mocks run: as pods, or on this machine.
    #[arg(long, value_name = "WHERE", value_enum)]
    mocks: Option<MocksAt>,
    /// The port of the gateway; exactly this one, or it is an error.
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
}

impl Wish {
    /// The layer of the flags.
    pub fn flags(&self) -> Overrides {
        Overrides {
            release: self.release.clone(),
            provider: self.provider.clone(),
            kubernetes: self.kubernetes.clone(),
            implementation: self.gateway,
            port: self.port,
            charts: self.charts.clone(),
            images: self.images.clone(),
            mocks: self.mocks,
            context: self.context.clone(),
            host_address: self.host_address,
            self_image: self.self_image.clone(),
            scenarios: None,
        }
    }
}

fn implementation(text: &str) -> Result<Implementation, String> {
    match text {
        "real" => Ok(Implementation::Real),
        "reference" => Ok(Implementation::Reference),
        _ => Err("real or reference".to_owned()),
    }
}

fn image(text: &str) -> Result<(String, String), String> {
    let wrong = || format!("write it as {}=REFERENCE", IMAGES.join("=REFERENCE or "));
    let (name, reference) = text.split_once('=').ok_or_else(wrong)?;
    if !IMAGES.contains(&name) || reference.is_empty() {
        return Err(wrong());
    }
    Ok((name.to_owned(), reference.to_owned()))
}

fn address(text: &str) -> Result<IpAddr, String> {
    let address: IpAddr = text.parse().map_err(|_| "192.168.1.20 for example".to_owned())?;
    match address.is_loopback() || address.is_unspecified() {
        true => Err("to a pod, that is the pod itself".to_owned()),
        false => Ok(address),
    }
}
