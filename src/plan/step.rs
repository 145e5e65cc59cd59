//! What `up` can do to the world. Closed on purpose: new work is a new variant here and a file in `execute/`.

use crate::canonical::SecretSpec;
use crate::cluster::ObjectKey;
use crate::exchange::Behaviour;
use crate::provider::ClusterSpec;
use crate::resolve::{BundleChoice, ChartChoice, ImageChoice};
use serde::Serialize;
use serde_json::Value;

/// One thing to bring about. Every argument is known before the first side effect.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Step {
    /// A cluster that answers.
    Cluster(ClusterSpec),
    /// That cluster, whole: its API may answer before all of it is there.
    Nodes,
    /// An image of our own executable.
    Image(SelfImageSpec),
    /// Images of the release that Docker has, under their digests.
    Pull(ImageSet),
    /// Images of Docker's in the nodes of the cluster.
    Load(LoadSet),
    /// The resource definitions of Gateway API.
    GatewayApi(BundleChoice),
    /// A chart of the release that is installed.
    Chart(Box<ChartRelease>),
    /// Resource definitions that are served.
    Definitions(DefinitionSet),
    /// Mocks that have endpoints.
    Mocks(MockSet),
    /// Objects that are ready.
    Objects(ObjectSet),
    /// `host.internal` as the name of this machine in pods.
    HostAlias,
    /// This machine as a Service, on a cluster whose name service is not ours.
    HostService(HostServiceSpec),
    /// What the host offers to the gateway.
    Host(HostQuestion),
    /// A URL of the gateway that works from here.
    Access(AccessSpec),
    /// Requests that the gateway answers.
    Traffic(TrafficProof),
}

/// Resource definitions, named by their digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DefinitionSet {
    /// `agentgateway-1.4`, or a folder.
    pub source: String,
    /// What people call them.
    pub about: String,
    /// Names of the definitions.
    pub names: Vec<String>,
    /// SHA-256 over all of them.
    pub sha256: String,
    /// Whether they are applied without the marks that only the embedded API understands.
    pub plain: bool,
}

/// The image of our own executable, named by its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SelfImageSpec {
    /// Name and tag.
    pub reference: String,
}

/// Images of the release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImageSet {
    /// They, by their digests.
    pub images: Vec<ImageChoice>,
}

/// Images that nodes are given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LoadSet {
    /// Their names in Docker and in pods.
    pub references: Vec<String>,
}

/// A chart to install, and what it must bring.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChartRelease {
    /// The chart and how it is installed.
    #[serde(flatten)]
    pub choice: ChartChoice,
    /// The sandbox that its namespace belongs to.
    pub sandbox: String,
    /// Objects that must be among those of the chart, under exactly these names.
    pub brings: Vec<ObjectKey>,
    /// What must be ready afterwards, in order; definitions of the chart must be in any case.
    pub ready: Vec<ObjectKey>,
}

/// Mocks as Services, and who they are for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MockSet {
    /// The namespace and the Services, in order.
    pub objects: Vec<Value>,
    /// Services that must get endpoints.
    pub services: Vec<ObjectKey>,
    /// The Secret with the token of their admin API, made if it is not there; `None` where they need none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<ObjectKey>,
    /// Whether they are a process of this machine, to which the Services lead.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub on_host: bool,
    /// How mocks behave towards the profile's own backends, by the mock's name.
    pub behaviours: Vec<(String, Behaviour)>,
}

/// Objects to apply together.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectSet {
    /// The set's name; objects that left it are removed.
    pub set: String,
    /// Namespace of the set.
    pub namespace: String,
    /// Objects in order.
    pub objects: Vec<Value>,
    /// Secrets, whose values are read when they are written.
    pub secrets: Vec<SecretSpec>,
    /// What must be ready afterwards, in order.
    pub ready: Vec<ObjectKey>,
}

/// This machine as a Service.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HostServiceSpec {
    /// Service and EndpointSlice; none where no backend is on this machine, or its address is not known.
    pub objects: Vec<Value>,
    /// Optional backends that were left out, because pods would not reach this machine.
    pub left_out: Vec<String>,
}

/// The Ollama that a backend leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HostQuestion {
    /// `host:port` as the profile says it; `host.internal` is this machine.
    pub authority: String,
    /// The model that must be there; none: any will do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Whether pods must reach it, not only this machine.
    pub pods: bool,
}

/// Which Gateway to reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccessSpec {
    /// Namespace of the Gateway.
    pub namespace: String,
    /// Name of the Gateway and of its Service.
    pub gateway: String,
    /// Port of the listener.
    pub port: u16,
}

/// Requests in a row that must be answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrafficProof {
    /// How many.
    pub requests: u32,
    /// What is asked.
    pub probe: Probe,
}

/// What is asked of a gateway to see that it works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Probe {
    /// A chat completion on this path, which a mock answers.
    Chat {
        /// Path with the route's prefix.
        path: String,
    },
    /// Any answer of the gateway, a 404 as well: no route leads to something that may be asked for nothing.
    Any,
}
