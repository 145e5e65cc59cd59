//! Where a call goes.

use super::super::way::admin_of;
use crate::cli::Failure;
use crate::sandbox::SandboxName;
use std::time::Duration;
use tonic::Request;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Channel, Endpoint};

/// How long the connection may take, and then the call.
const DEADLINE: Duration = Duration::from_secs(10);

/// Where a call goes.
#[derive(Debug, clap::Args)]
pub(super) struct Target {
    /// The URL of the mock. Left out: that of the mocks that run.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The lane of the call.
    #[arg(long, value_name = "NAME", value_parser = lane)]
    lane: Option<MetadataValue<Ascii>>,
}

/// Why a call has no answer.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub(super) enum CallError {
    /// There is no such mock.
    #[error("no mock `{0}` runs")]
    #[diagnostic(code("MOCK-61"), help("Start it with `agw-sandbox mock services`, or name another one with --url."))]
    NoMock(&'static str),
    /// No connection.
    #[error("{url} cannot be called")]
    #[diagnostic(code("MOCK-62"), help("Is a mock running there? `agw-sandbox mock` prints the URLs of all."))]
    Connect { url: String, source: tonic::transport::Error },
    /// The call ended with another status than OK.
    #[error("the call ended with {:?}: {}", .0.code(), .0.message())]
    #[diagnostic(code("MOCK-63"), help("What the mock received: agw-sandbox mock requests --full"))]
    Status(Box<tonic::Status>),
}

impl From<tonic::Status> for CallError {
    fn from(status: tonic::Status) -> Self {
        Self::Status(Box::new(status))
    }
}

impl Target {
    /// A connection to the mock of this name.
    pub(super) async fn connect(&self, sandbox: SandboxName, mock: &'static str) -> Result<Channel, Failure> {
        let url = match &self.url {
            Some(url) => url.clone(),
            None => {
                let urls = admin_of(sandbox).await?.urls().await;
                let urls = urls.map_err(super::super::way::AskError::from)?;
                urls.get(mock).cloned().ok_or(CallError::NoMock(mock))?
            }
        };
        let failed = |source| CallError::Connect { url: url.clone(), source };
        let endpoint = Endpoint::from_shared(url.clone()).map_err(failed)?;
        let connection = endpoint.connect_timeout(DEADLINE).timeout(DEADLINE).connect().await;
        Ok(connection.map_err(failed)?)
    }

    /// A request with this message, or these messages.
    pub(super) fn request<M>(&self, message: M) -> Request<M> {
        let mut request = Request::new(message);
        if let Some(lane) = &self.lane {
            request.metadata_mut().insert("x-agw-lane", lane.clone());
        }
        request
    }
}

fn lane(text: &str) -> Result<MetadataValue<Ascii>, String> {
    text.parse().map_err(|_| "a lane that is sent along is made of visible ASCII characters".to_owned())
}
