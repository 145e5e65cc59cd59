//! What can go wrong with kind.

use miette::Diagnostic;
use std::{io, path::PathBuf};
use thiserror::Error;

/// What can go wrong with kind.
#[derive(Debug, Error, Diagnostic)]
pub enum KindError {
    /// No node image is known for what is wanted.
    #[error("no node image is known for Kubernetes {wanted}")]
    #[diagnostic(code("PROVIDER-10"), help("{known}; or name one: --node-image kindest/node:vVERSION"))]
    NoNodeImage {
        /// The wanted versions.
        wanted: String,
        /// Those that are known.
        known: String,
    },

    /// The machine's kernel offers what newer nodes cannot run on.
    #[error("Kubernetes {version} does not run in containers here: this machine has cgroup v1")]
    #[diagnostic(code("PROVIDER-11"), help("choose 1.34 or older, or boot the machine with cgroup v2"))]
    Cgroup {
        /// The wanted version.
        version: String,
    },

    /// kind did not make the cluster.
    #[error("kind did not make cluster {cluster}: {why}")]
    #[diagnostic(code("PROVIDER-12"), help("its log is {}; `agw-sandbox up` tries again", log.display()))]
    Create {
        /// The cluster.
        cluster: String,
        /// Its last words.
        why: String,
        /// Its log.
        log: PathBuf,
    },

    /// kind took too long.
    #[error("kind did not make cluster {cluster} within {seconds} s; it was at: {last}")]
    #[diagnostic(code("PROVIDER-13"), help("its log is {}; a slow disk or network is the usual cause", log.display()))]
    CreateTimedOut {
        /// The cluster.
        cluster: String,
        /// The deadline.
        seconds: u64,
        /// What it was doing.
        last: String,
        /// Its log.
        log: PathBuf,
    },

    /// A cluster of that name is there that is not ours.
    #[error("the kind cluster {cluster} is not this sandbox's: {why}")]
    #[diagnostic(
        code("PROVIDER-14"),
        help(
            "it was not touched; choose another --sandbox name, or if it may go: kind delete cluster --name {cluster}"
        )
    )]
    NotOurs {
        /// The cluster.
        cluster: String,
        /// Why it is not.
        why: String,
    },

    /// The API of the cluster does not come up.
    #[error("the API of cluster {cluster} does not answer: {last}")]
    #[diagnostic(code("PROVIDER-15"), help("docker logs {cluster}-control-plane   shows how far its node came"))]
    Silent {
        /// The cluster.
        cluster: String,
        /// What was tried last.
        last: String,
    },

    /// The record of the cluster cannot be read or written.
    #[error("the record of the cluster, {}, cannot be used", path.display())]
    #[diagnostic(code("PROVIDER-16"), help("is the state directory writable? agw-sandbox doctor"))]
    Record {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },

    /// kind does not start.
    #[error("{} cannot be started", program.display())]
    #[diagnostic(code("PROVIDER-17"), help("try it by hand: kind version"))]
    Start {
        /// The program.
        program: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },

    /// Docker failed at a call.
    #[error("{doing}: {why}")]
    #[diagnostic(code("PROVIDER-18"), help("docker version   shows whether Docker itself answers"))]
    Docker {
        /// What was being done.
        doing: String,
        /// Docker's own words.
        why: String,
    },

    /// CoreDNS is configured in a way that cannot be extended.
    #[error("the configuration of CoreDNS cannot be extended: {why}")]
    #[diagnostic(
        code("PROVIDER-19"),
        help("ConfigMap kube-system/coredns was changed by hand; make the cluster anew: agw-sandbox down, then up")
    )]
    Corefile {
        /// Why not.
        why: String,
    },

    /// CoreDNS does not come up.
    #[error("CoreDNS did not become ready within {seconds} s: {last}")]
    #[diagnostic(code("PROVIDER-20"), help("kubectl -n kube-system describe pods -l k8s-app=kube-dns"))]
    Dns {
        /// The deadline.
        seconds: u64,
        /// What was seen last.
        last: String,
    },
}

impl KindError {
    /// Docker failed at a call.
    pub(super) fn docker(doing: impl Into<String>) -> impl FnOnce(bollard::errors::Error) -> Self {
        let doing = doing.into();
        move |error| Self::Docker { doing, why: error.to_string() }
    }
}
