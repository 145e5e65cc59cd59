//! Proof that an address leads to a Service of the cluster, and not to somebody who takes every connection there.
//!
//! The API reaches the Service beyond doubt. Whoever gives the API's answer to a path that nobody has asked for before is the
//! Service.

use crate::{cluster::Cluster, forward::ForwardTarget};
use http::{HeaderMap, Request, header::CONTENT_TYPE};
use http_body_util::{BodyExt, Limited};
use kube::client::Body;
use std::time::Duration;

/// Time for one of the two answers.
const ANSWER: Duration = Duration::from_secs(3);
/// Bytes of an answer that are looked at; one that is longer proves nothing.
const LONGEST: usize = 64 * 1024;

/// What two answers to the same question came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// They are the same.
    Given,
    /// They differ, or none came from there.
    Refuted,
    /// The API has none itself: nothing serves yet, or the user may not ask in this way.
    Missing,
}

/// What tells one who answers from another. Dates and ids in headers differ from one request to the next.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    status: u16,
    content_type: Vec<u8>,
    body: Vec<u8>,
}

/// Asks the API's way to the Service and `url` the same.
pub(super) async fn prove(cluster: &Cluster, to: &ForwardTarget, url: &str) -> Proof {
    let path = format!("agw-sandbox-{}", uuid::Uuid::new_v4().simple());
    let by_api = tokio::time::timeout(ANSWER, ask_by_api(cluster, to, &path));
    let there = tokio::time::timeout(ANSWER, ask(url, &path));
    match tokio::join!(by_api, there) {
        (Ok(Some(by_api)), Ok(Some(there))) if by_api == there => Proof::Given,
        (Ok(Some(_)), _) => Proof::Refuted,
        _ => Proof::Missing,
    }
}

/// `None`: the API says itself that it cannot, which it does with 5xx, 401 or 403.
async fn ask_by_api(cluster: &Cluster, to: &ForwardTarget, path: &str) -> Option<Answer> {
    let ForwardTarget { namespace, service, port } = to;
    let proxy = format!("/api/v1/namespaces/{namespace}/services/{service}:{port}/proxy/{path}");
    let response = cluster.client().send(Request::get(proxy).body(Body::empty()).ok()?).await.ok()?;
    let (status, content_type) = (response.status().as_u16(), content_type(response.headers()));
    if status >= 500 || status == 401 || status == 403 {
        return None;
    }
    let body = Limited::new(response.into_body(), LONGEST).collect().await.ok()?.to_bytes().to_vec();
    Some(Answer { status, content_type, body })
}

async fn ask(url: &str, path: &str) -> Option<Answer> {
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).tls_certs_only([]);
    let mut response = client.build().ok()?.get(format!("{url}/{path}")).send().await.ok()?;
    let (status, content_type) = (response.status().as_u16(), content_type(response.headers()));
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.ok()? {
        body.extend_from_slice(&part);
        if body.len() > LONGEST {
            return None;
        }
    }
    Some(Answer { status, content_type, body })
}

fn content_type(headers: &HeaderMap) -> Vec<u8> {
    headers.get(CONTENT_TYPE).map(|value| value.as_bytes().to_vec()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, http::StatusCode, routing::get};
    use kube::config::Kubeconfig;
    use std::path::Path;
    use tokio::net::TcpListener;

    /// Serves until the test's runtime ends.
    async fn serve(router: Router) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    /// An API whose way to the Service ends in such an answer.
    async fn api(status: StatusCode, body: &'static str) -> Cluster {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let path = "/api/v1/namespaces/n/services/gateway:8080/proxy/{path}";
        let url = serve(Router::new().route(path, get(move || async move { (status, body) }))).await;
        let file = format!(
            "{{apiVersion: v1, kind: Config, current-context: t, contexts: [{{name: t, context: {{cluster: t, user: t}}}}], \
             clusters: [{{name: t, cluster: {{server: '{url}'}}}}], users: [{{name: t, user: {{}}}}]}}"
        );
        Cluster::from_value(Kubeconfig::from_yaml(&file).unwrap(), Path::new("of a test")).await.unwrap()
    }

    async fn who_says(status: StatusCode, body: &'static str) -> String {
        serve(Router::new().fallback(move || async move { (status, body) })).await
    }

    fn gateway() -> ForwardTarget {
        ForwardTarget { namespace: "n".to_owned(), service: "gateway".to_owned(), port: 8080 }
    }

    #[tokio::test]
    async fn only_the_service_answers_as_the_service_does() {
        let api = api(StatusCode::NOT_FOUND, "route not found").await;
        let gateway_itself = who_says(StatusCode::NOT_FOUND, "route not found").await;
        let page = who_says(StatusCode::NOT_FOUND, "<h1>Not Found</h1>").await;
        let portal = who_says(StatusCode::BAD_GATEWAY, "route not found").await;
        assert_eq!(prove(&api, &gateway(), &gateway_itself).await, Proof::Given);
        assert_eq!(prove(&api, &gateway(), &page).await, Proof::Refuted);
        assert_eq!(prove(&api, &gateway(), &portal).await, Proof::Refuted);
    }

    #[tokio::test]
    async fn who_takes_connections_and_says_nothing_is_a_stranger() {
        let api = api(StatusCode::NOT_FOUND, "route not found").await;
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", silent.local_addr().unwrap());
        assert_eq!(prove(&api, &gateway(), &url).await, Proof::Refuted);
    }

    #[tokio::test]
    async fn without_the_answer_of_the_api_nothing_is_proved() {
        let there = who_says(StatusCode::SERVICE_UNAVAILABLE, "no endpoints").await;
        for status in [StatusCode::SERVICE_UNAVAILABLE, StatusCode::FORBIDDEN] {
            assert_eq!(prove(&api(status, "no endpoints").await, &gateway(), &there).await, Proof::Missing);
        }
    }
}
