//! Anthropic's mock.

use super::stand::{Stand, answer, events, streamed};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

fn hello() -> Value {
    json!({ "model": "claude-sonnet-4-5", "max_tokens": 100, "messages": [{ "role": "user", "content": "hello" }] })
}

fn post(stand: &Stand, body: &Value) -> RequestBuilder {
    let request = stand.request("anthropic", Method::POST, "/v1/messages").json(body);
    request.header("x-api-key", "sk-ant-demo").header("anthropic-version", "2023-06-01")
}

#[tokio::test]
async fn a_message_in_one_piece_and_in_events() {
    let stand = Stand::start().await;
    let (status, whole) = answer(post(&stand, &hello())).await;
    assert_eq!(status, 200, "{whole}");
    assert_eq!(whole["content"], json!([{ "type": "text", "text": "You said: hello" }]));
    assert_eq!((&whole["stop_reason"], &whole["stop_sequence"]), (&json!("end_turn"), &Value::Null));

    let events = events(post(&stand, &streamed(hello())).send().await.unwrap()).await;
    let names: Vec<&str> = events.iter().map(|event| event.name.as_deref().unwrap()).collect();
    let expected = "message_start content_block_start ping content_block_delta content_block_delta content_block_delta \
                    content_block_stop message_delta message_stop";
    assert_eq!(names.join(" "), expected);
    let data: Vec<Value> = events.iter().map(|event| serde_json::from_str(&event.data).unwrap()).collect();
    assert!(data.iter().zip(&names).all(|(data, name)| data["type"] == *name));
    let said: String = data.iter().filter_map(|data| data["delta"]["text"].as_str()).collect();
    assert_eq!(said, "You said: hello");
    assert_eq!(data[0]["message"]["usage"]["input_tokens"], whole["usage"]["input_tokens"]);
    assert_eq!(data[7]["usage"]["output_tokens"], whole["usage"]["output_tokens"]);
    assert_eq!(data[0]["message"]["content"], json!([]));
}

#[tokio::test]
async fn a_limit_ends_the_message() {
    let stand = Stand::start().await;
    let mut request = hello();
    request["max_tokens"] = 2.into();
    let (_, body) = answer(post(&stand, &request)).await;
    assert_eq!((&body["stop_reason"], &body["usage"]["output_tokens"]), (&json!("max_tokens"), &json!(2)));
}

#[tokio::test]
async fn what_anthropic_refuses_is_refused_in_its_words() {
    let stand = Stand::start().await;
    let bare = || stand.request("anthropic", Method::POST, "/v1/messages").json(&hello());
    let mut cases = vec![
        (bare(), 401, "authentication_error", "x-api-key header is required"),
        (bare().header("x-api-key", "sk-invalid"), 401, "authentication_error", "invalid x-api-key"),
        (bare().header("x-api-key", "sk-x"), 400, "invalid_request_error", "anthropic-version: header is required"),
        (stand.request("anthropic", Method::GET, "/v1/messages"), 405, "invalid_request_error", "Method Not Allowed"),
        (stand.request("anthropic", Method::POST, "/v1/x"), 404, "not_found_error", "Not Found"),
    ];
    let changes: [(&str, Value, &str); 8] = [
        ("max_tokens", Value::Null, "max_tokens: Input should be a valid integer"),
        ("max_tokens", json!(0), "max_tokens: Input should be greater than or equal to 1"),
        ("messages", json!([]), "messages: at least one message is required"),
        ("messages", json!([{ "role": "user" }]), "messages.0.content: Field required"),
        (
            "messages",
            json!([{ "role": "assistant", "content": "x" }]),
            "messages: first message must use the \"user\" role",
        ),
        ("surprise", json!(1), "surprise: Extra inputs are not permitted"),
        ("temperature", json!(1.5), "temperature: range: 0..1"),
        ("stream", json!("yes"), "stream: Input should be a valid boolean"),
    ];
    for (name, value, message) in changes {
        let mut request = hello();
        request[name] = value;
        cases.push((post(&stand, &request), 400, "invalid_request_error", message));
    }
    for (request, status, kind, message) in cases {
        let (found, body) = answer(request).await;
        let error = &body["error"];
        assert_eq!((found, error["type"].as_str(), error["message"].as_str()), (status, Some(kind), Some(message)));
        assert_eq!(body["type"], "error");
        assert!(body["request_id"].as_str().unwrap().starts_with("req_"));
    }
}

