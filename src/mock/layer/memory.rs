//! Answers to requests that came before.
//!
//! A vendor's mock answers equal requests with equal bytes, so an answer that is known need not be made again. Lanes with
//! a behaviour of their own are not served from here.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many answers are known at a time; then all are forgotten.
const MOST_ANSWERS: usize = 256;
/// The longest answer that is kept, in bytes.
const LONGEST_ANSWER: usize = 64 * 1024;

/// Answers that are known; clones share them.
#[derive(Debug, Clone, Default)]
pub(in crate::mock) struct Memory(Arc<Mutex<HashMap<Key, Arc<Known>>>>);

/// Everything that an answer depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key([u8; 32]);

/// An answer in the pieces in which it goes out, which are parts of the whole.
#[derive(Debug)]
struct Known {
    status: StatusCode,
    headers: HeaderMap,
    whole: Bytes,
    pieces: Vec<Bytes>,
}

/// The body of a known answer; it is also in the answer's extensions.
#[derive(Debug, Clone)]
pub(super) struct KnownBody {
    known: Arc<Known>,
    next: usize,
}

impl KnownBody {
    /// All of it in one.
    pub(super) fn whole(&self) -> Bytes {
        self.known.whole.clone()
    }

    /// The next piece.
    pub(super) fn take_piece(&mut self) -> Option<Bytes> {
        let piece = self.known.pieces.get(self.next)?;
        self.next += 1;
        Some(piece.clone())
    }

    /// Whether no piece is left.
    pub(super) fn is_over(&self) -> bool {
        self.next >= self.known.pieces.len()
    }

    /// Its size, where it goes out in one piece.
    pub(super) fn size(&self) -> Option<u64> {
        (self.known.pieces.len() <= 1).then_some(self.known.whole.len() as u64)
    }
}

impl Iterator for KnownBody {
    type Item = Result<Bytes, Infallible>;

    fn next(&mut self) -> Option<Self::Item> {
        self.take_piece().map(Ok)
    }
}

impl Key {
    /// The key of a request, of which the seed has digested method, target and body.
    pub(super) fn of(mock: &str, seed: &[u8; 32], parts: &Parts) -> Self {
        let mut digest = Sha256::new_with_prefix(seed);
        digest.update(mock);
        for (name, value) in &parts.headers {
            digest.update((name.as_str().len() as u64).to_be_bytes());
            digest.update(name.as_str());
            digest.update((value.len() as u64).to_be_bytes());
            digest.update(value);
        }
        Self(digest.finalize().into())
    }
}

impl Memory {
    /// The answer to a request that came before.
    pub(super) fn recall(&self, key: Key) -> Option<Response> {
        let known = Arc::clone(self.lock().get(&key)?);
        Some(known.response())
    }

    /// Remembers an answer, unless it is long, and returns it.
    pub(super) async fn keep(&self, key: Key, response: Response) -> Response {
        let (parts, body) = response.into_parts();
        let mut pieces = Vec::new();
        let mut size = 0;
        let mut rest = body;
        // All pieces of an answer without a behaviour are there from the start, so this does not wait.
        while let Some(Ok(frame)) = rest.frame().await {
            if let Ok(piece) = frame.into_data() {
                size += piece.len();
                pieces.push(piece);
            }
            if size > LONGEST_ANSWER {
                let begun = futures_util::stream::iter(pieces.into_iter().map(Ok::<_, axum::Error>));
                let whole = futures_util::StreamExt::chain(begun, rest.into_data_stream());
                return Response::from_parts(parts, Body::from_stream(whole));
            }
        }
        let known = Arc::new(Known::new(parts.status, parts.headers, &pieces));
        let mut response = known.response();
        response.extensions_mut().extend(parts.extensions);
        let mut answers = self.lock();
        if answers.len() >= MOST_ANSWERS {
            answers.clear();
        }
        answers.insert(key, known);
        response
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Arc<Known>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn new(status: StatusCode, headers: HeaderMap, pieces: &[Bytes]) -> Self {
        let whole = Bytes::from(pieces.concat());
        let mut end = 0;
        let pieces = pieces.iter().map(|piece| {
            end += piece.len();
            whole.slice(end - piece.len()..end)
        });
        Self { status, headers, pieces: pieces.collect(), whole: whole.clone() }
    }

    fn response(self: &Arc<Self>) -> Response {
        let body = KnownBody { known: Arc::clone(self), next: 0 };
        let mut response = Response::new(match self.pieces.as_slice() {
            [] => Body::empty(),
            [whole] => Body::from(whole.clone()),
            _ => Body::from_stream(futures_util::stream::iter(body.clone())),
        });
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers.clone();
        response.extensions_mut().insert(body);
        response
    }
}
