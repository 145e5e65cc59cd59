//! The authorization services, with the client that is generated from Envoy's API and with plain HTTP.

use super::channel::{channel, messages, order, recorded, to};
use super::stand::Stand;
use envoy_types::pb::envoy::service::auth::v3::attribute_context::{HttpRequest, Request};
use envoy_types::pb::envoy::service::auth::v3::authorization_client::AuthorizationClient;
use envoy_types::pb::envoy::service::auth::v3::check_response::HttpResponse;
use envoy_types::pb::envoy::service::auth::v3::{AttributeContext, CheckRequest, DeniedHttpResponse, OkHttpResponse};
use reqwest::Method;
use serde_json::json;
use tonic::Code;

fn asked(path: &str, headers: &[(&str, &str)]) -> CheckRequest {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let http = HttpRequest { path: path.to_owned(), headers, size: 5, body: "hello".to_owned(), ..Default::default() };
    let request = Request { http: Some(http), ..Default::default() };
    CheckRequest { attributes: Some(AttributeContext { request: Some(request), ..Default::default() }) }
}

fn allowed(response: Option<HttpResponse>) -> OkHttpResponse {
    match response {
        Some(HttpResponse::OkResponse(allowed)) => allowed,
        other => panic!("{other:?}"),
    }
}

fn denied(response: Option<HttpResponse>) -> DeniedHttpResponse {
    match response {
        Some(HttpResponse::DeniedResponse(denied)) => denied,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_header_decides_and_what_was_asked_is_shown_without_secrets() {
    let stand = Stand::start().await;
    let mut client = AuthorizationClient::new(channel(&stand, "ext-authz").await);
    let good = asked("/chat?key=AIza-secret", &[("x-ext-authz", "allow"), ("authorization", "Bearer sk-secret")]);
    let answer = client.check(to("authz", good)).await.unwrap().into_inner();
    assert_eq!(answer.status.unwrap().code, 0);
    let header = allowed(answer.http_response).headers.remove(0).header.unwrap();
    assert_eq!((header.key.as_str(), header.value.as_str()), ("x-ext-authz-check-result", "allowed"));
    let answer = client.check(to("authz", asked("/chat", &[]))).await.unwrap().into_inner();
    assert_eq!(answer.status.unwrap().code, Code::PermissionDenied as i32);
    let refused = denied(answer.http_response);
    assert_eq!(refused.status.unwrap().code, 403);
    assert!(refused.body.starts_with("denied by ext_authz"));
    let wrong = client.check(to("authz", CheckRequest::default())).await.unwrap_err();
    assert_eq!(wrong.code(), Code::InvalidArgument);
    let exchanges = recorded(&stand, "authz", "ext-authz", 3).await;
    let http = &messages(&exchanges[0].received.body)[0]["attributes"]["request"]["http"];
    assert_eq!((&http["size"], &http["body"]), (&json!("5"), &json!("hello")));
    assert!(http["path"].as_str().unwrap().starts_with("/chat?key=‹"));
    let shown = format!("{exchanges:?}");
    assert!(!shown.contains("sk-secret") && !shown.contains("AIza-secret"));
    let sent = exchanges[1].sent.as_ref().unwrap();
    assert_eq!(messages(&sent.body)[0]["deniedResponse"]["status"]["code"], 403);
    assert_eq!((sent.grpc_status(), exchanges[2].sent.as_ref().unwrap().grpc_status()), (Some("0"), Some("3")));
}

#[tokio::test]
async fn verdicts_of_a_lane_follow_each_other() {
    let stand = Stand::start().await;
    let verdicts = "verdicts:
- {allow: true, headers: [[x-user, alice]], removeHeaders: [authorization], responseHeaders: [[x-seen, '1']], metadata: {team: [1, a]}}
- {status: 418, body: no, headers: [[x-why, tea]]}";
    order(&stand, "script", "ext-authz", verdicts).await;
    let mut client = AuthorizationClient::new(channel(&stand, "ext-authz").await);
    let first = client.check(to("script", asked("/", &[]))).await.unwrap().into_inner();
    let metadata = first.dynamic_metadata.unwrap();
    assert!(metadata.fields.contains_key("team"));
    let first = allowed(first.http_response);
    assert_eq!(first.headers_to_remove, ["authorization"]);
    assert_eq!(first.response_headers_to_add[0].header.as_ref().unwrap().key, "x-seen");
    for _ in 0..2 {
        let answer = client.check(to("script", asked("/", &[("x-ext-authz", "allow")]))).await.unwrap().into_inner();
        let refused = denied(answer.http_response);
        assert_eq!((refused.status.unwrap().code, refused.body.as_str()), (418, "no"));
    }
    // Another lane keeps to the rule.
    let other = client.check(to("other", asked("/public/a", &[]))).await.unwrap().into_inner();
    allowed(other.http_response);
}

#[tokio::test]
async fn over_http_the_status_decides() {
    let stand = Stand::start().await;
    let get = |path: &str, lane: &str| stand.request("ext-authz-http", Method::GET, path).header("x-agw-lane", lane);
    let good = get("/verify", "plain").header("x-ext-authz", "allow").send().await.unwrap();
    assert_eq!(
        (good.status().as_u16(), good.headers()["x-ext-authz-check-result"].to_str().unwrap()),
        (200, "allowed")
    );
    let refused = get("/verify?a=1", "plain").send().await.unwrap();
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["x-ext-authz-check-result"]),
        (403, &"denied".parse().unwrap())
    );
    assert!(refused.text().await.unwrap().starts_with("denied by ext_authz"));
    order(&stand, "plain", "ext-authz-http", "verdicts: [{status: 302, headers: [[location, /login]], body: ''}]")
        .await;
    let client = reqwest::Client::builder().tls_certs_only([]).no_proxy().redirect(reqwest::redirect::Policy::none());
    let url = format!("{}/x", stand.mocks.endpoint("ext-authz-http").unwrap().base_url);
    let sent = client.build().unwrap().post(url).header("x-agw-lane", "plain").send().await.unwrap();
    assert_eq!((sent.status().as_u16(), sent.headers()["location"].to_str().unwrap()), (302, "/login"));
    assert_eq!(recorded(&stand, "plain", "ext-authz-http", 3).await[1].received.target, "/verify?a=1");
}
