//! What the recorder remembers, and what its API gives out.

use super::stand::{PATIENCE, Stand, TOKEN, answer, hello, streamed};
use agw_sandbox::exchange::{Lane, MockAdmin, MockAdminError, Outcome};
use agw_sandbox::mock::KEPT_BODY;
use reqwest::Method;
use std::time::{Duration, Instant};

#[tokio::test]
async fn an_exchange_is_kept_whole_and_without_secrets() {
    let stand = Stand::start().await;
    let request = stand.request("openai", Method::POST, "/v1/chat/completions?b=1&key=AIza-secret");
    let request = request.header("host", "openai.ins-02.svc.cluster.local").header("x-first", "1");
    let request = request.bearer_auth("sk-secret").json(&streamed(hello()));
    let sent = request.send().await.unwrap().text().await.unwrap();
    let exchange = stand.ended("ins-02", 1).await.remove(0);
    assert_eq!((exchange.mock.as_str(), exchange.outcome), ("openai", Outcome::Complete));
    let received = &exchange.received;
    assert_eq!(received.method, "POST");
    assert!(received.target.starts_with("/v1/chat/completions?b=1&key=‹"), "{}", received.target);
    assert_eq!(received.body, streamed(hello()).to_string());
    let position = |name: &str| received.headers.iter().position(|(header, _)| header == name).unwrap();
    assert!(position("host") < position("x-first") && position("x-first") < position("authorization"));
    let answered = exchange.sent.as_ref().unwrap();
    assert_eq!((answered.status, &answered.body), (200, &sent));
    assert!(answered.headers.iter().any(|(name, value)| name == "x-request-id" && value.starts_with("req_")));
    let shown = format!("{exchange:?}");
    assert!(!shown.contains("sk-secret") && !shown.contains("AIza-secret"));
}

#[tokio::test]
async fn lanes_do_not_see_each_other_and_can_be_forgotten() {
    let stand = Stand::start().await;
    for lane in ["a", "b", "b"] {
        assert_eq!(answer(stand.chat(lane, &hello())).await.0, 200);
    }
    // The header names the lane, whatever the host.
    assert_eq!(answer(stand.chat("a", &hello()).header("x-agw-lane", "c d/?".as_bytes())).await.0, 200);
    assert_eq!(stand.ended("c d/?", 1).await[0].lane, Lane::named("c d/?"));
    let (a, b) = (stand.ended("a", 1).await, stand.ended("b", 2).await);
    assert!(a[0].sequence < b[0].sequence && b[0].sequence < b[1].sequence);
    stand.behave("b", "openai", Some("scripted"), vec![]).await;
    stand.admin.forget(&Lane::named("b")).await.unwrap();
    assert!(stand.admin.exchanges(&Lane::named("b"), "openai").await.unwrap().is_empty());
    let (_, body) = answer(stand.chat("b", &hello())).await;
    assert_eq!(body["choices"][0]["message"]["content"], "You said: hello");
    assert_eq!(stand.ended("a", 1).await.len(), 1);
}

#[tokio::test]
async fn waiting_ends_with_the_exchange_or_with_the_time() {
    let stand = Stand::start().await;
    let lane = Lane::named("late");
    let started = Instant::now();
    let none = stand.admin.wait_for(&lane, "openai", 1, Duration::from_millis(50)).await.unwrap();
    assert!(none.is_empty() && started.elapsed() >= Duration::from_millis(50));
    let (waited, _) = tokio::join!(stand.admin.wait_for(&lane, "openai", 1, PATIENCE), async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        stand.chat("late", &hello()).send().await.unwrap()
    });
    assert_eq!(waited.unwrap().len(), 1);
    assert!(started.elapsed() < PATIENCE);
}

#[tokio::test]
async fn a_large_body_is_kept_in_part_and_a_larger_one_refused() {
    let stand = Stand::start().await;
    let mut request = hello();
    request["messages"][0]["content"] = "x".repeat(KEPT_BODY + 1_000).into();
    let (status, body) = answer(stand.chat("large", &request)).await;
    assert_eq!(status, 200);
    assert!(body.to_string().len() < 4_000, "the answer repeats only the start of a prompt");
    let kept = &stand.ended("large", 1).await[0].received.body;
    assert!(kept.len() < KEPT_BODY + 100 && kept.ends_with("bytes kept]"), "{}", kept.len());
    let huge = stand.chat("huge", &hello()).body(vec![b' '; 9 * 1024 * 1024]);
    let (status, body) = answer(huge).await;
    assert_eq!((status, &body["error"]["type"]), (413, &"invalid_request_error".into()));
    assert_eq!(stand.ended("huge", 1).await[0].sent.as_ref().unwrap().status, 413);
}

#[tokio::test]
async fn the_admin_api_is_closed_without_its_token_and_clear_about_mistakes() {
    let stand = Stand::start().await;
    let stranger = MockAdmin::new(&stand.admin_url, Some("wrong".to_owned())).unwrap();
    let refused = stranger.exchanges(&Lane::default(), "openai").await;
    assert!(matches!(refused, Err(MockAdminError::Refused { status: 401, .. })), "{refused:?}");
    assert!(!format!("{:?}", stand.admin).contains(TOKEN));
    let unknown = stand.admin.behave(&Lane::default(), "opnai", &Default::default()).await;
    assert!(unknown.unwrap_err().to_string().contains("there are openai, anthropic, gemini"));
    assert!(stand.admin.exchanges(&Lane::default(), "opnai").await.is_err());
    let list = stand.http.get(format!("{}/mocks", stand.admin_url)).bearer_auth(TOKEN);
    let (_, body) = answer(list).await;
    assert_eq!(body["mocks"][0]["name"], "openai");
    let toolbox = body["mocks"].as_array().unwrap().iter().find(|mock| mock["name"] == "toolbox").unwrap();
    assert!(toolbox["baseUrl"].as_str().unwrap().ends_with("/mcp"));
}

#[tokio::test]
async fn http2_has_its_lane_too() {
    let stand = Stand::start().await;
    let client = reqwest::Client::builder().tls_certs_only([]).no_proxy().http2_prior_knowledge();
    // The name is that of a Service; the address is the mock's.
    let service = "openai.h2.svc.cluster.local";
    let client = client.resolve(service, stand.address("openai")).build().unwrap();
    let url = format!("http://{service}:{}/v1/models", stand.address("openai").port());
    let answer = client.get(url).bearer_auth("sk-demo").timeout(PATIENCE).send().await.unwrap();
    assert_eq!((answer.version(), answer.status().as_u16()), (reqwest::Version::HTTP_2, 200));
    let exchange = stand.ended("h2", 1).await.remove(0);
    assert_eq!(exchange.received.target, "/v1/models");
}
