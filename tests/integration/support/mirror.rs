//! A mirror of everything that release lines need: a registry with stand-in charts and images, and upstream's definitions of
//! Gateway API in a folder. Nothing but its content makes a chart a stand-in.

use super::{Registry, StandIn, upstream};
use agw_sandbox::image::{SelfImage, ensure_self_image};
use agw_sandbox::process::{DockerEnvironment, connect_docker};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Where upstream publishes the definitions of Gateway API, without the host.
const RELEASES: &str = "kubernetes-sigs/gateway-api/releases/download";

/// The registry and the folder.
pub struct Mirror {
    /// The registry.
    pub registry: Registry,
    folder: TempDir,
    cache: TempDir,
    own_image: String,
}

impl Mirror {
    /// An empty registry beside the definitions of Gateway API; `None`, with a note, where that cannot be had.
    pub async fn start() -> Option<Self> {
        let definitions = upstream().join("crds/gateway-api");
        if !definitions.is_dir() {
            println!("skipped: no {}", definitions.display());
            return None;
        }
        let registry = Registry::start().await?;
        let (folder, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::create_dir_all(folder.path().join(RELEASES).parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(definitions.canonicalize().unwrap(), folder.path().join(RELEASES)).unwrap();
        let docker = connect_docker(&DockerEnvironment::from_env()).await.unwrap();
        let own = SelfImage::of(env!("CARGO_BIN_EXE_agw-sandbox").into()).await.unwrap();
        let own_image = ensure_self_image(&docker, &own, &|_| {}).await.unwrap().reference;
        Some(Self { registry, folder, cache, own_image })
    }

    /// With charts and images of a release. The images are our own program, told to be the controller or the proxy.
    pub async fn with(self, line: &str, version: &str) -> Option<Self> {
        StandIn::of(line, version)?.push_to(&self.registry).await;
        let (controller, proxy, proxy_tag) = match line {
            "kgateway-2.1" => ("kgateway-dev/kgateway", "agentgateway/agentgateway", "0.10.3".to_owned()),
            "agentgateway-2.2" => ("controller", "agentgateway", "0.12.0".to_owned()),
            _ => ("controller", "agentgateway", format!("v{version}")),
        };
        self.push_image(controller, &format!("v{version}"), "CMD [\"gateway\", \"controller\"]");
        self.push_image(proxy, &proxy_tag, "CMD [\"gateway\", \"proxy\"]");
        Some(self)
    }

    /// An image of our own program in Docker only, under a name of people's own.
    pub fn local_image(&self, name: &str, command: &str) {
        self.build(name, &format!("LABEL build-of=somebody\n{command}"));
    }

    fn push_image(&self, repository: &str, tag: &str, command: &str) {
        let name = format!("{}/{repository}:{tag}", self.registry.host());
        self.build(&name, &format!("LABEL stand-in={repository}\n{command}"));
        for arguments in [["push", "--quiet", &name], ["rmi", "--no-prune", &name]] {
            let done = Command::new("docker").args(arguments).output().unwrap();
            assert!(done.status.success(), "docker {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        }
    }

    fn build(&self, name: &str, recipe: &str) {
        let recipe = format!("FROM {}\n{recipe}\n", self.own_image);
        let mut build = Command::new("docker")
            .args(["build", "--quiet", "--tag", name, "-"])
            .env("DOCKER_BUILDKIT", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        build.stdin.take().unwrap().write_all(recipe.as_bytes()).unwrap();
        assert!(build.wait().unwrap().success(), "docker build {name}");
    }

    /// The variables that lead a command to it instead of to the registries of all lines.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        self.variables_through(&self.registry.host())
    }

    /// The same, through a door.
    pub fn variables_through(&self, registry: &str) -> Vec<(&'static str, String)> {
        let entry = format!("{{host: '{registry}'}}");
        let folder = self.folder.path().display();
        let mirrors = format!(
            "{{cr.agentgateway.dev: {entry}, cr.kgateway.dev: {entry}, ghcr.io: {entry}, github.com: {{folder: '{folder}'}}}}"
        );
        vec![("AGW_SANDBOX_MIRRORS", mirrors), ("AGW_SANDBOX_CACHE", self.cache.path().display().to_string())]
    }
}

/// A folder in which `helm` is another program of that kind, in front of everything in PATH.
pub fn path_with_helm(folder: &Path, program: &str) -> Option<String> {
    let found = which::which(program).ok()?;
    std::os::unix::fs::symlink(found, folder.join("helm")).unwrap();
    Some(format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default()))
}
