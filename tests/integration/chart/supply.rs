//! Finding charts and images, all before anything is created.

use super::{supply, told};
use crate::support::{Registry, StandIn};
use agw_sandbox::chart::{ChartSource, Digest, Mirrors, Reference, charts_of, values_of};
use agw_sandbox::release::{line, wanted};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

async fn filled() -> Option<Registry> {
    let registry = Registry::start().await?;
    for (line, version) in [
        ("agentgateway-1.4", "1.4.1"),
        ("agentgateway-1.4", "1.4.0-rc.2"),
        ("agentgateway-1.3", "1.3.1"),
        ("agentgateway-2.2", "2.2.9"),
        ("kgateway-2.1", "2.1.3"),
    ] {
        StandIn::of(line, version)?.push_to(&registry).await;
    }
    registry.push_image("controller", &["v1.4.1"], b"an image").await;
    Some(registry)
}

fn source(text: &str) -> ChartSource {
    ChartSource::parse(text).unwrap()
}

fn image(text: &str) -> Reference {
    Reference::image(text).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_charts_of_every_line_are_found_and_fetched() {
    let Some(registry) = filled().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let supply = supply(folder.path(), registry.mirrors());
    for (release, version, count) in
        [("agentgateway-1.4", "1.4.1", 4), ("agentgateway-2.2", "v2.2.9", 3), ("kgateway-2.1", "v2.1.3", 7)]
    {
        let pins = supply.resolve(&charts_of(&wanted(release).unwrap()).unwrap(), &[]).await.unwrap();
        assert_eq!([&pins.charts[0].version, &pins.charts[1].version], [version; 2]);
        let definitions =
            supply.chart(&pins.charts[0]).await.unwrap().plain_manifests().unwrap().expect("no templates");
        assert_eq!(definitions.len(), count, "{release}");
        assert!(definitions.iter().all(|one| one["kind"] == "CustomResourceDefinition"));
        let controller = supply.chart(&pins.charts[1]).await.unwrap();
        assert_eq!(controller.plain_manifests().unwrap(), None, "it needs Helm");
        assert_eq!(Digest::of(&std::fs::read(&controller.file).unwrap()), pins.charts[1].digest);
    }
    let pinned = supply.resolve(&[], &[image("cr.agentgateway.dev/controller:v1.4.1")]).await.unwrap().images.remove(0);
    assert_eq!(pinned.cluster.as_deref(), Some("registry:5000/controller:v1.4.1"));
    assert_eq!(pinned.host, Some(format!("{}/controller:v1.4.1", registry.host())));
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_are_taken_as_people_mean_them() {
    let Some(registry) = filled().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let supply = supply(folder.path(), registry.mirrors());
    for (asked, found) in [
        ("oci://cr.agentgateway.dev/charts/agentgateway", "1.4.1"),
        ("oci://cr.agentgateway.dev/charts/agentgateway:2.2.9", "v2.2.9"),
        ("oci://cr.agentgateway.dev/charts/agentgateway:v1.3.1", "v1.3.1"),
        ("oci://cr.kgateway.dev/kgateway-dev/charts/kgateway:2.1.3", "v2.1.3"),
    ] {
        let pins = supply.resolve(&[source(asked)], &[]).await.unwrap();
        let version = pins.charts[0].version.trim_start_matches('v').to_owned();
        assert_eq!(version, found.trim_start_matches('v'), "{asked}");
    }
    for (asked, nearest) in [
        ("1.4.9", "the nearest of that line is: 1.4.1"),
        ("1.4.0-rc2", "written with a dot, `-rc.1`: 1.4.0-rc.2"),
        ("2.3.0", "went on as 1.0; the newest is: 1.4.1"),
        ("v2.2.1", "the nearest of that line is: v2.2.9"),
    ] {
        let asked = source(&format!("oci://cr.agentgateway.dev/charts/agentgateway:{asked}"));
        let told = told(&supply.resolve(&[asked], &[]).await.unwrap_err()).replace(": v1", ": 1");
        assert!(told.starts_with("CHART-02") && told.contains(nearest), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_is_missing_is_told_together() {
    let Some(registry) = filled().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let supply = supply(folder.path(), registry.mirrors());
    let charts = [
        source("oci://cr.agentgateway.dev/charts/agentgateway:9.9.9"),
        source("oci://cr.agentgateway.dev/charts/agentgatewy:1.4.1"),
        source("oci://cr.agentgateway.dev/charts/agentgateway:1.4.1"),
        source("oci://cr.agentgateway.dev/controller:v1.4.1"),
    ];
    let images = [image("cr.agentgateway.dev/controller:v1.4.9")];
    let told = told(&supply.resolve(&charts, &images).await.unwrap_err());
    assert!(told.starts_with("CHART-13: 4 charts or images cannot be had"), "{told}");
    for part in [
        "CHART-02: chart cr.agentgateway.dev/charts/agentgateway has no version 9.9.9",
        &format!("CHART-03: {} has no chart cr.agentgateway.dev/charts/agentgatewy", registry.host()),
        "CHART-09: chart cr.agentgateway.dev/controller is not a chart: it is an image",
        "CHART-02: image cr.agentgateway.dev/controller has no version v1.4.9\nthe nearest of that line is: v1.4.1",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cache_serves_when_the_registry_is_gone() {
    let Some(registry) = filled().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let supply = supply(folder.path(), registry.mirrors());
    let asked = [source("oci://cr.agentgateway.dev/charts/agentgateway:1.4.1")];
    let pins = supply.resolve(&asked, &[]).await.unwrap();
    let chart = supply.chart(&pins.charts[0]).await.unwrap();
    assert_eq!(pulled_by_helm(&registry), chart.digest, "Helm gets the same");
    registry.stop();
    let again = supply.resolve(&asked, &[]).await.unwrap();
    assert_eq!(again.charts[0].digest, chart.digest);
    assert!(again.notes[0].ends_with("it was taken from the cache"), "{:?}", again.notes);
    assert_eq!(supply.chart(&again.charts[0]).await.unwrap(), chart);
    std::fs::write(&chart.file, b"damaged").unwrap();
    let told = told(&supply.chart(&pins.charts[0]).await.unwrap_err());
    assert!(told.starts_with("CHART-07") && told.contains(&registry.host()), "{told}");
    assert_eq!(supply.cache().prune(Duration::ZERO).unwrap().count, 0, "what was damaged is gone");
}

fn pulled_by_helm(registry: &Registry) -> Digest {
    let folder = tempfile::tempdir().unwrap();
    let chart = format!("oci://{}/charts/agentgateway", registry.host());
    let mut command = Command::new("helm");
    command.args(["pull", &chart, "--version", "1.4.1", "--plain-http", "--destination"]).arg(folder.path());
    assert!(command.output().unwrap().status.success());
    let file = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    Digest::of(&std::fs::read(file).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn values_are_held_against_those_of_the_chart() {
    let folder = tempfile::tempdir().unwrap();
    let supply = supply(folder.path(), Mirrors::default());
    let of =
        |name: &str| source(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/charts").join(name).to_str().unwrap());
    let pins = supply.resolve(&[of("agentgateway"), of("kgateway")], &[]).await.unwrap();
    let check = async |index: usize, values: Value| {
        let chart = supply.chart(&pins.charts[index]).await.unwrap();
        chart.check_values(&values).map_or_else(|error| told(&error), |()| "fine".to_owned())
    };
    assert_eq!(check(0, json!({"controller": {"logLevel": "debug", "extraEnv": {"X": "y"}}})).await, "fine");
    assert_eq!(check(1, values_of(line("kgateway-2.1").unwrap())).await, "fine");
    for (chart, values, hint) in [
        (0, json!({"controller": {"enableAgentgateway": true}}), "no chart ever had it"),
        (0, json!({"agentgateway": {"enabled": true}}), "only kgateway 2.1 has it"),
        (0, json!({"controller": {"loglevel": "debug"}}), "did you mean `controller.logLevel`?"),
        (1, json!({"agentGateway": {"enabled": true}}), "it is written `agentgateway.enabled`"),
    ] {
        let told = check(chart, values).await;
        assert!(told.starts_with("CHART-10") && told.contains(hint), "{told}");
    }
}

#[tokio::test]
async fn a_chart_comes_from_a_path_or_a_folder_that_mirrors() {
    let folder = tempfile::tempdir().unwrap();
    let charts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/charts");
    let supply_here = supply(&folder.path().join("cache"), Mirrors::default());
    let from_path = supply_here.resolve(&[source(charts.join("kgateway").to_str().unwrap())], &[]).await.unwrap();
    let pinned = &from_path.charts[0];
    assert_eq!((pinned.name.as_str(), pinned.version.as_str()), ("kgateway", "0.0.0"));
    let packed = supply_here.cache().get(&pinned.digest).unwrap().unwrap();

    let offline = folder.path().join("offline");
    std::fs::create_dir_all(offline.join("charts")).unwrap();
    std::fs::write(offline.join("charts/kgateway-v2.1.3.tgz"), &packed).unwrap();
    let mirrors = Mirrors::parse(&format!("{{cr.kgateway.dev/kgateway-dev: {{folder: '{}'}}}}", offline.display()));
    let offline = supply(&folder.path().join("other"), mirrors.unwrap());
    let asked = |version: &str| [source(&format!("oci://cr.kgateway.dev/kgateway-dev/charts/kgateway:{version}"))];
    let found = offline.resolve(&asked("2.1.3"), &[]).await.unwrap();
    assert_eq!((found.charts[0].version.as_str(), &found.charts[0].digest), ("v2.1.3", &pinned.digest));
    let told = told(&offline.resolve(&asked("2.1.4"), &[]).await.unwrap_err());
    assert!(told.starts_with("CHART-11") && told.contains("charts/kgateway-2.1.4.tgz"), "{told}");
}

#[tokio::test]
async fn an_imported_chart_needs_no_registry() {
    let folder = tempfile::tempdir().unwrap();
    let mirrors = Mirrors::parse("{cr.kgateway.dev: {host: '127.0.0.1:1'}}").unwrap();
    let supply = supply(folder.path(), mirrors);
    let charts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/charts");
    let imported = supply.cache().import(&charts.join("kgateway")).unwrap();
    assert_eq!(imported[0].name, "chart kgateway 0.0.0");
    let asked = source("oci://cr.kgateway.dev/kgateway-dev/charts/kgateway:v0.0.0");
    let pins = supply.resolve(&[asked], &[]).await.unwrap();
    assert_eq!(pins.charts[0].digest, imported[0].digest);
    assert!(supply.cache().import(&charts.join("README.md")).is_err());
}
