//! OpenAI's mock against OpenAI's API description.

use super::judge::{OpenAi, holds};
use super::stand::{Stand, answer, events, hello, streamed};
use reqwest::Method;
use serde_json::{Value, json};

fn chunks(events: &[agw_sandbox::wire::sse::SseEvent]) -> Vec<Value> {
    let (last, chunks) = events.split_last().unwrap();
    assert_eq!(last.data, "[DONE]");
    chunks.iter().map(|event| serde_json::from_str(&event.data).unwrap()).collect()
}

#[tokio::test]
async fn equal_requests_get_equal_bytes_and_streams_say_the_same() {
    let stand = Stand::start().await;
    let bytes = async |request: &Value| stand.chat("a", request).send().await.unwrap().bytes().await.unwrap();
    let whole = bytes(&hello()).await;
    assert_eq!(whole, bytes(&hello()).await);
    assert_eq!(bytes(&streamed(hello())).await, bytes(&streamed(hello())).await);
    let whole: Value = serde_json::from_slice(&whole).unwrap();
    assert_eq!(whole["choices"][0]["message"]["content"], "You said: hello");

    let mut request = streamed(hello());
    request["stream_options"] = json!({ "include_usage": true });
    let response = stand.chat("a", &request).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
    let chunks = chunks(&events(response).await);
    let said: String = chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str()).collect();
    assert_eq!(said, "You said: hello");
    assert_eq!(chunks[0]["choices"][0]["delta"]["role"], "assistant");
    let (usage, others) = chunks.split_last().unwrap();
    assert_eq!((&usage["choices"], &usage["usage"]), (&json!([]), &whole["usage"]));
    assert!(others.iter().all(|chunk| chunk.get("usage") == Some(&Value::Null)));
    assert_eq!(others.last().unwrap()["choices"][0]["finish_reason"], "stop");
}

#[tokio::test]
async fn every_answer_is_what_the_description_says() {
    let Some(judge) = OpenAi::find() else { return };
    let stand = Stand::start().await;
    let completion = judge.of("CreateChatCompletionResponse");
    let limited = json!({ "n": 2, "max_tokens": 2, "temperature": 1, "stop": ["x"], "seed": null });
    let mut several = hello();
    several.as_object_mut().unwrap().extend(limited.as_object().unwrap().clone());
    for request in [hello(), several.clone()] {
        let (status, body) = answer(stand.chat("a", &request)).await;
        assert_eq!(status, 200, "{body}");
        holds(&completion, &body);
    }
    let chunk = judge.of("CreateChatCompletionStreamResponse");
    for (request, usage) in [(hello(), false), (several, true)] {
        let mut request = streamed(request);
        request["stream_options"] = json!({ "include_usage": usage });
        let all = chunks(&events(stand.chat("a", &request).send().await.unwrap()).await);
        assert!(all.len() > 3);
        all.iter().for_each(|one| holds(&chunk, one));
        assert_eq!(all.iter().any(|chunk| chunk["usage"].is_object()), usage);
    }
    for (path, schema) in [("/v1/models", "ListModelsResponse"), ("/v1/models/gpt-4o", "Model")] {
        let (status, body) = answer(stand.request("openai", Method::GET, path).bearer_auth("sk-demo")).await;
        assert_eq!(status, 200);
        holds(&judge.of(schema), &body);
    }
}

