//! The one call that Docker answers at once; asking for its version makes it ask its parts for theirs.

use bollard::{API_DEFAULT_VERSION, ClientVersion};
use bytes::Bytes;
use http_body_util::Empty;
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

/// What Docker says of itself in the headers of its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pong {
    /// The newest API that it speaks, `(1, 41)`.
    pub api: (usize, usize),
    /// Its version.
    pub version: String,
    /// Whether it is Podman.
    pub is_podman: bool,
}

impl Pong {
    /// The newest API that both sides speak.
    pub(super) fn client_version(&self) -> ClientVersion {
        let ours = (API_DEFAULT_VERSION.major_version, API_DEFAULT_VERSION.minor_version);
        let (major_version, minor_version) = self.api.min(ours);
        ClientVersion { major_version, minor_version }
    }
}

/// Asks; the error says in words what came instead.
pub(super) async fn ping(stream: impl AsyncRead + AsyncWrite + Unpin) -> Result<Pong, String> {
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
    let request = http::Request::get("/_ping").header(http::header::HOST, "docker");
    let request = request.body(Empty::<Bytes>::new()).map_err(|error| error.to_string())?;
    let answer = sender.send_request(request);
    // The connection is driven here, so that it ends with the question.
    tokio::pin!(answer);
    let answer = tokio::select! {
        answer = &mut answer => answer,
        _ = connection => answer.await,
    };
    let answer = answer.map_err(|error| error.to_string())?;
    if !answer.status().is_success() {
        return Err(format!("it answers {}", answer.status()));
    }
    pong(answer.headers()).ok_or_else(|| "it does not say which API it has".to_owned())
}

fn pong(headers: &http::HeaderMap) -> Option<Pong> {
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let (major, minor) = said("api-version")?.split_once('.')?;
    let server = said("server").unwrap_or_default();
    let version = server.split_once('/').and_then(|(_, rest)| rest.split_whitespace().next());
    Some(Pong {
        api: (major.parse().ok()?, minor.parse().ok()?),
        version: version.unwrap_or("of unknown version").to_owned(),
        is_podman: server.starts_with("Libpod"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(api: &str, server: &str) -> http::HeaderMap {
        let pairs = [("api-version", api), ("server", server)].into_iter();
        pairs.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn docker_and_podman_say_who_they_are() {
        let docker = pong(&headers("1.41", "Docker/20.10.24+dfsg1 (linux)")).unwrap();
        assert_eq!(docker, Pong { api: (1, 41), version: "20.10.24+dfsg1".to_owned(), is_podman: false });
        assert_eq!(docker.client_version().minor_version, 41);
        let newer = pong(&headers("1.999", "Docker/99.0.0 (linux)")).unwrap();
        assert_eq!(newer.client_version().minor_version, API_DEFAULT_VERSION.minor_version);
        assert!(pong(&headers("1.41", "Libpod/5.4.0 (linux)")).unwrap().is_podman);
        assert_eq!(pong(&headers("none", "nginx")), None);
    }
}
