//! Registries that do not give what they should, as `up` tells of it: before a cluster is made.

use crate::support::{Door, Fault, Mirror, Sandbox};
use std::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_that_fails_is_told_before_a_cluster_is_made() {
    let Some(mirror) = Mirror::start().await else { return };
    let Some(mirror) = mirror.with("agentgateway-1.4", "1.4.1").await else { return };
    let door = Door::before(&mirror.registry).await;
    let place = door.address.to_string();
    let sandbox = Sandbox::new().with_variables(mirror.variables_through(&place));
    let up = "--sandbox bad-registry up --profile ci --release agentgateway-1.4";
    for (fault, exit, id, words) in [
        (Fault::Status(401), 6, "CHART-04", "refuses chart cr.agentgateway.dev/charts/agentgateway: 401 Unauthorized"),
        (Fault::Status(403), 6, "CHART-04", "refuses image cr.agentgateway.dev/controller: 403 Forbidden"),
        (Fault::Status(404), 6, "CHART-03", "has no chart cr.agentgateway.dev/charts/agentgateway-crds"),
        (Fault::Status(429), 6, "CHART-05", "429 Too Many Requests"),
        (Fault::Status(500), 6, "CHART-06", "500 Internal Server Error (spoilt)"),
        (Fault::WrongDigestHeader, 6, "CHART-08", "is damaged: wanted sha256:"),
        (Fault::TruncatedBlob, 6, "CHART-06", "chart oci://cr.agentgateway.dev/charts/agentgateway"),
        (Fault::AlteredBlob, 6, "CHART-08", "is damaged: wanted sha256:"),
    ] {
        door.spoil(fault);
        sandbox.run(up).exits(exit).says(id).says(words).says("fix  ");
    }
    let ours = Command::new("docker").args(["ps", "--all", "--quiet", "--filter", "name=agw-bad-registry"]).output();
    assert!(ours.unwrap().stdout.is_empty(), "a cluster was made");
    // With `auto` a registry that cannot be asked is a reason to do without it.
    door.spoil(Fault::Status(500));
    let quiet =
        sandbox.file("quiet.yaml", "schema: agw-sandbox/v1\nkind: Profile\nextends: quickstart\nscenarios: []\n");
    let auto = format!("--sandbox bad-registry up --profile {}", quiet.display());
    sandbox.run(&auto).succeeds().says("provider   embedded").says("kind not usable").says("CHART-06");
    sandbox.run("--sandbox bad-registry down").succeeds();
}
