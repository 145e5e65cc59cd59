//! What all requests share.

use super::{
    body::Body,
    directory::Directory,
    mcp::SessionSeal,
    names::Names,
    options::ProxyOptions,
    rate_limit::Buckets,
    refusal::{self, CONNECTION_REFUSED, Refusal},
    telemetry::{Account, Telemetry},
    upstream::Upstream,
};
use crate::gateway::{Mutant, table::Table};
use http::{Response, StatusCode};
use std::{sync::Arc, time::Duration};
use tokio::sync::watch;

/// State of a running proxy.
pub struct Shared {
    /// Release that it plays.
    pub release: String,
    /// Names to addresses.
    pub names: Names,
    /// Calls to upstreams.
    pub upstream: Upstream,
    /// Local rate limits.
    pub buckets: Buckets,
    /// MCP session ids.
    pub sessions: SessionSeal,
    /// Where requests are told of.
    pub telemetry: Arc<Telemetry>,
    /// Time for requests under way once their port is closed.
    pub drain: Duration,
    directory: watch::Sender<Arc<Directory>>,
    mutant: watch::Receiver<Option<Mutant>>,
}

/// The misbehaviour that a request meets, the same from its first step to its last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Acting(Option<Mutant>);

impl Acting {
    /// Whether it is this one.
    pub fn is(self, mutant: Mutant) -> bool {
        self.0 == Some(mutant)
    }
}

impl Shared {
    /// With an empty table.
    pub fn new(options: &ProxyOptions, mutant: watch::Receiver<Option<Mutant>>) -> Self {
        let (directory, watched) = watch::channel(Arc::default());
        let names = Names { aliases: Arc::new(options.aliases.clone()), directory: watched };
        Self {
            release: options.release.clone(),
            upstream: Upstream::new(names.clone()),
            names,
            buckets: Buckets::default(),
            sessions: SessionSeal::new(options.session_key.as_ref()),
            telemetry: Arc::clone(&options.telemetry),
            drain: options.drain,
            directory,
            mutant,
        }
    }

    /// Serves a new table from now on.
    pub fn turn_to(&self, table: &Table) {
        self.directory.send_replace(Arc::new(Directory::new(table)));
        self.buckets.keep_only(Directory::rate_limits(table));
    }

    /// The directory of the moment.
    pub fn directory(&self) -> Arc<Directory> {
        Arc::clone(&self.directory.borrow())
    }

    /// The misbehaviour of the moment.
    pub fn acting(&self) -> Acting {
        Acting(*self.mutant.borrow())
    }
}

impl Acting {
    /// The answer to a client that gets no backend's.
    pub fn answer(self, refusal: Refusal, grpc: bool, account: &Account) -> Response<Body> {
        account.note(|facts| {
            facts.reason = Some(refusal.reason());
            facts.error = refusal.error();
        });
        match &refusal {
            Refusal::UpstreamFailed(cause) if cause == CONNECTION_REFUSED && self.is(Mutant::RefusalReworded) => {
                refusal::plain_text(StatusCode::BAD_GATEWAY, "upstream connect error")
            }
            Refusal::UnknownName if self.is(Mutant::RefusalReworded) => {
                refusal::plain_text(StatusCode::BAD_GATEWAY, "upstream connect error")
            }
            Refusal::Processing(text)
                if text.starts_with("failed to parse request") && self.is(Mutant::ClientMistakeReworded) =>
            {
                refusal::plain_text(StatusCode::INTERNAL_SERVER_ERROR, "internal error")
            }
            Refusal::RouteNotFound if self.is(Mutant::NotFoundHidden) => Response::new(Body::empty()),
            _ if grpc => refusal.into_grpc_response(),
            _ => refusal.into_response(),
        }
    }
}
