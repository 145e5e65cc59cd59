//! Azure's mock.

use super::stand::{Stand, answer, events, hello, streamed};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

const DATED: &str = "/openai/deployments/d/chat/completions?api-version=2024-10-21";

fn post(stand: &Stand, path: &str, body: &Value) -> RequestBuilder {
    stand.request("azure", Method::POST, path).json(body)
}

#[tokio::test]
async fn deployments_v1_and_projects_answer_with_the_filters_verdicts() {
    let stand = Stand::start().await;
    for path in [DATED, "/openai/v1/chat/completions", "/api/projects/p/openai/v1/chat/completions?api-version=preview"]
    {
        let (status, body) = answer(post(&stand, path, &hello()).header("api-key", "k")).await;
        assert_eq!((status, &body["choices"][0]["message"]["content"]), (200, &json!("You said: hello")), "{path}");
        assert_eq!(body["choices"][0]["content_filter_results"]["hate"]["filtered"], false);
        assert_eq!(body["prompt_filter_results"][0]["prompt_index"], 0);
    }
    let (_, body) = answer(post(&stand, DATED, &hello()).bearer_auth("entra")).await;
    assert_eq!(body["model"], "d");
    let events = events(post(&stand, DATED, &streamed(hello())).header("api-key", "k").send().await.unwrap()).await;
    let first: Value = serde_json::from_str(&events[0].data).unwrap();
    assert!(first["choices"] == json!([]) && first["prompt_filter_results"].is_array());
    assert_eq!(events.last().unwrap().data, "[DONE]");
    let claude = json!({ "model": "claude", "max_tokens": 9, "messages": [{ "role": "user", "content": "hello" }] });
    let (status, body) = answer(post(&stand, "/anthropic/v1/messages", &claude).header("x-api-key", "k")).await;
    assert_eq!((status, &body["stop_reason"]), (200, &json!("end_turn")), "{body}");
}

#[tokio::test]
async fn what_azure_refuses_is_refused_in_its_words() {
    let stand = Stand::start().await;
    let bad = json!({ "messages": [{ "role": "user", "content": "blocked-by-filter:sexual" }] });
    let cases = [
        (post(&stand, DATED, &hello()), 401, json!("401")),
        (post(&stand, DATED, &hello()).header("api-key", "invalid"), 401, json!("401")),
        (post(&stand, "/openai/deployments/d/chat/completions", &hello()).header("api-key", "k"), 404, json!("404")),
        (post(&stand, &DATED.replace("2024-10-21", "soon"), &hello()).header("api-key", "k"), 400, json!("BadRequest")),
        (
            post(&stand, &DATED.replace("/d/", "/no-such/"), &hello()).header("api-key", "k"),
            404,
            json!("DeploymentNotFound"),
        ),
        (post(&stand, DATED, &json!({})).header("api-key", "k"), 400, json!("missing_required_parameter")),
        (post(&stand, DATED, &bad).header("api-key", "k"), 400, json!("content_filter")),
        (stand.request("azure", Method::GET, "/v1/models"), 404, json!("404")),
    ];
    for (request, status, code) in cases {
        let (found, body) = answer(request).await;
        assert_eq!((found, &body["error"]["code"]), (status, &code), "{body}");
    }
}