#[tokio::test]
async fn what_openai_refuses_is_refused_in_its_words() {
    let stand = Stand::start().await;
    let judge = OpenAi::find().map(|judge| judge.of("ErrorResponse"));
    let check = |found: (u16, Value), status: u16, code: Value, param: Value| {
        let error = &found.1["error"];
        assert_eq!((found.0, &error["code"], &error["param"]), (status, &code, &param), "{}", found.1);
        judge.iter().for_each(|judge| holds(judge, &found.1));
    };
    let post = |path: &str| stand.request("openai", Method::POST, path);
    check(answer(post("/v1/nothing")).await, 404, Value::Null, Value::Null);
    let get = stand.request("openai", Method::GET, "/v1/chat/completions");
    check(answer(get).await, 405, "method_not_supported".into(), Value::Null);
    let keyless = post("/v1/chat/completions").json(&hello());
    for request in [
        keyless.try_clone().unwrap(),
        keyless.try_clone().unwrap().bearer_auth("sk-invalid"),
        keyless.bearer_auth("no"),
    ] {
        check(answer(request).await, 401, "invalid_api_key".into(), Value::Null);
    }
    let text = post("/v1/chat/completions").bearer_auth("sk-x").body("{}").header("content-type", "text/plain");
    check(answer(text).await, 400, "unsupported_content_type".into(), Value::Null);
    let broken = post("/v1/chat/completions").bearer_auth("sk-x").body("{").header("content-type", "application/json");
    check(answer(broken).await, 400, Value::Null, Value::Null);
    let absent = stand.request("openai", Method::GET, "/v1/models/nothing").bearer_auth("sk-x");
    check(answer(absent).await, 404, "model_not_found".into(), Value::Null);
}

#[tokio::test]
async fn each_parameter_is_checked() {
    let stand = Stand::start().await;
    let request_judge = OpenAi::find().map(|judge| judge.of("CreateChatCompletionRequest"));
    let wrong: [(&str, Value, &str, &str); 16] = [
        ("model", Value::Null, "model", "missing_required_parameter"),
        ("messages", Value::Null, "messages", "missing_required_parameter"),
        ("messages", json!([]), "messages", "empty_array"),
        ("messages", json!("hello"), "messages", "invalid_type"),
        ("messages", json!([{ "role": "robot", "content": "x" }]), "messages[0].role", "invalid_value"),
        ("messages", json!([{ "role": "user" }]), "messages[0].content", "missing_required_parameter"),
        (
            "messages",
            json!([{ "role": "user", "content": [{ "type": "smell" }] }]),
            "messages[0].content[0].type",
            "invalid_value",
        ),
        (
            "messages",
            json!([{ "role": "tool", "content": "x" }]),
            "messages[0].tool_call_id",
            "missing_required_parameter",
        ),
        ("model", json!(4), "model", "invalid_type"),
        ("temperature", json!("hot"), "temperature", "invalid_type"),
        ("temperature", json!(2.5), "temperature", "decimal_above_max_value"),
        ("n", json!(0), "n", "integer_below_min_value"),
        ("top_logprobs", json!(21), "top_logprobs", "integer_above_max_value"),
        ("stream", json!("yes"), "stream", "invalid_type"),
        ("tools", json!({}), "tools", "invalid_type"),
        ("verbosity", json!("loud"), "verbosity", "invalid_value"),
    ];
    for (name, value, param, code) in wrong {
        let mut request = hello();
        request[name] = value.clone();
        let (status, body) = answer(stand.chat("a", &request)).await;
        let error = &body["error"];
        assert_eq!((status, error["param"].as_str(), error["code"].as_str()), (400, Some(param), Some(code)), "{body}");
        let forbids = request_judge.as_ref().is_none_or(|judge| !judge.is_valid(&request));
        assert!(forbids || name == "n", "the description allows {name}: {value}");
    }
    let mut request = hello();
    request["surprise"] = 1.into();
    assert_eq!(answer(stand.chat("a", &request)).await.1["error"]["code"], "unknown_parameter");
    request = hello();
    request["model"] = "no-such-model-7".into();
    assert_eq!(answer(stand.chat("a", &request)).await.0, 404);
}

#[tokio::test]
async fn every_parameter_of_the_description_is_known() {
    let Some(judge) = OpenAi::find() else { return };
    let stand = Stand::start().await;
    let names = judge.properties("CreateChatCompletionRequest");
    assert!(names.len() > 30, "{names:?}");
    for name in names {
        let mut request = hello();
        if request.get(&name).is_none() {
            request[&name] = Value::Null;
            let (status, body) = answer(stand.chat("a", &request)).await;
            assert_eq!(status, 200, "{name}: {body}");
        }
    }
}
