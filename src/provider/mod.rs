//! Where a cluster comes from. A provider returns facts (kubeconfig, addresses) and decides nothing else.

mod any;
mod context;
mod embedded;
mod error;
mod facts;
mod identity;
mod kind;
mod name;
mod orbstack;
mod spec;

pub use any::Provider;
pub use context::{
    Agreement, Context, ContextEntry, ContextError, ContextSight, ContextSpec, SharedMarker, local_kind_nodes,
};
pub use embedded::{ACCESS_LOG, Embedded, Handshake, Observed};
pub use error::ProviderError;
pub use facts::{Admin, Background, ClusterFacts, Shared};
pub use kind::{
    HostPort, HostTarget, Kind, KindError, KindFacts, KindMachine, KindObserved, KindSpec, NodeImage, NodeImageSource,
    NodeImageWish, PortMapping, PortWish, await_host_alias, ensure_host_alias, kind_machine,
};
pub use name::{ProviderName, usable};
pub use orbstack::CONTEXT as ORBSTACK_CONTEXT;
pub use spec::{ClusterSpec, EmbeddedSpec};
