//! Gateway API from a folder, from a mirror, from a server.

use super::{supply, told};
use crate::support::upstream;
use agw_sandbox::chart::{BundleSource, BundleWanted, Digest, Mirrors};
use agw_sandbox::release::Channel;
use std::path::PathBuf;

fn gateway_api() -> Option<PathBuf> {
    let folder = upstream().join("crds/gateway-api");
    if !folder.is_dir() {
        println!("skipped: no {}", folder.display());
        return None;
    }
    Some(folder)
}

fn bundle(version: &str, channel: Channel, source: BundleSource) -> BundleWanted {
    BundleWanted { version: version.parse().unwrap(), channel, source, checksum: None }
}

#[tokio::test]
async fn a_bundle_is_what_its_annotations_say() {
    let Some(folder) = gateway_api() else { return };
    let cache = tempfile::tempdir().unwrap();
    let supply = supply(cache.path(), Mirrors::default());
    for (version, channel, objects) in
        [("1.4.1", Channel::Standard, 6), ("1.5.1", Channel::Experimental, 14), ("1.6.1", Channel::Standard, 12)]
    {
        let wanted = bundle(version, channel, BundleSource::Path(folder.clone()));
        assert_eq!(supply.bundle(&wanted).await.unwrap().objects.len(), objects, "{wanted}");
    }
    let file = folder.join("v1.6.1/experimental-install.yaml");
    for (version, reason) in [("1.6.1", "says channel experimental"), ("1.5.1", "says version v1.6.1")] {
        let wanted = bundle(version, Channel::Standard, BundleSource::Path(file.clone()));
        let told = told(&supply.bundle(&wanted).await.unwrap_err());
        assert!(told.starts_with("CHART-15") && told.contains(reason), "{told}");
        assert!(told.contains(&format!("releases/download/v{version}/standard-install.yaml")), "{told}");
    }
    let lacking = bundle("1.9.0", Channel::Standard, BundleSource::Path(folder));
    assert!(told(&supply.bundle(&lacking).await.unwrap_err()).starts_with("CHART-11"));
}

#[tokio::test]
async fn a_released_bundle_comes_through_a_mirror_once() {
    let Some(folder) = gateway_api() else { return };
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("offline/kubernetes-sigs/gateway-api/releases/download/v1.5.1");
    std::fs::create_dir_all(&path).unwrap();
    let file = path.join("standard-install.yaml");
    std::fs::copy(folder.join("v1.5.1/standard-install.yaml"), &file).unwrap();
    let mirrors = format!("{{github.com: {{folder: '{}'}}}}", place.path().join("offline").display());
    let supply = supply(&place.path().join("cache"), Mirrors::parse(&mirrors).unwrap());
    let mut wanted = bundle("1.5.1", Channel::Standard, BundleSource::Release);
    wanted.checksum = Some(Digest::of(b"something else"));
    let told = told(&supply.bundle(&wanted).await.unwrap_err());
    assert!(told.starts_with("CHART-08") && told.contains(&Digest::of(b"something else").to_string()), "{told}");
    let found = {
        wanted.checksum = None;
        supply.bundle(&wanted).await.unwrap()
    };
    assert!(told.contains(&found.digest.to_string()), "both digests are named: {told}");
    std::fs::remove_file(&file).unwrap();
    wanted.checksum = Some(found.digest.clone());
    assert_eq!(supply.bundle(&wanted).await.unwrap(), found);
}

#[tokio::test]
async fn an_imported_bundle_needs_no_network() {
    let Some(folder) = gateway_api() else { return };
    let cache = tempfile::tempdir().unwrap();
    let supply = supply(cache.path(), Mirrors::parse("{github.com: {host: '127.0.0.1:1'}}").unwrap());
    let wanted = bundle("1.6.1", Channel::Standard, BundleSource::Release);
    assert!(told(&supply.bundle(&wanted).await.unwrap_err()).starts_with("CHART-16: http://127.0.0.1:1/"));
    let imported = supply.cache().import(&folder.join("v1.6.1")).unwrap();
    assert_eq!(imported.len(), 2);
    assert_eq!(supply.bundle(&wanted).await.unwrap().digest, imported[1].digest);
}
