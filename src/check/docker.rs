//! Docker, and what only Docker can tell: its cgroups, memory, disk, and clusters that nobody knows any more.

use super::{Check, Verdict};
use crate::process::{Docker, DockerEnvironment, DockerFacts, check_space, connect_docker, free_space, in_words};
use miette::Diagnostic;
use std::collections::BTreeSet;
use std::path::Path;
use thiserror::Error;

/// Bytes that a cluster needs on Docker's disk: node image, gateway images, logs.
const DISK: u64 = 5 << 30;
/// Bytes of memory that a cluster needs: a node with Kubernetes takes about 700 MB, controller and proxy 200 MB
/// (`facts/controller.md` 1).
const MEMORY: u64 = 2 << 30;
/// The label with which kind marks its nodes, and the prefix of our clusters' names.
const CLUSTER_LABEL: &str = "io.x-k8s.kind.cluster";
const PREFIX: &str = "agw-";

#[derive(Debug, Error, Diagnostic)]
enum DockerProblem {
    #[error("Docker has {} of memory", in_words(*total))]
    #[diagnostic(
        code("MACHINE-04"),
        help(
            "a cluster needs 2 GB; on a Mac give Docker's machine more in its settings, or use `--provider embedded`"
        )
    )]
    LittleMemory { total: u64 },

    #[error("Docker's machine has cgroup v1")]
    #[diagnostic(
        code("MACHINE-05"),
        help(
            "nodes from Kubernetes 1.35 on do not run there: `cluster: {{kubernetes: \"1.34\"}}`, or switch the machine to cgroup v2"
        )
    )]
    OldCgroup,

    #[error("clusters that no sandbox here knows: {names}")]
    #[diagnostic(
        code("MACHINE-09"),
        help("a sandbox with another AGW_SANDBOX_HOME may know them; if not: kind delete cluster --name {first}")
    )]
    StrayClusters { names: String, first: String },
}

/// All checks that ask Docker; without it `embedded` works still.
pub(super) async fn docker(environment: &DockerEnvironment, state_dir: &Path) -> Vec<Check> {
    let docker = match connect_docker(environment).await {
        Ok(docker) => docker,
        Err(problem) => {
            let skipped = ["memory", "docker disk", "clusters"].map(|title| Check::skipped(title, "no Docker to ask"));
            return [Check::problem("docker", Verdict::Warning, &problem)].into_iter().chain(skipped).collect();
        }
    };
    let (facts, clusters) = tokio::join!(docker.facts(), clusters(&docker));
    let facts = facts.unwrap_or_default();
    vec![
        itself(&docker, &facts),
        memory(facts.memory),
        disk(facts.folder.as_deref()),
        strays(clusters, &known(state_dir)),
    ]
}

fn itself(docker: &Docker, facts: &DockerFacts) -> Check {
    match facts.cgroup.as_deref() {
        Some("1") => Check::problem("docker", Verdict::Warning, &DockerProblem::OldCgroup),
        cgroup => {
            let cgroup = cgroup.map(|version| format!(", cgroup v{version}")).unwrap_or_default();
            Check::ok("docker", format!("{}{cgroup}", docker.version))
        }
    }
    .seen("address", &docker.address)
}

fn memory(total: Option<u64>) -> Check {
    match total {
        None => Check::skipped("memory", "Docker does not say how much it has"),
        Some(total) if total < MEMORY => {
            Check::problem("memory", Verdict::Warning, &DockerProblem::LittleMemory { total })
        }
        Some(total) => Check::ok("memory", format!("{} for Docker", in_words(total))),
    }
}

/// Docker's disk, where it is this machine's.
fn disk(folder: Option<&Path>) -> Check {
    let Some((folder, free)) = folder.filter(|folder| folder.exists()).and_then(|one| Some((one, free_space(one)?)))
    else {
        return Check::skipped("docker disk", "Docker's files are on another machine");
    };
    match check_space(folder, DISK) {
        Ok(()) => Check::ok("docker disk", format!("{} free", in_words(free))).seen("folder", folder.display()),
        Err(full) => Check::problem("docker disk", Verdict::Warning, &full),
    }
}

/// Names of the kind clusters that a sandbox could have made.
async fn clusters(docker: &Docker) -> BTreeSet<String> {
    let nodes = docker.labelled(CLUSTER_LABEL).await.unwrap_or_default();
    nodes.into_iter().filter(|name| name.starts_with(PREFIX)).collect()
}

/// Names that clusters of the sandboxes in this state folder have.
fn known(state_dir: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(state_dir).into_iter().flatten().flatten();
    entries.filter_map(|entry| Some(format!("{PREFIX}{}", entry.file_name().to_str()?))).collect()
}

fn strays(clusters: BTreeSet<String>, known: &BTreeSet<String>) -> Check {
    let strays: Vec<&String> = clusters.difference(known).collect();
    match strays.first() {
        None => Check::ok("clusters", format!("{} of sandboxes here", clusters.len())),
        Some(first) => {
            let names = strays.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
            let problem = DockerProblem::StrayClusters { names, first: (*first).clone() };
            Check::problem("clusters", Verdict::Warning, &problem)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(check: &Check) -> Option<&str> {
        check.id.as_deref()
    }

    #[test]
    fn a_machine_that_is_too_small_is_told() {
        assert_eq!(id(&memory(Some(1 << 30))), Some("MACHINE-04"));
        assert_eq!(memory(Some(4 << 30)).verdict, Verdict::Ok);
        assert_eq!(memory(None).verdict, Verdict::Skipped);
        assert_eq!(disk(Some(Path::new("/not/there"))).verdict, Verdict::Skipped);
    }

    #[test]
    fn clusters_that_nobody_here_knows_are_named_with_the_way_to_remove_them() {
        let set = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<BTreeSet<_>>();
        let check = strays(set(&["agw-a", "agw-b"]), &set(&["agw-a"]));
        assert_eq!(id(&check), Some("MACHINE-09"));
        assert!(check.detail.ends_with("agw-b") && check.fix.unwrap().ends_with("--name agw-b"));
        assert_eq!(strays(set(&["agw-a"]), &set(&["agw-a"])).verdict, Verdict::Ok);
    }
}
