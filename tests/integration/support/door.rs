//! A door in front of a real registry that spoils its answers.

use super::Registry;
use agw_sandbox::chart::Digest;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use futures_util::StreamExt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What the door does to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// This status instead.
    Status(u16),
    /// Half of a blob.
    TruncatedBlob,
    /// Other bytes of a blob.
    AlteredBlob,
    /// Another digest in the header.
    WrongDigestHeader,
}

/// The door.
pub struct Door {
    /// Where it listens.
    pub address: SocketAddr,
    fault: Arc<Mutex<Fault>>,
    serving: JoinHandle<()>,
}

impl Door {
    /// In front of a registry.
    pub async fn before(registry: &Registry) -> Self {
        let fault = Arc::new(Mutex::new(Fault::None));
        let state = (registry.host(), fault.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(pass).with_state(state);
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, fault, serving }
    }

    /// From now on answers are spoilt like this.
    pub fn spoil(&self, fault: Fault) {
        *self.fault.lock().unwrap() = fault;
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn pass(State((registry, fault)): State<(String, Arc<Mutex<Fault>>)>, request: Request) -> Response {
    let fault = *fault.lock().unwrap();
    let path = request.uri().path_and_query().unwrap().to_string();
    if let Fault::Status(status) = fault {
        return Response::builder().status(status).body(Body::from("spoilt")).unwrap();
    }
    let client = reqwest::Client::new();
    let mut asked = client.request(request.method().clone(), format!("http://{registry}{path}"));
    for accept in request.headers().get_all("accept") {
        asked = asked.header("accept", accept);
    }
    let answer = asked.send().await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let mut content = answer.bytes().await.unwrap().to_vec();
    let is_blob = path.contains("/blobs/");
    let mut response = Response::builder().status(status);
    for (name, value) in headers.iter().filter(|(name, _)| *name != "transfer-encoding" && *name != "connection") {
        let wrong = fault == Fault::WrongDigestHeader && name == "docker-content-digest";
        response = match wrong {
            true => response.header(name, Digest::of(b"wrong").to_string()),
            false => response.header(name, value),
        };
    }
    match fault {
        Fault::TruncatedBlob if is_blob => content.truncate(content.len() / 2),
        Fault::AlteredBlob if is_blob => content.iter_mut().for_each(|byte| *byte ^= 1),
        _ => {}
    }
    // As a stream, its length is what the header claims; the end comes after the beginning was sent.
    let rest = futures_util::stream::once(async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Ok::<_, std::io::Error>(Vec::new())
    });
    response.body(Body::from_stream(futures_util::stream::iter([Ok(content)]).chain(rest))).unwrap()
}