#[tokio::test]
async fn scripted_blocks_come_in_one_piece_and_in_events_alike() {
    let stand = Stand::start().await;
    let yaml = "replies: [{reasoning: Let me see., text: It rains., toolCalls: [{name: look, arguments: {at: sky}}], \
                citations: [{text: rain, url: 'https://a.b/'}], usage: {input: 20, cached: 5, cacheWritten: 3}}]";
    let behaviour: agw_sandbox::exchange::Behaviour = serde_yaml::from_str(yaml).unwrap();
    let lane = agw_sandbox::exchange::Lane::named("blocks");
    stand.admin.behave(&lane, "anthropic", &behaviour).await.unwrap();
    let ask = |body: &Value| post(&stand, body).header("x-agw-lane", "blocks");
    let (_, whole) = answer(ask(&hello())).await;
    let kinds: Vec<&str> = whole["content"].as_array().unwrap().iter().filter_map(|one| one["type"].as_str()).collect();
    assert_eq!((kinds.join(" ").as_str(), &whole["stop_reason"]), ("thinking text tool_use", &json!("tool_use")));
    let usage = &whole["usage"];
    assert_eq!((&usage["input_tokens"], &usage["cache_read_input_tokens"]), (&json!(12), &json!(5)));

    let events = events(ask(&streamed(hello())).send().await.unwrap()).await;
    let data: Vec<Value> = events.iter().map(|event| serde_json::from_str(&event.data).unwrap()).collect();
    let joined = |name: &str| data.iter().filter_map(|data| data["delta"][name].as_str()).collect::<String>();
    assert_eq!(joined("thinking"), whole["content"][0]["thinking"].as_str().unwrap());
    assert!(!joined("signature").is_empty() && whole["content"][0]["signature"].is_string());
    assert_eq!(joined("text"), "It rains.");
    assert_eq!(serde_json::from_str::<Value>(&joined("partial_json")).unwrap(), whole["content"][2]["input"]);
    let end = &data[data.len() - 2];
    assert_eq!(
        (&end["delta"]["stop_reason"], &end["usage"]["output_tokens"]),
        (&json!("tool_use"), &usage["output_tokens"])
    );
}

#[tokio::test]
async fn counts_and_models() {
    let stand = Stand::start().await;
    let headed =
        |request: RequestBuilder| request.header("x-api-key", "sk-a").header("anthropic-version", "2023-06-01");
    let mut counted = hello();
    counted.as_object_mut().unwrap().remove("max_tokens");
    let count = headed(stand.request("anthropic", Method::POST, "/v1/messages/count_tokens").json(&counted));
    let (_, whole) = answer(post(&stand, &hello())).await;
    assert_eq!(answer(count).await.1, json!({ "input_tokens": whole["usage"]["input_tokens"] }));
    let limited = headed(stand.request("anthropic", Method::POST, "/v1/messages/count_tokens").json(&hello()));
    assert_eq!(answer(limited).await.1["error"]["message"], "max_tokens: Extra inputs are not permitted");
    let page = answer(headed(stand.request("anthropic", Method::GET, "/v1/models?limit=2"))).await.1;
    assert_eq!((page["data"].as_array().unwrap().len(), &page["has_more"]), (2, &json!(true)));
    let next = format!("/v1/models?after_id={}", page["last_id"].as_str().unwrap());
    let page = answer(headed(stand.request("anthropic", Method::GET, &next))).await.1;
    assert_eq!((page["data"].as_array().unwrap().len(), &page["has_more"]), (3, &json!(false)));
}

#[tokio::test]
async fn the_rules_of_blocks_and_tools_are_kept() {
    let stand = Stand::start().await;
    let tool = |name: &str| json!({ "name": name, "input_schema": { "type": "object" } });
    let content = |block: Value| json!([{ "role": "user", "content": [block] }]);
    let image = |kind: &str, data: &str| {
        content(json!({ "type": "image", "source": { "type": "base64", "media_type": kind, "data": data } }))
    };
    let wrong: [(Value, &str); 12] = [
        (json!({ "tools": [tool("a"), tool("a")] }), "tools: Tool names must be unique."),
        (json!({ "tools": [tool("a b")] }), "String should match pattern"),
        (json!({ "tools": [{ "name": "a" }] }), "tools.0.custom.input_schema: Field required"),
        (json!({ "tool_choice": { "type": "any" } }), "while providing tools"),
        (json!({ "tools": [tool("a")], "tool_choice": { "type": "tool", "name": "b" } }), "'b' not found"),
        (json!({ "thinking": { "type": "enabled", "budget_tokens": 5 } }), "greater than or equal to 1024"),
        (json!({ "thinking": { "type": "enabled", "budget_tokens": 2000 } }), "`max_tokens` must be greater"),
        (json!({ "stop_sequences": [" "] }), "must contain non-whitespace"),
        (json!({ "messages": image("image/bmp", "AAAA") }), "Input should be 'image/jpeg'"),
        (json!({ "messages": image("image/png", "?") }), "Invalid base64 data"),
        (
            json!({ "messages": content(json!({ "type": "tool_result", "tool_use_id": "t" })) }),
            "unexpected `tool_use_id`",
        ),
        (json!({ "messages": content(json!({ "type": "text", "text": "" })) }), "must be non-empty"),
    ];
    for (more, words) in wrong {
        let mut request = hello();
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (status, body) = answer(post(&stand, &request)).await;
        assert!(status == 400 && body["error"]["message"].as_str().unwrap().contains(words), "{words}: {body}");
    }
}
