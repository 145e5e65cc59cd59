//! What can go wrong with Helm.

use crate::cluster::ClusterError;
use miette::Diagnostic;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// What can go wrong with Helm. `release` is `namespace/name`, `said` are Helm's own words.
#[derive(Debug, Error, Diagnostic)]
pub enum HelmError {
    /// It does not start.
    #[error("{program} cannot be started")]
    #[diagnostic(code("HELM-01"), help("install Helm again: https://helm.sh/docs/intro/install/"))]
    Start {
        /// The executable.
        program: String,
        /// What the system says.
        #[source]
        source: io::Error,
    },

    /// The folder for values and records cannot be used.
    #[error("{} cannot be written", path.display())]
    #[diagnostic(code("HELM-02"), help("free some space or choose another folder: AGW_SANDBOX_HOME"))]
    WorkFolder {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },

    /// Cancelled.
    #[error("Helm was interrupted and ended")]
    #[diagnostic(code("HELM-03"), help("`agw-sandbox up` goes on from here, `agw-sandbox down` removes what is there"))]
    Interrupted,

    /// It took too long.
    #[error("Helm did not end within {seconds} s and was ended")]
    #[diagnostic(code("HELM-04"), help("see whether the API server answers: kubectl get --raw /readyz"))]
    TooLong {
        /// The deadline in seconds.
        seconds: u64,
    },

    /// The API server is away.
    #[error("Helm cannot reach the cluster for {release}: {said}")]
    #[diagnostic(code("HELM-05"), help("see whether the API server answers: kubectl get --raw /readyz"))]
    ClusterAway {
        /// Which release.
        release: String,
        /// Helm's words.
        said: String,
    },

    /// Objects belong to another release.
    #[error("{object} belongs to {owner} and {release} cannot have it")]
    #[diagnostic(
        code("HELM-06"),
        help("it was left as it is; use what is there, or remove the other first: helm uninstall")
    )]
    NotOurs {
        /// Which release.
        release: String,
        /// Kind and name.
        object: String,
        /// What it says of its owner.
        owner: String,
    },

    /// Another Helm is at it.
    #[error("another Helm is at work on {release}")]
    #[diagnostic(code("HELM-07"), help("wait for it; `agw-sandbox up` recovers what an interrupted one left"))]
    Busy {
        /// Which release.
        release: String,
    },

    /// The API server knows no such kind.
    #[error("the cluster has no definitions for what {release} brings: {said}")]
    #[diagnostic(
        code("HELM-08"),
        help("the definitions come first: Gateway API, then the chart whose name ends with -crds")
    )]
    DefinitionsMissing {
        /// Which release.
        release: String,
        /// Helm's words.
        said: String,
    },

    /// A field cannot be changed.
    #[error("{release} cannot change what is there: {said}")]
    #[diagnostic(
        code("HELM-09"),
        help(
            "a Gateway with the name of the helm release takes its Deployment and Service: rename the Gateway, delete that Deployment, then `agw-sandbox up`"
        )
    )]
    Immutable {
        /// Which release.
        release: String,
        /// Helm's words.
        said: String,
    },

    /// The API server finds rules of definitions too costly.
    #[error("this Kubernetes refuses the definitions of {release}: {said}")]
    #[diagnostic(
        code("HELM-10"),
        help(
            "Kubernetes 1.37 takes those of agentgateway 1.4 and later only: a node image of 1.36 or older, or a newer release"
        )
    )]
    TooCostly {
        /// Which release.
        release: String,
        /// Helm's words.
        said: String,
    },

    /// An admission policy or webhook says no.
    #[error("the cluster refuses {release}: {said}")]
    #[diagnostic(code("HELM-11"), help("an admission policy of the cluster forbids it; it is named in the message"))]
    Denied {
        /// Which release.
        release: String,
        /// Helm's words.
        said: String,
    },

    /// The user of the kubeconfig may not.
    #[error("the kubeconfig's user may not do what {release} needs: {said}")]
    #[diagnostic(code("HELM-12"), help("ask for the missing right, or use another context: --context"))]
    Forbidden {
        /// Which release.
        release: String,
        /// Helm's words.
        said: String,
    },

    /// The chart does not render.
    #[error("the chart of {release} cannot be rendered: {said}")]
    #[diagnostic(
        code("HELM-13"),
        help("the values of the profile and the chart do not fit; `charts:` in the profile sets them")
    )]
    Rendering {
        /// Which release.
        release: String,
        /// Helm's words.
        said: String,
    },

    /// The note of the release is too large for a Secret.
    #[error("{release} is too large for Helm to note it in the cluster")]
    #[diagnostic(
        code("HELM-14"),
        help(
            "a release has 1 MiB at most: keep definitions in a chart of their own, without templates they need no Helm"
        )
    )]
    TooLarge {
        /// Which release.
        release: String,
    },

    /// Its hooks or objects did not come in time.
    #[error("{release} did not become ready in time: {said}")]
    #[diagnostic(code("HELM-15"), help("see what its pods say: kubectl get pods,events -n NAMESPACE"))]
    NotReady {
        /// Which release.
        release: String,
        /// Helm's words.
        said: String,
    },

    /// Another name is needed.
    #[error("the name of {release} is in use: {said}")]
    #[diagnostic(code("HELM-16"), help("see what has it: helm list -A"))]
    NameInUse {
        /// Which release.
        release: String,
        /// Helm's words.
        said: String,
    },

    /// The namespace is missing, or is being removed.
    #[error("{release} has no namespace to go to: {said}")]
    #[diagnostic(code("HELM-17"), help("if it is being removed, wait until it is gone: kubectl get namespaces"))]
    NoNamespace {
        /// Which release.
        release: String,
        /// Helm's words.
        said: String,
    },

    /// Anything else.
    #[error("Helm failed on {release}: {said}")]
    #[diagnostic(code("HELM-18"), help("{release} was left as Helm left it; `agw-sandbox up` tries again from there"))]
    Failed {
        /// Which release.
        release: String,
        /// Helm's words.
        said: String,
    },

    /// Helm says that it is done, the cluster says that it is not.
    #[error("Helm reports success, but {release} is not as it should be: {seen}")]
    #[diagnostic(code("HELM-19"), help("somebody else changes it at the same time: helm history shows who did what"))]
    NotConfirmed {
        /// Which release.
        release: String,
        /// What is there.
        seen: String,
    },

    /// The kubeconfig leads nowhere.
    #[error("{} does not say which cluster is meant: {why}", path.display())]
    #[diagnostic(code("HELM-20"), help("run `agw-sandbox down` and `agw-sandbox up`, which writes it anew"))]
    Kubeconfig {
        /// The kubeconfig.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },

    /// The cluster cannot be asked.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Cluster(#[from] ClusterError),
}
