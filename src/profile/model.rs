//! A whole profile, after all layers.

use super::{MocksAt, SupplyWish};
use crate::canonical::{Backend, Policy, Route, Wiring};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::path::PathBuf;

/// The first line of every file that people write.
pub const SCHEMA: &str = "agw-sandbox/v1";

/// What the user wants, complete: what no layer says has its default here.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// Name of the built-in profile, or the file's name without its ending.
    #[serde(skip)]
    pub name: String,
    /// One line about it.
    pub title: String,
    /// The release as it was written, `agentgateway-1.4` or `agentgateway 1.4.1`; none: the newest line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// Where the cluster comes from.
    pub cluster: Cluster,
    /// The gateway.
    pub gateway: Gateway,
    /// Backends by name.
    pub backends: IndexMap<String, Backend>,
    /// Routes to them.
    pub routes: Vec<Route>,
    /// Policies on them.
    pub policies: Vec<Policy>,
    /// Scenarios or tags of scenarios that `up` runs.
    pub scenarios: Vec<String>,
    /// Where the parts of the release come from.
    #[serde(flatten)]
    pub supply: SupplyWish,
    /// The mocks.
    pub mocks: Mocks,
    /// Folder of resource definitions that are used instead of the built-in ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definitions: Option<PathBuf>,
    /// What a file or a flag said, in contrast to a built-in profile or a default.
    #[serde(skip)]
    pub said: BTreeSet<Setting>,
}

impl Profile {
    /// Backends, routes and policies together, as the canonical room takes them.
    pub fn wiring(&self) -> Wiring {
        Wiring { backends: self.backends.clone(), routes: self.routes.clone(), policies: self.policies.clone() }
    }

    /// The whole profile as a file that loads to the same again.
    pub fn describe(&self) -> Result<String, serde_yaml::ser::Error> {
        #[derive(Serialize)]
        struct File<'a> {
            schema: &'static str,
            kind: &'static str,
            #[serde(flatten)]
            profile: &'a Profile,
        }
        serde_yaml::to_string(&File { schema: SCHEMA, kind: "Profile", profile: self })
    }

    /// Whether a file or a flag said it. A port that was said and is in use is an error, the default one gives way.
    pub fn says(&self, setting: Setting) -> bool {
        self.said.contains(&setting)
    }
}

/// A setting that some layer can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setting {
    /// `release`.
    Release,
    /// `cluster.provider`.
    Provider,
    /// `cluster.kubernetes`.
    Kubernetes,
    /// `cluster.context`.
    Context,
    /// `cluster.hostAddress`.
    HostAddress,
    /// `cluster.selfImage`.
    SelfImage,
    /// `gateway.implementation`.
    Implementation,
    /// `gateway.name`.
    GatewayName,
    /// `gateway.listeners`, and with them their ports.
    Listeners,
    /// `gateway.logging`.
    Logging,
    /// `backends`.
    Backends,
    /// `routes`.
    Routes,
    /// `policies`.
    Policies,
    /// `scenarios`.
    Scenarios,
    /// `definitions`.
    Definitions,
    /// `gatewayApi`, `charts`, `images`, `mirrors` or `certificates`.
    Supply,
    /// `mocks`.
    Mocks,
    /// `cluster.nodeImage`.
    NodeImage,
}

/// Where the cluster comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cluster {
    /// The provider.
    pub provider: ProviderChoice,
    /// Wanted minor version of Kubernetes, `1.34`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kubernetes: Option<String>,
    /// The context of a cluster of the user's, for provider `context`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// The address by which pods of such a cluster reach this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_address: Option<IpAddr>,
    /// The image of this program in a registry, where the cluster cannot be given one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub self_image: Option<String>,
    /// Image of a kind node; none: the best for that version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node_image: Option<String>,
}

/// The mocks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mocks {
    /// Where they run.
    pub at: MocksAt,
}

/// A provider by name, or the best that is usable.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProviderChoice {
    /// The best that is usable: OrbStack, kind, embedded.
    #[default]
    Auto,
    /// kind on Docker or Podman.
    Kind,
    /// OrbStack's built-in cluster.
    Orbstack,
    /// A cluster of the user's, named with `--context`.
    Context,
    /// No cluster: the real proxy binary.
    Standalone,
    /// No cluster: a Kubernetes API and a reference gateway in one process.
    Embedded,
}

impl ProviderChoice {
    /// Every name that can be written.
    pub const NAMES: [&'static str; 6] = ["auto", "kind", "orbstack", "context", "standalone", "embedded"];

    /// The provider of that name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "auto" => Self::Auto,
            "kind" => Self::Kind,
            "orbstack" => Self::Orbstack,
            "context" => Self::Context,
            "standalone" => Self::Standalone,
            "embedded" => Self::Embedded,
            _ => return None,
        })
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Kind => "kind",
            Self::Orbstack => "orbstack",
            Self::Context => "context",
            Self::Standalone => "standalone",
            Self::Embedded => "embedded",
        }
    }
}

/// The gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gateway {
    /// Who plays the release; none: what the provider does best.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub implementation: Option<Implementation>,
    /// Name of the Gateway object; never that of the helm release.
    pub name: String,
    /// Where it listens, at least one.
    pub listeners: Vec<Listener>,
    /// What it logs.
    pub logging: Logging,
}

impl Default for Gateway {
    fn default() -> Self {
        Self {
            implementation: None,
            name: "ai-gateway".to_owned(),
            listeners: vec![Listener { name: "http".to_owned(), port: 8080, hostname: None }],
            logging: Logging::default(),
        }
    }
}

/// Who plays the release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Implementation {
    /// The charts and images of the release.
    Real,
    /// The reference gateway of agw-sandbox.
    Reference,
}

/// A port that the gateway listens on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Listener {
    /// Its name, unique within the gateway: `http` for the first, `http-PORT` for the others unless it was said.
    pub name: String,
    /// TCP port, 1 to 65535.
    pub port: u16,
    /// Host name that requests must have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
}

/// What the gateway logs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Logging {
    /// The least important level that is logged.
    pub level: LogLevel,
}

/// A level of importance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogLevel {
    /// Everything.
    Trace,
    /// What helps to find a mistake.
    Debug,
    /// What happened.
    #[default]
    Info,
    /// What looks wrong.
    Warn,
    /// What went wrong.
    Error,
}
