//! From what was wished to what exactly it is, before anything is created.

use super::answer::Answer;
use super::nearest::{nearest, newest, other_spelling, published};
use super::registry::Refusal;
use super::supply::read_packed;
use super::{Chart, ChartError, ChartSource, Digest, Reference, Supply};
use crate::release::{ReleaseLine, WantedRelease};
use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Media type of the layer that is a packed chart. Source: helm `pkg/registry/constants.go`.
const CHART_LAYER: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

/// A chart of which every byte is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PinnedChart {
    /// Its name.
    pub name: String,
    /// Its version: the tag as the registry spells it, or what Chart.yaml says.
    pub version: String,
    /// Where it is, `oci://…` with that tag, or a path.
    pub source: String,
    /// Of the packed chart.
    pub digest: Digest,
    /// Of the registry's manifest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest: Option<Digest>,
}

/// An image of which every byte is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PinnedImage {
    /// As it is named in manifests, without mirrors.
    pub reference: Reference,
    /// Of the registry's manifest, or of its list for several platforms.
    pub digest: Digest,
    /// Where this machine pulls it, where a mirror says another place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Where the nodes of the cluster pull it, where a mirror says another place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
}

/// Everything that was asked for, in the order of asking.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Pins {
    /// Charts.
    pub charts: Vec<PinnedChart>,
    /// Images.
    pub images: Vec<PinnedImage>,
    /// What a person should know: charts that come from the cache because their registry cannot be asked.
    pub notes: Vec<String>,
}

/// The two charts of a release, definitions first, tagged as its registry tags them.
pub fn charts_of(release: &WantedRelease) -> Result<[ChartSource; 2], ChartError> {
    let tag = release.line.tag(&release.version).replace('+', "_");
    let source = |chart: &str| Ok(ChartSource::Registry(Reference::chart(chart)?.tagged(&tag)));
    Ok([source(&release.line.charts.definitions)?, source(&release.line.charts.controller)?])
}

/// Values without which the controller's chart of a line does not do what the line is for; those of people go on top.
/// Source: `facts/lifecycle.md` A.3.
pub fn values_of(line: &ReleaseLine) -> Value {
    match line.name.as_str() {
        "kgateway-2.1" => json!({"agentgateway": {"enabled": true}}),
        _ => json!({}),
    }
}

impl Supply {
    /// Pins all of them, asking at the same time. What cannot be had is told together: the error itself if it is one,
    /// CHART-13 with all of them if there are more.
    pub async fn resolve(&self, charts: &[ChartSource], images: &[Reference]) -> Result<Pins, ChartError> {
        let charts = join_all(charts.iter().map(|chart| self.pin_chart(chart)));
        let images = join_all(images.iter().map(|image| self.pin_image(image)));
        let (charts, images) = tokio::join!(charts, images);
        let mut problems = Vec::new();
        let (charts, notes): (Vec<_>, Vec<_>) = good(charts, &mut problems).into_iter().unzip();
        let pins = Pins { charts, images: good(images, &mut problems), notes: notes.into_iter().flatten().collect() };
        ChartError::together(problems).map(|()| pins)
    }

    /// A chart, and a note where it comes from the cache because its registry cannot be asked.
    async fn pin_chart(&self, source: &ChartSource) -> Result<(PinnedChart, Option<String>), ChartError> {
        let reference = match source {
            ChartSource::Path(path) => return Ok((self.keep(&source.to_string(), &read_packed(path)?)?, None)),
            ChartSource::Registry(reference) => reference,
        };
        match self.pin_published(reference).await {
            Ok(pinned) => Ok((pinned, None)),
            Err(error) if error.is_of_the_registry() => match self.remembered(reference) {
                Some(pinned) => Ok((pinned, Some(format!("{error}; it was taken from the cache")))),
                None => Err(error),
            },
            Err(error) => Err(error),
        }
    }

    async fn pin_published(&self, reference: &Reference) -> Result<PinnedChart, ChartError> {
        if let Some((spelling, packed)) = self.in_folder(reference)? {
            let found = format!("oci://{}", reference.tagged(&spelling));
            return Ok(PinnedChart { version: spelling, ..self.keep(&found, &packed)? });
        }
        let what = format!("chart {}", reference.untagged());
        let (reference, content, manifest) = self.find(reference, &what).await?;
        let digest = chart_layer(&content).map_err(|reason| ChartError::NotAChart { what, reason })?;
        let source = format!("oci://{reference}");
        self.cache.remember(&source, &digest)?;
        let version = reference.tag.clone().unwrap_or_else(|| manifest.to_string());
        Ok(PinnedChart { name: reference.name().to_owned(), version, source, digest, manifest: Some(manifest) })
    }

    /// Reads a chart that is at hand and keeps it.
    fn keep(&self, source: &str, packed: &[u8]) -> Result<PinnedChart, ChartError> {
        let digest = Digest::of(packed);
        let chart = Chart::read(packed, &self.cache.file(&digest), source)?;
        self.cache.put(packed)?;
        Ok(PinnedChart { name: chart.name, version: chart.version, source: source.to_owned(), digest, manifest: None })
    }

