//! The one match on steps.

use super::{access, chart, cluster, definitions, gateway_api, host, host_alias, image, mocks, objects, traffic};
use crate::{
    execute::{Done, ExecuteError, World},
    plan::{PlannedStep, Step},
};

/// Looks, acts only on a difference, and proves the result. The caller keeps the deadline.
pub async fn bring_about(planned: &PlannedStep, world: &World) -> Result<Done, ExecuteError> {
    match &planned.step {
        Step::Cluster(spec) => cluster::bring_about(planned, spec, world).await,
        Step::Nodes => cluster::settle(planned, world).await,
        Step::Image(image) => image::build(planned, image, world).await,
        Step::Pull(set) => image::pull(planned, set, world).await,
        Step::Load(set) => image::load(planned, set, world).await,
        Step::GatewayApi(choice) => gateway_api::bring_about(planned, choice, world).await,
        Step::Chart(release) => chart::bring_about(planned, release, world).await,
        Step::Definitions(set) => definitions::bring_about(planned, set, world).await,
        Step::Mocks(set) => mocks::bring_about(planned, set, world).await,
        Step::Objects(set) => objects::bring_about(planned, set, world).await,
        Step::HostAlias => host_alias::bring_about(world).await,
        Step::Host(question) => host::bring_about(question, world).await,
        Step::Access(access) => access::bring_about(planned, access, world).await,
        Step::Traffic(proof) => traffic::bring_about(planned, proof, world).await,
    }
}
