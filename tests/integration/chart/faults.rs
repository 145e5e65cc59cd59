//! A real registry behind a door that spoils its answers.

use super::{supply, told};
use crate::support::{Registry, StandIn, mirrors_to};
use agw_sandbox::chart::{ChartSource, Digest};
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
enum Fault {
    None,
    Status(u16),
    TruncatedBlob,
    AlteredBlob,
    WrongDigestHeader,
}

/// The door.
struct Door {
    address: SocketAddr,
    fault: Arc<Mutex<Fault>>,
    serving: JoinHandle<()>,
}

impl Door {
    async fn before(registry: &Registry) -> Self {
        let fault = Arc::new(Mutex::new(Fault::None));
        let state = (registry.host(), fault.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(pass).with_state(state);
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, fault, serving }
    }

    fn spoil(&self, fault: Fault) {
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

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_of_a_registry_has_its_id() {
    let Some(registry) = Registry::start().await else { return };
    let Some(charts) = StandIn::of("agentgateway-1.4", "1.4.1") else { return };
    charts.push_to(&registry).await;
    let door = Door::before(&registry).await;
    let source = [ChartSource::parse("oci://cr.agentgateway.dev/charts/agentgateway:1.4.1").unwrap()];
    let folder = tempfile::tempdir().unwrap();
    let supply = supply(folder.path(), mirrors_to(&door.address.to_string()));
    let place = door.address.to_string();
    for (fault, id, word) in [
        (Fault::Status(401), "CHART-04", "401 Unauthorized"),
        (Fault::Status(403), "CHART-04", "403 Forbidden"),
        (Fault::Status(404), "CHART-03", "has no chart"),
        (Fault::Status(429), "CHART-05", "429 Too Many Requests"),
        (Fault::Status(500), "CHART-06", "500 Internal Server Error (spoilt)"),
        (Fault::WrongDigestHeader, "CHART-08", "is damaged: wanted sha256:"),
    ] {
        door.spoil(fault);
        let told = told(&supply.resolve(&source, &[]).await.unwrap_err());
        assert!(told.starts_with(id) && told.contains(word), "{fault:?} {told}");
        assert!(id == "CHART-08" || told.contains(&place), "{told}");
    }
    door.spoil(Fault::None);
    let pins = supply.resolve(&source, &[]).await.unwrap();
    let pinned = &pins.charts[0];
    for (fault, id) in [(Fault::AlteredBlob, "CHART-08"), (Fault::TruncatedBlob, "CHART-06")] {
        door.spoil(fault);
        let told = told(&supply.chart(pinned).await.unwrap_err());
        assert!(told.starts_with(id), "{fault:?} {told}");
        if fault == Fault::AlteredBlob {
            let altered: Vec<u8> = charts.controller.iter().map(|byte| byte ^ 1).collect();
            let both = format!("wanted {}, got {}", pinned.digest, Digest::of(&altered));
            assert!(told.contains(&both), "{told}");
        }
        assert_eq!(supply.cache().get(&pinned.digest).unwrap(), None, "nothing of it is kept");
    }
    door.spoil(Fault::None);
    assert_eq!(supply.chart(pinned).await.unwrap().name, "agentgateway");
}
