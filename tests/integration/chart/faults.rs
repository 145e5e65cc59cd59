//! A real registry behind a door that spoils its answers.

use super::{supply, told};
use crate::support::{Door, Fault, Registry, StandIn, mirrors_to};
use agw_sandbox::chart::{ChartSource, Digest};

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_of_a_registry_has_its_id() {
    let Some(registry) = Registry::start().await else { return };
    let Some(charts) = StandIn::of("agentgateway-1.4", "1.4.1") else { return };
    charts.push_to(&registry).await;
    let door = Door::before(&registry).await;
    let source = [ChartSource::parse("oci://cr.agentgateway.dev/charts/agentgateway:1.4.1").unwrap()];
    let folder = tempfile::tempdir().unwrap();
    let supply = supply(folder.path(), mirrors_to(&door.address.to_string()));
    let place = door.address.to_string();
    for (fault, id, word) in [
        (Fault::Status(401), "CHART-04", "401 Unauthorized"),
        (Fault::Status(403), "CHART-04", "403 Forbidden"),
        (Fault::Status(404), "CHART-03", "has no chart"),
        (Fault::Status(429), "CHART-05", "429 Too Many Requests"),
        (Fault::Status(500), "CHART-06", "500 Internal Server Error (spoilt)"),
        (Fault::WrongDigestHeader, "CHART-08", "is damaged: wanted sha256:"),
    ] {
        door.spoil(fault);
        let told = told(&supply.resolve(&source, &[]).await.unwrap_err());
        assert!(told.starts_with(id) && told.contains(word), "{fault:?} {told}");
        assert!(id == "CHART-08" || told.contains(&place), "{told}");
    }
    door.spoil(Fault::None);
    let pins = supply.resolve(&source, &[]).await.unwrap();
    let pinned = &pins.charts[0];
    for (fault, id) in [(Fault::AlteredBlob, "CHART-08"), (Fault::TruncatedBlob, "CHART-06")] {
        door.spoil(fault);
        let told = told(&supply.chart(pinned).await.unwrap_err());
        assert!(told.starts_with(id), "{fault:?} {told}");
        if fault == Fault::AlteredBlob {
            let altered: Vec<u8> = charts.controller.iter().map(|byte| byte ^ 1).collect();
            let both = format!("wanted {}, got {}", pinned.digest, Digest::of(&altered));
            assert!(told.contains(&both), "{told}");
        }
        assert_eq!(supply.cache().get(&pinned.digest).unwrap(), None, "nothing of it is kept");
    }
    door.spoil(Fault::None);
    assert_eq!(supply.chart(pinned).await.unwrap().name, "agentgateway");
}