    /// What was found under that name before, or imported, where the registry cannot be asked.
    fn remembered(&self, reference: &Reference) -> Option<PinnedChart> {
        let tag = reference.tag.as_deref()?;
        for tag in [Some(tag.to_owned()), other_spelling(tag)].into_iter().flatten() {
            let source = format!("oci://{}", reference.tagged(&tag));
            let imported = super::import::name_of_chart(reference.name(), &tag);
            if let Some(digest) = self.cache.recall(&source).or_else(|| self.cache.recall(&imported)) {
                let name = reference.name().to_owned();
                return Some(PinnedChart { name, version: tag, source, digest, manifest: None });
            }
        }
        None
    }

    async fn pin_image(&self, image: &Reference) -> Result<PinnedImage, ChartError> {
        let what = format!("image {}", image.untagged());
        let tagged = if image.tag.is_none() { image.tagged("latest") } else { image.clone() };
        let asked = Reference { digest: image.digest.clone(), ..tagged };
        let (found, _, digest) = self.find_exactly(&asked, &what).await?;
        let (endpoint, path) = self.mirrors().for_host(&image.registry, &image.repository);
        let tag = found.tag.as_deref().unwrap_or("latest");
        let host = format!("{}/{path}:{tag}", endpoint.host);
        let cluster =
            self.mirrors().for_cluster(&image.registry, &image.repository).map(|place| format!("{place}:{tag}"));
        let host = (endpoint.host != image.registry).then_some(host);
        Ok(PinnedImage { reference: found, digest, host, cluster })
    }

    /// The manifest of a chart, its tag spelled either way; without a tag that of the newest release.
    async fn find(&self, reference: &Reference, what: &str) -> Result<(Reference, Vec<u8>, Digest), ChartError> {
        if reference.digest.is_some() {
            return self.find_exactly(reference, what).await;
        }
        let Some(tag) = &reference.tag else {
            let tags = self.tags(reference, what).await?;
            let all = published(&tags);
            let newest = newest(reference.name(), &all).ok_or_else(|| no_version(reference, what, "", &tags))?;
            return self.find_exactly(&reference.tagged(&newest.tag), what).await;
        };
        if let Some(other) = other_spelling(tag) {
            match self.registries.manifest(reference).await {
                Err(Refusal::Answer(Answer::NotFound)) => {}
                Ok((content, digest)) => return Ok((reference.clone(), content, digest)),
                Err(refusal) => return Err(refusal.into_error(&self.registries.asked(reference), what)),
            }
            let respelled = reference.tagged(&other);
            return match self.registries.manifest(&respelled).await {
                Ok((content, digest)) => Ok((respelled, content, digest)),
                Err(_) => Err(self.missing(reference, what).await),
            };
        }
        self.find_exactly(reference, what).await
    }

    /// The manifest under exactly that tag or digest.
    async fn find_exactly(
        &self,
        reference: &Reference,
        what: &str,
    ) -> Result<(Reference, Vec<u8>, Digest), ChartError> {
        match self.registries.manifest(reference).await {
            Ok((content, digest)) => Ok((reference.clone(), content, digest)),
            Err(Refusal::Answer(Answer::NotFound)) => Err(self.missing(reference, what).await),
            Err(refusal) => Err(refusal.into_error(&self.registries.asked(reference), what)),
        }
    }

    /// Why something is missing: its version or the whole repository, which the answer for a manifest does not tell.
    async fn missing(&self, reference: &Reference, what: &str) -> ChartError {
        match self.tags(reference, what).await {
            Ok(tags) => {
                let wanted = reference.tag.clone().or_else(|| reference.digest.as_ref().map(ToString::to_string));
                no_version(reference, what, &wanted.unwrap_or_default(), &tags)
            }
            Err(error) => error,
        }
    }

    async fn tags(&self, reference: &Reference, what: &str) -> Result<Vec<String>, ChartError> {
        let asked = self.registries.tags(reference).await;
        asked.map_err(|refusal| refusal.into_error(&self.registries.asked(reference), what))
    }
}

fn good<T>(results: Vec<Result<T, ChartError>>, problems: &mut Vec<ChartError>) -> Vec<T> {
    let keep = |result: Result<T, ChartError>| result.map_err(|problem| problems.push(problem)).ok();
    results.into_iter().filter_map(keep).collect()
}

fn no_version(reference: &Reference, what: &str, wanted: &str, tags: &[String]) -> ChartError {
    let all = published(tags);
    let near = nearest(reference.name(), wanted, &all);
    let hint = match near {
        Some((near, reason)) => format!("{reason}: {}", near.tag),
        None if tags.is_empty() => "nothing is published there yet".to_owned(),
        None => format!("published are {}", tags.iter().take(20).cloned().collect::<Vec<_>>().join(", ")),
    };
    let nearest = near.map(|(near, _)| near.tag.clone());
    ChartError::NoSuchVersion { what: what.to_owned(), wanted: wanted.to_owned(), nearest, hint }
}

/// The digest of the packed chart that a manifest speaks of.
fn chart_layer(manifest: &[u8]) -> Result<Digest, String> {
    let manifest: Value =
        serde_json::from_slice(manifest).map_err(|error| format!("its manifest is no JSON: {error}"))?;
    let layers = manifest.get("layers").and_then(Value::as_array).into_iter().flatten();
    let of_type = |layer: &&Value| layer.get("mediaType").and_then(Value::as_str) == Some(CHART_LAYER);
    let layer =
        layers.into_iter().find(of_type).ok_or("it is an image or something else, no layer is a packed chart")?;
    let digest = layer.get("digest").and_then(Value::as_str).and_then(Digest::parse);
    digest.ok_or_else(|| "its layer has no SHA-256 digest".to_owned())
}
