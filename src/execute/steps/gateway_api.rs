//! The resource definitions of Gateway API, as upstream released them.

use super::verbatim;
use crate::{
    chart::{BundleSource, BundleWanted},
    execute::{Done, ExecuteError, World},
    plan::PlannedStep,
    resolve::BundleChoice,
};

/// Applies the bundle that was resolved, verified by its digest.
pub async fn bring_about(planned: &PlannedStep, choice: &BundleChoice, world: &World) -> Result<Done, ExecuteError> {
    let source = match choice.source.contains("://") {
        true => BundleSource::Url(choice.source.clone()),
        false => BundleSource::Path(choice.source.clone().into()),
    };
    let wanted = BundleWanted {
        version: choice.version.clone(),
        channel: choice.channel,
        source,
        checksum: Some(choice.digest.clone()),
    };
    let bundle = world.supply.bundle(&wanted).await?;
    let definitions = bundle.objects.iter().filter(|object| object["kind"] == "CustomResourceDefinition").count();
    let written = verbatim::apply(planned, bundle.objects, world).await?;
    Ok(Done::changed_if(written, format!("v{} {}, {definitions} CRDs Established", choice.version, choice.channel)))
}
