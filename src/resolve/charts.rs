//! From a release and wishes to charts, definitions and images by their digests, before anything is created.

use super::{BundleChoice, ChartChoice, ReleaseParts, ResolveError, gateway_api, images};
use crate::{
    chart::{
        Bundle, BundleSource, BundleWanted, Chart, ChartError, ChartSource, Digest, PinnedChart, Supply, charts_of,
        values_of,
    },
    profile::{GatewayApiWish, SupplyWish, merge_values},
    release::WantedRelease,
};
use serde_json::{Map, Value};

/// Whether the nodes of the cluster are given images by us, or pull them themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageWay {
    /// Given: the cluster is local.
    Given,
    /// Pulled.
    Pulled,
}

/// Pins everything that the release needs; what cannot be had is told together.
pub async fn choose(
    supply: &Supply,
    release: &WantedRelease,
    wish: &SupplyWish,
    way: ImageWay,
) -> Result<ReleaseParts, ResolveError> {
    let sources = sources(supply, release, wish).await?;
    let (pinned, bundle) = tokio::join!(images::pin(supply, &sources, release, wish), bundle(supply, release, wish));
    let ((pins, images), bundle) = both(pinned, bundle)?;
    let [definitions, controller] = charts(supply, &pins.charts).await?;
    let gateway_api =
        BundleChoice { version: bundle.version, channel: bundle.channel, source: bundle.source, digest: bundle.digest };
    Ok(ReleaseParts {
        gateway_api,
        definitions: choice(&definitions, release, wish, Map::new())?,
        controller: choice(&controller, release, wish, images::values(supply, &controller, release, wish, way)?)?,
        images: if way == ImageWay::Given { images } else { Vec::new() },
        deployment: release.line.deployment.clone(),
        definition_names: release.line.definitions.clone(),
        notes: pins.notes,
    })
}

/// Both, or everything that is wrong with either.
fn both<A, B>(one: Result<A, ChartError>, other: Result<B, ChartError>) -> Result<(A, B), ChartError> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
        (Err(one), Err(other)) => Err(one.and(other)),
    }
}

/// Definitions first: those of the release, those that the profile names, or builds of people's own.
async fn sources(
    supply: &Supply,
    release: &WantedRelease,
    wish: &SupplyWish,
) -> Result<[ChartSource; 2], ResolveError> {
    let [mut definitions, mut controller] = charts_of(release)?;
    for (name, chart) in &wish.charts {
        let place = if name.ends_with("-crds") { &mut definitions } else { &mut controller };
        if name_of(place) != *name {
            let known = [name_of(place), format!("{}-crds", release.line.product)].join(", ");
            return Err(ResolveError::UnknownChart { name: name.clone(), release: release.to_string(), known });
        }
        if let Some(from) = &chart.from {
            *place = ChartSource::parse(from)?;
        }
        if let (Some(version), ChartSource::Registry(reference)) = (&chart.version, &*place) {
            *place = ChartSource::Registry(reference.tagged(&version.replace('+', "_")));
        }
    }
    for build in &wish.builds {
        let source = ChartSource::parse(build)?;
        let pins = supply.resolve(std::slice::from_ref(&source), &[]).await?;
        let is_definitions = pins.charts.iter().any(|chart| chart.name.ends_with("-crds"));
        *(if is_definitions { &mut definitions } else { &mut controller }) = source;
    }
    Ok([definitions, controller])
}

fn name_of(source: &ChartSource) -> String {
    match source {
        ChartSource::Registry(reference) => reference.name().to_owned(),
        ChartSource::Path(path) => path.display().to_string(),
    }
}

async fn charts(supply: &Supply, pinned: &[PinnedChart]) -> Result<[(PinnedChart, Chart); 2], ResolveError> {
    let [definitions, controller] = pinned else {
        return Err(ResolveError::UnknownChart { name: "?".to_owned(), release: String::new(), known: String::new() });
    };
    let (one, other) = tokio::join!(supply.chart(definitions), supply.chart(controller));
    let (one, other) = both(one, other)?;
    Ok([(definitions.clone(), one), (controller.clone(), other)])
}

/// How a chart is installed: values of the line, then those that send pods to the right images, then those of people,
/// which the chart must know.
fn choice(
    (pinned, chart): &(PinnedChart, Chart),
    release: &WantedRelease,
    wish: &SupplyWish,
    of_images: Map<String, Value>,
) -> Result<ChartChoice, ResolveError> {
    let line = release.line;
    let is_definitions = chart.name.ends_with("-crds");
    let of_line = if is_definitions { Value::Null } else { values_of(line) };
    let of_people = wish.charts.get(&chart.name).map(|chart| chart.values.clone()).unwrap_or_default();
    chart.check_values(&Value::Object(of_people.clone()))?;
    let mut values = of_line.as_object().cloned().unwrap_or_default();
    merge_values(&mut values, of_images);
    merge_values(&mut values, of_people);
    let plain = values.is_empty() && chart.plain_manifests()?.is_some();
    let release = if is_definitions { format!("{}-crds", line.product) } else { line.product.clone() };
    let namespace = line.namespace.clone();
    Ok(ChartChoice { chart: pinned.clone(), release, namespace, values: Value::Object(values), plain })
}

/// The wanted definitions of Gateway API, read and checked.
async fn bundle(supply: &Supply, release: &WantedRelease, wish: &SupplyWish) -> Result<Bundle, ChartError> {
    let wish = &wish.gateway_api;
    let (version, channel) = gateway_api::wanted(wish, release.line);
    let checksum = wish.sha256.as_deref().map(|said| checksum(said, wish)).transpose()?;
    supply.bundle(&BundleWanted { version, channel, source: source_of(wish), checksum }).await
}

fn checksum(said: &str, wish: &GatewayApiWish) -> Result<Digest, ChartError> {
    let full = if said.starts_with("sha256:") { said.to_owned() } else { format!("sha256:{said}") };
    Digest::parse(&full).ok_or_else(|| ChartError::NotAReference {
        text: said.to_owned(),
        reason: format!("gatewayApi.sha256 of {} has 64 hex digits", wish.from.as_deref().unwrap_or("the release")),
    })
}

fn source_of(wish: &GatewayApiWish) -> BundleSource {
    match &wish.from {
        None => BundleSource::Release,
        Some(from) if from.contains("://") => BundleSource::Url(from.clone()),
        Some(from) => BundleSource::Path(from.into()),
    }
}
