//! The images of a release: from their registry by digest, or as Docker has them.

use super::ImageChoice;
use crate::{
    chart::{Chart, ChartError, ChartSource, PinnedChart, PinnedImage, Pins, Reference, Supply, images_of},
    image::local_image,
    process::{DockerEnvironment, connect_docker},
    profile::{IMAGES, SupplyWish, merge_values},
    release::WantedRelease,
};
use serde_json::{Map, Value, json};

use super::charts::ImageWay;

/// Pins charts and images together. An image that people name is taken as Docker has it; so is one of the release whose
/// registry cannot be asked.
pub async fn pin(
    supply: &Supply,
    charts: &[ChartSource; 2],
    release: &WantedRelease,
    wish: &SupplyWish,
) -> Result<(Pins, Vec<ImageChoice>), ChartError> {
    let (mut local, mut asked) = (Vec::new(), Vec::new());
    for (reference, named) in own_images(release, wish)? {
        match named {
            true => match in_docker(&reference).await {
                Some(found) => local.push(found),
                None => asked.push(reference),
            },
            // Which images another published version runs only its chart knows; the nodes pull them.
            false if is_other_version(&charts[1], release) => {}
            false => asked.push(reference),
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

/// Whether a chart is published as another version than the release, a nightly one for example.
fn is_other_version(chart: &ChartSource, release: &WantedRelease) -> bool {
    let ChartSource::Registry(reference) = chart else { return false };
    let tag = reference.tag.as_deref().unwrap_or_default().replace('_', "+");
    tag.trim_start_matches('v') != release.version.to_string()
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

/// Values that send pods to other images than those of the chart: mirrors where nodes pull, images that people name, and those
/// of the release for a chart from a folder, whose own version is mostly a placeholder.
pub fn values(
    supply: &Supply,
    (pinned, chart): &(PinnedChart, Chart),
    release: &WantedRelease,
    wish: &SupplyWish,
    way: ImageWay,
) -> Result<Map<String, Value>, ChartError> {
    let is_folder = !pinned.source.starts_with("oci://");
    let mut values = match way {
        ImageWay::Given => Map::new(),
        ImageWay::Pulled => chart.values_for_nodes(supply.mirrors()).as_object().cloned().unwrap_or_default(),
    };
    for (name, (image, named)) in IMAGES.into_iter().zip(own_images(release, wish)?) {
        let own = json!({name: {"image": parts(&image)}});
        match chart.check_values(&own) {
            Ok(()) if named || is_folder => merge_values(&mut values, own.as_object().cloned().unwrap_or_default()),
            Err(error) if named => return Err(error),
            _ => {}
        }
    }
    Ok(values)
}

/// An image in the parts that charts take.
fn parts(image: &Reference) -> Value {
    let tag = image.tag.as_deref().unwrap_or("latest");
    json!({"registry": image.registry, "repository": image.repository, "tag": tag})
}
