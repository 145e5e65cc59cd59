//! The options that say what is wished, shared by `up` and `plan`.

use crate::profile::Overrides;

/// What is wished.
#[derive(Debug, clap::Args)]
pub struct Wish {
    /// A built-in profile or a file.
    #[arg(long, short, value_name = "NAME|FILE", default_value = "quickstart")]
    pub profile: String,
    /// Where the cluster comes from: auto, orbstack, kind, embedded.
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
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
            ..Overrides::default()
        }
    }
}
