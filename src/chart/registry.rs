//! Registries, asked through their mirrors, with patience and without trust.

use super::answer::Answer;
use super::{ChartError, Digest, Endpoint, Logins, Mirrors, Network, Reference};
use oci_client::secrets::RegistryAuth;
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::AsyncWrite;

/// Tags of a page, and how many pages are read at most.
const PAGE: usize = 1000;
const PAGES: usize = 20;

/// Pauses before asking once more.
const PAUSES: [Duration; 2] = [Duration::from_millis(300), Duration::from_millis(1200)];

/// Time for one question, its answer included.
const DEADLINE: Duration = Duration::from_secs(300);

/// What registries are asked to send as a manifest.
const MANIFESTS: [&str; 4] = [
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
];

/// Registries, reached through their mirrors.
pub(super) struct Registries {
    network: Network,
    logins: Logins,
    mirrors: Mirrors,
    /// By whether it speaks plain HTTP and whether it uses stored credentials; a client remembers what it was given.
    clients: Mutex<HashMap<(bool, bool), oci_client::Client>>,
}

/// Why there is no answer: the registry's reason, or that no client can be made.
#[derive(Debug)]
pub(super) enum Refusal {
    Answer(Answer),
    Client(ChartError),
}

impl Refusal {
    pub fn into_error(self, registry: &str, what: &str) -> ChartError {
        match self {
            Self::Answer(answer) => answer.into_error(registry, what),
            Self::Client(error) => error,
        }
    }
}

impl Registries {
    pub fn new(network: Network, logins: Logins, mirrors: Mirrors) -> Self {
        Self { network, logins, mirrors, clients: Mutex::default() }
    }

    pub fn mirrors(&self) -> &Mirrors {
        &self.mirrors
    }

    /// The registry that is really asked, for messages.
    pub fn asked(&self, reference: &Reference) -> String {
        self.mirrors.for_host(&reference.registry, &reference.repository).0.host
    }

    /// Every tag of a repository.
    pub async fn tags(&self, reference: &Reference) -> Result<Vec<String>, Refusal> {
        let mut all: Vec<String> = Vec::new();
        for _ in 0..PAGES {
            let last = all.last().cloned();
            let page = self
                .ask(reference, |client, there, auth| {
                    let last = last.clone();
                    async move { client.list_tags(&there, &auth, Some(PAGE), last.as_deref()).await }
                })
                .await?;
            let full = page.tags.len() >= PAGE;
            all.extend(page.tags);
            if !full {
                break;
            }
        }
        Ok(all)
    }

    /// The manifest and its digest, verified against each other and against the digest of the reference.
    pub async fn manifest(&self, reference: &Reference) -> Result<(Vec<u8>, Digest), Refusal> {
        let (content, _) =
            self.ask(reference, |client, there, auth| async move {
                client.pull_manifest_raw(&there, &auth, &MANIFESTS).await
            })
            .await?;
        let got = Digest::of(&content);
        match &reference.digest {
            Some(wanted) if *wanted != got => Err(Refusal::Answer(Answer::Damaged { wanted: wanted.clone(), got })),
            _ => Ok((content.to_vec(), got)),
        }
    }

    /// A blob of at most `limit` bytes, verified.
    pub async fn blob(&self, reference: &Reference, digest: &Digest, limit: usize) -> Result<Vec<u8>, Refusal> {
        self.ask(reference, |client, there, auth| async move {
            client.store_auth_if_needed(there.resolve_registry(), &auth).await;
            let mut content = Bounded { content: Vec::new(), limit };
            client.pull_blob(&there, digest.to_string().as_str(), &mut content).await?;
            Ok(content.content)
        })
        .await
    }

    /// Asks with stored credentials if there are any, then without; and once more where that may help.
    async fn ask<T, F, A>(&self, reference: &Reference, question: F) -> Result<T, Refusal>
    where
        F: Fn(oci_client::Client, oci_client::Reference, RegistryAuth) -> A,
        A: Future<Output = Result<T, oci_client::errors::OciDistributionError>>,
    {
        let (endpoint, repository) = self.mirrors.for_host(&reference.registry, &reference.repository);
        let there = address(&endpoint, &repository, reference);
        let mut pauses = PAUSES.iter();
        let mut login = self.logins.for_registry(&endpoint.host);
        loop {
            let client = self.client(endpoint.plain, login.is_some()).map_err(Refusal::Client)?;
            let auth = login.clone().unwrap_or(RegistryAuth::Anonymous);
            let asked = tokio::time::timeout(DEADLINE, question(client, there.clone(), auth)).await;
            let answer = match asked {
                Ok(Ok(found)) => return Ok(found),
                Ok(Err(error)) => Answer::from(error),
                Err(_) => Answer::Unreachable(format!("no whole answer within {} s", DEADLINE.as_secs())),
            };
            // Public content is often refused because of credentials that have expired.
            if matches!(answer, Answer::Refused(_)) && login.take().is_some() {
                continue;
            }
            match pauses.next().filter(|_| answer.may_pass()) {
                Some(pause) => tokio::time::sleep(*pause).await,
                None => return Err(Refusal::Answer(answer)),
            }
        }
    }

    fn client(&self, plain: bool, known: bool) -> Result<oci_client::Client, ChartError> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&(plain, known)) {
            return Ok(client.clone());
        }
        let client = self.network.registry(plain)?;
        clients.insert((plain, known), client.clone());
        Ok(client)
    }
}

fn address(endpoint: &Endpoint, repository: &str, reference: &Reference) -> oci_client::Reference {
    let (host, repository) = (endpoint.host.clone(), repository.to_owned());
    match (&reference.digest, &reference.tag) {
        (Some(digest), _) => oci_client::Reference::with_digest(host, repository, digest.to_string()),
        (None, Some(tag)) => oci_client::Reference::with_tag(host, repository, tag.clone()),
        (None, None) => oci_client::Reference::with_tag(host, repository, "latest".to_owned()),
    }
}

/// Memory that refuses to grow beyond a limit.
struct Bounded {
    content: Vec<u8>,
    limit: usize,
}

impl AsyncWrite for Bounded {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        if self.content.len() + bytes.len() > self.limit {
            let message = format!("it is larger than {} MB", self.limit / 1_000_000);
            return Poll::Ready(Err(std::io::Error::other(message)));
        }
        self.content.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
