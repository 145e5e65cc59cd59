//! Running mocks for one test, with everything at hand to talk to them.

use agw_sandbox::exchange::{Behaviour, Exchange, Fault, Lane, MockAdmin};
use agw_sandbox::mock::{MockOptions, Mocks, Ports};
use agw_sandbox::wire::sse::{Decoder, SseEvent};
use axum::Router;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub const TOKEN: &str = "admin-secret";
pub const PATIENCE: Duration = Duration::from_secs(5);

pub struct Stand {
    pub mocks: Mocks,
    pub admin: MockAdmin,
    pub admin_url: String,
    pub http: reqwest::Client,
    admin_task: JoinHandle<()>,
}

impl Stand {
    pub async fn start() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let options = MockOptions::at(Ipv4Addr::LOCALHOST.into(), Ports::Any);
        let mocks = Mocks::start(options, CancellationToken::new()).await.unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let admin_url = format!("http://{}/mock-admin", listener.local_addr().unwrap());
        let router = Router::new().nest("/mock-admin", mocks.admin(Some(TOKEN.to_owned())));
        let admin_task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let http = reqwest::Client::builder().tls_certs_only([]).no_proxy().build().unwrap();
        let admin = MockAdmin::new(&admin_url, Some(TOKEN.to_owned())).unwrap();
        Self { mocks, admin, admin_url, http, admin_task }
    }

    pub fn address(&self, mock: &str) -> SocketAddr {
        self.mocks.endpoint(mock).unwrap().address
    }

    pub fn request(&self, mock: &str, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("http://{}{path}", self.address(mock))).timeout(PATIENCE)
    }

    /// A chat completion of the OpenAI mock, with a good key.
    pub fn chat(&self, lane: &str, body: &Value) -> RequestBuilder {
        let request = self.request("openai", Method::POST, "/v1/chat/completions");
        request.header("host", format!("{lane}.test")).bearer_auth("sk-demo").json(body)
    }

    pub async fn behave(&self, lane: &str, mock: &str, answer: Option<&str>, faults: Vec<Fault>) {
        let behaviour = Behaviour { answer: answer.map(str::to_owned), faults, ..Default::default() };
        self.admin.behave(&Lane::named(lane), mock, &behaviour).await.unwrap();
    }

    /// The exchanges of a lane with the OpenAI mock, once so many have ended.
    pub async fn ended(&self, lane: &str, count: usize) -> Vec<Exchange> {
        let exchanges = self.admin.wait_for(&Lane::named(lane), "openai", count, PATIENCE).await.unwrap();
        assert_eq!(exchanges.len(), count, "{exchanges:#?}");
        exchanges
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        self.admin_task.abort();
    }
}

pub fn hello() -> Value {
    json!({ "model": "gpt-4o-mini", "messages": [{ "role": "user", "content": "hello" }] })
}

pub fn streamed(mut request: Value) -> Value {
    request["stream"] = true.into();
    request
}

pub fn fault() -> Fault {
    Fault::default()
}

/// Status and JSON body.
pub async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap())
}

/// All events of a stream that ends well.
pub async fn events(response: Response) -> Vec<SseEvent> {
    let mut decoder = Decoder::new();
    let events = decoder.push(&response.bytes().await.unwrap());
    assert!(!decoder.is_inside_event());
    events
}
