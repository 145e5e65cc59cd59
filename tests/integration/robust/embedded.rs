//! On the embedded provider, in every run of the tests.

use super::{
    dump::{dump, same},
    points::{Draw, killed, points},
};
use crate::support::Sandbox;
use std::time::{Duration, Instant};

const QUIET: &str = "schema: agw-sandbox/v1\nkind: Profile\nextends: quickstart\nscenarios: []\n";

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_point_the_next_up_comes_to_the_same_state() {
    let sandbox = Sandbox::new();
    let up = format!("up --provider embedded --profile {}", sandbox.file("quiet.yaml", QUIET).display());
    let kubeconfig = sandbox.state().join("default/kubeconfig");
    let began = Instant::now();
    sandbox.run(&up).succeeds();
    let took = began.elapsed();
    let expected = dump(&kubeconfig).await;
    let (mut draw, mut within) = (Draw::new(), 0);
    for _ in 0..points(10) {
        sandbox.run("down").succeeds();
        let after = draw.within(took);
        within += usize::from(killed(&sandbox, &up, after));
        sandbox.run(&up).succeeds();
        same(&expected, &dump(&kubeconfig).await, &format!("a kill at {} ms", after.as_millis()));
    }
    assert!(within > 0, "no run was killed within {} ms", took.as_millis());
}

#[test]
fn up_takes_no_longer_than_its_critical_path() {
    let sandbox = Sandbox::new();
    let up = format!("up --provider embedded --output json --profile {}", sandbox.file("quiet.yaml", QUIET).display());
    let finished = sandbox.run(&up).succeeds().last_event("up.finished");
    let path = &finished["criticalPath"];
    let names: Vec<&str> = path["steps"].as_array().unwrap().iter().map(|one| one["step"].as_str().unwrap()).collect();
    assert!(names.starts_with(&["preparation", "cluster"]) && names.ends_with(&["traffic"]), "{names:?}");
    let (whole, path) = (finished["seconds"].as_f64().unwrap(), path["seconds"].as_f64().unwrap());
    // Beside the fiftieth: what a loaded machine takes between two steps.
    let slack = Duration::from_millis(100).as_secs_f64();
    assert!(whole <= path * 1.02 + slack, "{whole} s, of which {path} s are on the critical path");
}
