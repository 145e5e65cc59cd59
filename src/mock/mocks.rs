//! All mocks of a process, from start to stop.

use super::behaviours::Behaviours;
use super::bind::{Ports, listen};
use super::catalog::{Mock, all};
use super::endpoint::{MockEndpoint, Protocol, reachable};
use super::identity::Home;
use super::layer::{Memory, Stage, observe};
use super::lenient::lenient;
use super::recorder::Recorder;
use super::trust::{KeyRoot, Trust, TrustError, controls as trust_controls};
use super::{admin, serve};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// How long [`Mocks::stop`] waits for the last task.
const STOP_DEADLINE: Duration = Duration::from_secs(5);

/// Where the mocks listen.
#[derive(Debug, Clone)]
pub struct MockOptions {
    /// The address of all of them.
    pub address: IpAddr,
    /// Their ports.
    pub ports: Ports,
    /// The family that is started; `None`: all mocks.
    pub only: Option<Protocol>,
    /// Whether requests are answered that their vendor would refuse.
    pub lenient: bool,
    /// Where the keys of tokens and certificates come from.
    pub keys: KeyRoot,
    /// What the identity provider's tokens name as their issuer; `None`: the origin at which they are asked for.
    pub issuer: Option<String>,
}

impl MockOptions {
    /// All mocks, as strict as their vendors, with keys of their own.
    pub fn at(address: IpAddr, ports: Ports) -> Self {
        Self { address, ports, only: None, lenient: false, keys: KeyRoot::random(), issuer: None }
    }
}

/// Why the mocks could not start.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum MockError {
    /// A port could not be had.
    #[error("A mock cannot listen on {address}: {source}.")]
    #[diagnostic(
        code("MOCK-01"),
        help("Choose an address that this machine has, and make room on the port or the 200 ports above it.")
    )]
    Bind {
        /// Where it wanted to listen.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// Their certificates cannot be made.
    #[error("The certificates of the mocks cannot be made: {source}")]
    #[diagnostic(code("MOCK-06"), help("This is a bug in agw-sandbox; please report it with the message."))]
    Trust {
        /// Why not.
        source: TrustError,
    },
}

/// The running mocks. They end when the token given at the start is cancelled, or when this is dropped.
#[derive(Debug)]
pub struct Mocks {
    endpoints: Arc<[MockEndpoint]>,
    recorder: Recorder,
    behaviours: Behaviours,
    controls: Router,
    trust: Trust,
    tasks: TaskTracker,
    running: DropGuard,
}

impl Mocks {
    /// Starts all mocks. When one cannot listen, none does.
    pub async fn start(options: MockOptions, cancel: CancellationToken) -> Result<Self, MockError> {
        let cancel = cancel.child_token();
        let running = cancel.clone().drop_guard();
        let home = Home::default();
        let mut mocks: Vec<Mock> = all(&cancel, &options, &home)?;
        mocks.retain(|mock| options.only.is_none_or(|only| only == mock.protocol));
        let ports: Vec<u16> = mocks.iter().map(|mock| mock.port).collect();
        let listeners = listen(options.address, options.ports, &ports).await?;
        let behaviours = Behaviours::beside(mocks.iter().filter_map(|mock| mock.memory.clone()));
        let (recorder, tasks) = (Recorder::new(), TaskTracker::new());
        let mut controls = Router::new();
        let mut endpoints = Vec::with_capacity(mocks.len());
        for (mock, listener) in mocks.into_iter().zip(listeners) {
            let address = listener
                .local_addr()
                .map_err(|source| MockError::Bind { address: SocketAddr::new(options.address, mock.port), source })?;
            endpoints.push(endpoint(&mock, address));
            controls = controls.nest(&format!("/mock/{}", mock.name), mock.controls.clone());
            let tls = mock.tls.clone();
            let router = staged(mock, options.lenient, &recorder, &behaviours);
            tasks.spawn(serve::serve(listener, tls, router, cancel.clone(), tasks.clone()));
        }
        if let Some(identity) = endpoints.iter().find(|endpoint| endpoint.name == "identity") {
            home.tell(&identity.base_url);
        }
        let trust = Trust::of(&options.keys);
        Ok(Self { endpoints: endpoints.into(), recorder, behaviours, controls, trust, tasks, running })
    }

    /// Where each mock is.
    pub fn endpoints(&self) -> &[MockEndpoint] {
        &self.endpoints
    }

    /// The mock with this name.
    pub fn endpoint(&self, name: &str) -> Option<&MockEndpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.name == name)
    }

    /// The admin API, to be served under a prefix of the caller's choice. With a token, every call has to bring it as
    /// `Authorization: Bearer`.
    pub fn admin(&self, token: Option<String>) -> Router {
        let (endpoints, controls) = (Arc::clone(&self.endpoints), self.controls.clone());
        let controls = controls.merge(trust_controls(self.trust.clone()));
        admin::router(endpoints, self.recorder.clone(), self.behaviours.clone(), controls, token)
    }

    /// What clients need to talk to the mocks over TLS.
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// What the mocks received.
    pub fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// Ends all mocks and waits, for at most five seconds, until their tasks are gone.
    pub async fn stop(self) {
        drop(self.running);
        self.tasks.close();
        // Tasks that are late have been told to end all the same.
        let _ = tokio::time::timeout(STOP_DEADLINE, self.tasks.wait()).await;
    }
}

fn endpoint(mock: &Mock, address: SocketAddr) -> MockEndpoint {
    let scheme = if mock.tls.is_some() { "https" } else { "http" };
    MockEndpoint {
        name: mock.name,
        protocol: mock.protocol,
        address,
        about: mock.about,
        base_url: format!("{scheme}://{}{}", reachable(address), mock.base_path),
    }
}

/// Whether an answer depends on nothing but the request. Signatures grow old, Ollama's models are loaded and unloaded, and
/// MCP has sessions.
fn is_pure(mock: &Mock) -> bool {
    mock.protocol == Protocol::Llm && !matches!(mock.name, "bedrock" | "ollama")
}

fn staged(mock: Mock, is_lenient: bool, recorder: &Recorder, behaviours: &Behaviours) -> Router {
    let stage = Stage {
        mock: mock.name,
        refuse: mock.refuse,
        request_id: mock.request_id,
        behaviours: behaviours.clone(),
        recorder: recorder.clone(),
        legible: mock.legible,
        is_talk: mock.is_talk,
        memory: is_pure(&mock).then(Memory::default),
    };
    let router =
        if is_lenient && mock.protocol == Protocol::Llm { lenient(mock.router, mock.name) } else { mock.router };
    // The layer has its own limit, which is answered in the vendor's words.
    router.layer(DefaultBodyLimit::disable()).layer(from_fn_with_state(stage, observe))
}
