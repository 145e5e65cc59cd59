//! The images of a release: from their registry by digest, or as Docker has them.

use super::ImageChoice;
use crate::{
    chart::{Chart, ChartError, ChartSource, PinnedImage, Pins, Reference, Supply, images_of},
    image::local_image,
    process::{DockerEnvironment, connect_docker},
    profile::{SupplyWish, merge_values},
    release::WantedRelease,
};
use serde_json::{Map, Value, json};

use super::charts::ImageWay;

/// Pins charts and images together. An image that people name is taken as Docker has it; so is one of the release whose
/// registry cannot be asked.
pub async fn pin(
    supply: &Supply,
    charts: &[ChartSource],
    release: &WantedRelease,
    wish: &SupplyWish,
) -> Result<(Pins, Vec<ImageChoice>), ChartError> {
    let (mut local, mut asked) = (Vec::new(), Vec::new());
    for reference in own_images(release, wish)? {
        match reference {
            (reference, true) => match in_docker(&reference).await {
                Some(found) => local.push(found),
                None => asked.push(reference),
            },
            (reference, false) => asked.push(reference),
        }
    }
    match supply.resolve(charts, &asked).await {
        Ok(pins) => {
            let choices = local.into_iter().chain(pins.images.iter().map(pulled)).collect();
            Ok((pins, choices))
        }
        Err(error) => without_registry(supply, charts, &asked, local, error).await,
    }
}

/// Everything as it was found before, where the registry cannot be asked and Docker has all images; else the error.
async fn without_registry(
    supply: &Supply,
    charts: &[ChartSource],
    asked: &[Reference],
    mut local: Vec<ImageChoice>,
    error: ChartError,
) -> Result<(Pins, Vec<ImageChoice>), ChartError> {
    for reference in asked {
        match in_docker(reference).await {
            Some(found) => local.push(found),
            None => return Err(error),
        }
    }
    let mut pins = supply.resolve(charts, &[]).await.map_err(|_| error)?;
    pins.notes.push("images were taken as Docker has them, because their registry cannot be asked".to_owned());
    Ok((pins, local))
}

/// Controller and proxy, each with whether people named it.
fn own_images(release: &WantedRelease, wish: &SupplyWish) -> Result<[(Reference, bool); 2], ChartError> {
    let [controller, proxy] = images_of(release)?;
    let named = |name: &str, usual: Reference| match wish.images.get(name) {
        Some(text) => Ok::<_, ChartError>((Reference::image(text)?, true)),
        None => Ok((usual, false)),
    };
    Ok([named("controller", controller)?, named("proxy", proxy)?])
}

async fn in_docker(reference: &Reference) -> Option<ImageChoice> {
    let docker = connect_docker(&DockerEnvironment::from_env()).await.ok()?;
    let reference = reference.to_string();
    let digest = local_image(&docker, &reference).await.ok()??;
    Some(ImageChoice { reference, digest, pull: None })
}

fn pulled(image: &PinnedImage) -> ImageChoice {
    let reference = image.reference.to_string();
    let pull = Some(image.host.clone().unwrap_or_else(|| reference.clone()));
    ImageChoice { reference, digest: image.digest.to_string(), pull }
}

/// Values that send pods to other images than those of the chart: mirrors where nodes pull, and images that people name.
pub fn values(
    supply: &Supply,
    chart: &Chart,
    wish: &SupplyWish,
    way: ImageWay,
) -> Result<Map<String, Value>, ChartError> {
    let mut values = match way {
        ImageWay::Given => Map::new(),
        ImageWay::Pulled => chart.values_for_nodes(supply.mirrors()).as_object().cloned().unwrap_or_default(),
    };
    for (name, text) in &wish.images {
        let image = Reference::image(text)?;
        let tag = image.tag.as_deref().unwrap_or("latest");
        let parts = json!({"registry": image.registry, "repository": image.repository, "tag": tag});
        let own = json!({name: {"image": parts}});
        chart.check_values(&own)?;
        merge_values(&mut values, own.as_object().cloned().unwrap_or_default());
    }
    Ok(values)
}
