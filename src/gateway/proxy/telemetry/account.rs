//! The account of one request.

use super::{Facts, Telemetry, watched::Watched};
use crate::gateway::{
    Mutant,
    proxy::{body::Body, host, shared::Acting},
};
use http::{Response, request};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Something to do once all is known.
type Epilogue = Box<dyn FnOnce(&mut Facts) + Send>;

/// The account of one request. Whoever serves a part of it holds a handle and may add to it; it is settled when the answer
/// ends, or when nobody holds it any more.
#[derive(Clone)]
pub struct Account(Arc<Inner>);

struct Inner {
    telemetry: Arc<Telemetry>,
    begun: Instant,
    acting: Acting,
    /// `None` once it is settled.
    open: Mutex<Option<Open>>,
}

#[derive(Default)]
struct Open {
    facts: Facts,
    epilogues: Vec<Epilogue>,
}

impl Account {
    /// Begins with what a request says of itself.
    pub fn open(telemetry: Arc<Telemetry>, acting: Acting, peer: Option<SocketAddr>, request: &request::Parts) -> Self {
        let host = host::client_host(&request.uri, &request.headers).map(host::without_port);
        let facts = Facts {
            peer,
            method: request.method.clone(),
            host: host.map(str::to_owned),
            path: request.uri.path_and_query().map_or_else(String::new, ToString::to_string),
            version: request.version,
            ..Facts::default()
        };
        let open = Open { facts, epilogues: Vec::new() };
        Self(Arc::new(Inner { telemetry, begun: Instant::now(), acting, open: Mutex::new(Some(open)) }))
    }

    /// Adds to what is known; nothing is added once the account is settled.
    pub fn note(&self, change: impl FnOnce(&mut Facts)) {
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = open.as_mut() {
            change(&mut open.facts);
        }
    }

    /// Does something with all that is known, just before the account is settled.
    pub fn finally(&self, work: impl FnOnce(&mut Facts) + Send + 'static) {
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = open.as_mut() {
            open.epilogues.push(Box::new(work));
        }
    }

    /// Time since the request came.
    pub fn elapsed(&self) -> Duration {
        self.0.begun.elapsed()
    }

    /// Where it is told.
    pub fn telemetry(&self) -> &Telemetry {
        &self.0.telemetry
    }

    /// Settles it: metrics count it and the log gets its line. Only the first time counts.
    pub fn settle(&self) {
        self.0.settle();
    }

    /// Notes that an answer has broken off; the real proxy does not say so.
    pub fn broke_off(&self) {
        if self.0.acting.is(Mutant::BrokenStreamLogged) {
            self.note(|facts| facts.error = Some("the answer broke off".to_owned()));
        }
    }

    /// The same answer, which settles the account with its last byte.
    pub fn watch(self, response: Response<Body>) -> Response<Body> {
        let status = response.status().as_u16();
        self.note(|facts| facts.status = Some(status));
        response.map(|body| Watched::body(body, self))
    }
}

impl Inner {
    fn settle(&self) {
        let taken = self.open.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Open { mut facts, epilogues }) = taken else { return };
        epilogues.into_iter().for_each(|work| work(&mut facts));
        if self.acting.is(Mutant::ReasonNotLogged) {
            (facts.error, facts.reason) = (None, None);
        }
        self.telemetry.settle(&facts, self.begun.elapsed(), !self.acting.is(Mutant::RequestsNotCounted));
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.settle();
    }
}
