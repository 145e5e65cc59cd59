//! A stand-in for what scenarios run against: a cluster that keeps objects and finds all of them good, a gateway that
//! knows one route, and the real mocks.

use super::hostile;
use agw_sandbox::canonical::GatewayRef;
use agw_sandbox::event::{Event, Events, Fact, Tally};
use agw_sandbox::exchange::MockAdmin;
use agw_sandbox::mock::{MockOptions, Mocks, Ports};
use agw_sandbox::scenario::{Catalogue, Observations, RunOptions, Target, TargetFacts, Ways, run};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

type Objects = Arc<Mutex<BTreeMap<String, Value>>>;

/// Everything that a run needs.
pub struct Stand {
    target: Target,
    objects: Objects,
    mocks: Mocks,
}

impl Stand {
    /// Starts it. It ends with the test's runtime.
    pub async fn start() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let options = MockOptions::at(IpAddr::V4(Ipv4Addr::LOCALHOST), Ports::Any);
        let mocks = Mocks::start(options, CancellationToken::new()).await.unwrap();
        let admin = serve(mocks.admin(None)).await;
        let objects = Objects::default();
        let cluster = serve(Router::new().route("/{*path}", axum::routing::any(api)).with_state(objects.clone())).await;
        let upstream = format!("http://{}", mocks.endpoint("openai").unwrap().address);
        let gateway = serve(Router::new().fallback(gateway).with_state(upstream)).await;
        let config = kube::Config::new(cluster.parse().unwrap());
        let facts = TargetFacts {
            line: "agentgateway-1.4".to_owned(),
            release: "1.4.1".to_owned(),
            provider: "embedded".to_owned(),
            implementation: "reference".to_owned(),
        };
        let target = Target {
            ways: Ways::at_node_ports("127.0.0.1"),
            gateway_url: gateway,
            gateway: GatewayRef { namespace: "agentgateway-system".to_owned(), name: "ai-gateway".to_owned() },
            cluster: kube::Client::try_from(config).unwrap(),
            mocks: MockAdmin::new(&admin, None).unwrap(),
            observations: Observations::none("the stand has none"),
            facts,
        };
        Self { target, objects, mocks }
    }

    /// Runs scenarios and gives what was told of them.
    pub async fn run(&self, texts: &[&str], deadline: Duration, cancel: CancellationToken) -> (Tally, Vec<Event>) {
        let files = texts.iter().enumerate().map(|(number, text)| (format!("test/{number}.yaml"), (*text).to_owned()));
        let selection = Catalogue::of(files).unwrap().all().to_vec();
        let (events, mut told) = Events::new();
        let options = RunOptions { deadline, ..RunOptions::seeded(7) };
        let tally = run(selection, &self.target, options, &events, cancel).await;
        let mut list = Vec::new();
        while let Ok(event) = told.try_recv() {
            list.push(event);
        }
        (tally, list)
    }

    /// Paths of the objects that are there.
    pub fn objects(&self) -> Vec<String> {
        self.objects.lock().unwrap().keys().cloned().collect()
    }

    /// How many exchanges the mocks remember of a lane.
    pub async fn remembered(&self, lane: &str) -> usize {
        let lane = agw_sandbox::exchange::Lane::named(lane);
        assert!(self.mocks.endpoint("openai").is_some());
        self.target.mocks.exchanges(&lane, "openai").await.unwrap().len()
    }
}

/// The reports among events, by id.
pub fn reports(events: &[Event]) -> BTreeMap<String, agw_sandbox::event::ScenarioReport> {
    let reports = events.iter().filter_map(|event| match &event.fact {
        Fact::ScenarioFinished(report) => Some((report.id.clone(), (**report).clone())),
        _ => None,
    });
    reports.collect()
}

async fn serve(router: Router) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

async fn api(State(objects): State<Objects>, Path(path): Path<String>, method: Method, body: Bytes) -> Response {
    let mut objects = objects.lock().unwrap();
    let found = match method.as_str() {
        "PATCH" => {
            let mut object: Value = serde_json::from_slice(&body).unwrap();
            object["metadata"]["generation"] = json!(1);
            object["status"] = status();
            objects.insert(path.clone(), object);
            objects.get(&path).cloned()
        }
        "DELETE" => {
            let object = objects.remove(&path);
            objects.retain(|other, _| !other.starts_with(&format!("{path}/")) && !other.contains(&format!("/{path}/")));
            let name = path.rsplit('/').next().unwrap_or_default();
            objects.retain(|other, _| !other.contains(&format!("/namespaces/{name}/")));
            object
        }
        _ => objects.get(&path).cloned(),
    };
    let missing = json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404});
    let (code, body) = found.map_or((404, missing), |object| (200, object));
    Response::builder()
        .status(code)
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

/// Good conditions wherever a kind may have them.
fn status() -> Value {
    let condition = |kind: &str| json!({"type": kind, "status": "True", "observedGeneration": 1});
    let conditions: Vec<Value> = ["Accepted", "Programmed", "ResolvedRefs", "Attached"].map(condition).into();
    json!({"conditions": conditions, "parents": [{"conditions": conditions}], "ancestors": [{"conditions": conditions}]})
}

/// Serves `/v1` of every host `<lane>.test` from the mock, with a key of its own.
async fn gateway(
    State(upstream): State<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = |status: u16, text: String, kind: &str| {
        Response::builder()
            .status(StatusCode::from_u16(status).unwrap())
            .header("content-type", kind)
            .body(Body::from(text))
            .unwrap()
    };
    let host = headers["host"].to_str().unwrap();
    let Some(lane) = host.strip_suffix(".test").filter(|_| uri.path().starts_with("/v1")) else {
        return answer(404, "route not found".to_owned(), "text/plain");
    };
    if let Some(hostile) = hostile::answer(uri.path()) {
        return hostile;
    }
    if method == Method::GET {
        return answer(503, "processing failed".to_owned(), "text/plain");
    }
    let client = reqwest::Client::builder().tls_certs_only([]).no_proxy().build().unwrap();
    let sent = client
        .post(format!("{upstream}{}", uri.path()))
        .header("host", format!("openai.{lane}.svc.cluster.local"))
        .header("authorization", "Bearer sk-backend")
        .header("content-type", "application/json")
        .body(body.to_vec());
    let response = sent.send().await.unwrap();
    answer(response.status().as_u16(), response.text().await.unwrap(), "application/json")
}
