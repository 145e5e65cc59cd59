//! The options that say what is wished, shared by `up` and `plan`.

use crate::profile::Overrides;
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
            port: self.port,
            context: self.context.clone(),
            host_address: self.host_address,
            self_image: self.self_image.clone(),
            ..Overrides::default()
        }
    }
}

fn address(text: &str) -> Result<IpAddr, String> {
    let address: IpAddr = text.parse().map_err(|_| "192.168.1.20 for example".to_owned())?;
    match address.is_loopback() || address.is_unspecified() {
        true => Err("to a pod, that is the pod itself".to_owned()),
        false => Ok(address),
    }
}
