//! Every form of answer of OpenAI's mock, judged by OpenAI's API description.

use super::judge::{OpenAi, holds};
use super::stand::{Stand, answer, events, hello, streamed};
use agw_sandbox::exchange::{Behaviour, Lane};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

fn post(stand: &Stand, path: &str, body: &Value) -> RequestBuilder {
    let request = stand.request("openai", Method::POST, &format!("/v1/{path}"));
    request.bearer_auth("sk-demo").header("x-agw-lane", "forms").json(body)
}

async fn script(stand: &Stand, yaml: &str) {
    let behaviour: Behaviour = serde_yaml::from_str(yaml).unwrap();
    stand.admin.behave(&Lane::named("forms"), "openai", &behaviour).await.unwrap();
}

fn with(mut request: Value, more: Value) -> Value {
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    request
}

fn tool() -> Value {
    let schema = json!({ "type": "object", "properties": { "city": { "type": "string" } }, "required": ["city"] });
    json!({ "type": "function", "function": { "name": "weather", "parameters": schema } })
}

const SCRIPTS: [&str; 6] = [
    "{}",
    "replies: [{toolCalls: [{name: weather, arguments: {city: Rome}}, {name: weather, arguments: {city: Oslo}}]}]",
    "replies: [{refusal: I would rather not.}]",
    "replies: [{reasoning: Let me see., text: It is so., citations: [{text: so, title: T, url: 'https://a.b/'}]}]",
    "replies: [{text: x, finishReason: content_filter}]",
    "replies: [{text: x, usage: {input: 9, output: 8, cached: 4, reasoning: 2}}]",
];

#[tokio::test]
async fn chats_of_every_kind_are_what_the_description_says() {
    let Some(judge) = OpenAi::find() else { return };
    let stand = Stand::start().await;
    let (whole, chunk) = (judge.of("CreateChatCompletionResponse"), judge.of("CreateChatCompletionStreamResponse"));
    let request = judge.of("CreateChatCompletionRequest");
    let image = json!([{ "role": "user", "content": [
        { "type": "text", "text": "json?" },
        { "type": "image_url", "image_url": { "url": "data:image/png;base64,AAAA", "detail": "low" } },
    ] }]);
    let asked = [
        json!({ "tools": [tool()], "tool_choice": "required", "logprobs": true, "top_logprobs": 2 }),
        json!({ "messages": image, "response_format": { "type": "json_object" }, "n": 2 }),
        json!({ "response_format": { "type": "json_schema", "json_schema": { "name": "a", "schema": {
            "type": "object", "properties": { "a": { "enum": [7] } } } } } }),
    ];
    for yaml in SCRIPTS {
        script(&stand, yaml).await;
        for more in &asked {
            let asked = with(hello(), more.clone());
            holds(&request, &asked);
            let (status, body) = answer(post(&stand, "chat/completions", &asked)).await;
            assert_eq!(status, 200, "{body}");
            holds(&whole, &body);
            let asked = with(streamed(asked), json!({ "stream_options": { "include_usage": true } }));
            let events = events(post(&stand, "chat/completions", &asked).send().await.unwrap()).await;
            let (last, chunks) = events.split_last().unwrap();
            assert_eq!(last.data, "[DONE]");
            let chunks: Vec<Value> = chunks.iter().map(|event| serde_json::from_str(&event.data).unwrap()).collect();
            chunks.iter().for_each(|one| holds(&chunk, one));
            assert_eq!(chunks.last().unwrap()["usage"], body["usage"]);
            let text = |name: &str| -> String {
                let of_first = chunks.iter().filter(|chunk| chunk["choices"][0]["index"] == 0);
                of_first.filter_map(|chunk| chunk["choices"][0]["delta"][name].as_str()).collect()
            };
            let message = &body["choices"][0]["message"];
            assert_eq!(text("content"), message["content"].as_str().unwrap_or_default());
            assert_eq!(text("refusal"), message["refusal"].as_str().unwrap_or_default());
        }
    }
}

#[tokio::test]
async fn responses_and_all_their_events_are_what_the_description_says() {
    let Some(judge) = OpenAi::find() else { return };
    let stand = Stand::start().await;
    let (whole, event) = (judge.of("Response"), judge.of("ResponseStreamEvent"));
    let mut function = tool()["function"].clone();
    function["type"] = "function".into();
    let logprobs = json!(["message.output_text.logprobs"]);
    for yaml in SCRIPTS {
        script(&stand, yaml).await;
        for more in [json!({}), json!({ "tools": [function], "tool_choice": "required", "include": logprobs })] {
            let asked = with(json!({ "model": "gpt-5", "input": "hello", "user": "u" }), more);
            let (status, body) = answer(post(&stand, "responses", &asked)).await;
            assert_eq!(status, 200, "{body}");
            holds(&whole, &body);
            let events = events(post(&stand, "responses", &streamed(asked)).send().await.unwrap()).await;
            let data: Vec<Value> = events.iter().map(|event| serde_json::from_str(&event.data).unwrap()).collect();
            for (place, (sent, data)) in events.iter().zip(&data).enumerate() {
                assert_eq!((sent.name.as_deref(), &data["sequence_number"]), (data["type"].as_str(), &json!(place)));
                holds(&event, data);
            }
            let last = &data.last().unwrap()["response"];
            assert_eq!((&last["usage"], &last["status"]), (&body["usage"], &body["status"]));
        }
    }
}

#[tokio::test]
async fn embeddings_and_completions_are_what_the_description_says() {
    let Some(judge) = OpenAi::find() else { return };
    let stand = Stand::start().await;
    let completion = judge.of("CreateCompletionResponse");
    let asked = json!({ "model": "m", "prompt": ["a", "b"], "n": 2, "logprobs": 2, "echo": true });
    let (status, body) = answer(post(&stand, "completions", &asked)).await;
    assert_eq!((status, body["choices"].as_array().map(Vec::len)), (200, Some(4)));
    holds(&completion, &body);
    let asked = json!({ "model": "m", "input": [[1, 2], [3]], "dimensions": 4 });
    let (status, body) = answer(post(&stand, "embeddings", &asked)).await;
    assert_eq!((status, &body["usage"]["total_tokens"]), (200, &json!(3)));
    holds(&judge.of("CreateEmbeddingResponse"), &body);
}

#[tokio::test]
async fn the_rules_that_join_parameters_are_kept() {
    let stand = Stand::start().await;
    let call = json!({ "id": "c1", "type": "function", "function": { "name": "weather", "arguments": "{}" } });
    let said = json!({ "role": "assistant", "content": null, "tool_calls": [call] });
    let result = |id: &str| json!({ "role": "tool", "tool_call_id": id, "content": "sunny" });
    let user = || json!({ "role": "user", "content": "hello" });
    let image =
        |url: &str| json!([{ "role": "user", "content": [{ "type": "image_url", "image_url": { "url": url } }] }]);
    let strict = json!({ "type": "function", "function": { "name": "a", "strict": true,
        "parameters": { "type": "object", "properties": { "b": {} } } } });
    let wrong: [(&str, Value, &str); 16] = [
        ("chat/completions", json!({ "messages": [user(), result("c1")] }), "must be a response to a preceeding"),
        ("chat/completions", json!({ "messages": [user(), said, user()] }), "did not have response messages: c1"),
        ("chat/completions", json!({ "messages": [user(), said, result("c2")] }), "not found in 'tool_calls'"),
        ("chat/completions", json!({ "messages": image("ftp://a") }), "Image URL is not valid"),
        ("chat/completions", json!({ "messages": image("data:image/png;base64,?") }), "Invalid base64 image_url."),
        ("chat/completions", json!({ "messages": image("data:text/css;base64,AAAA") }), "Invalid MIME type"),
        ("chat/completions", json!({ "tools": [strict] }), "'additionalProperties' is required"),
        ("chat/completions", json!({ "tools": [{ "type": "function", "function": { "name": "a b" } }] }), "pattern"),
        ("chat/completions", json!({ "tools": [] }), "empty array"),
        ("chat/completions", json!({ "tool_choice": "auto" }), "only allowed when 'tools' are specified"),
        ("chat/completions", json!({ "response_format": { "type": "json_object" } }), "must contain the word 'json'"),
        ("chat/completions", json!({ "top_logprobs": 2 }), "'logprobs' is enabled"),
        ("chat/completions", json!({ "model": "o3", "temperature": 0.5 }), "does not support 0.5"),
        (
            "responses",
            json!({ "input": [{ "type": "function_call_output", "call_id": "x", "output": "" }] }),
            "No tool call",
        ),
        ("responses", json!({ "input": "a", "max_output_tokens": 3 }), ">= 16"),
        ("embeddings", json!({ "input": "" }), "cannot be an empty string"),
    ];
    for (path, more, words) in wrong {
        let start = if path == "chat/completions" { hello() } else { json!({ "model": "m" }) };
        let (status, body) = answer(post(&stand, path, &with(start, more))).await;
        let message = body["error"]["message"].as_str().unwrap();
        assert!(status == 400 && message.contains(words), "{words}: {body}");
    }
    let whole = with(hello(), json!({ "messages": [user(), said, result("c1")] }));
    assert_eq!(answer(post(&stand, "chat/completions", &whole)).await.0, 200);
}

#[tokio::test]
async fn every_parameter_of_the_other_requests_is_known() {
    let Some(judge) = OpenAi::find() else { return };
    let stand = Stand::start().await;
    for (path, schema, input) in [
        ("responses", "CreateResponse", "input"),
        ("completions", "CreateCompletionRequest", "prompt"),
        ("embeddings", "CreateEmbeddingRequest", "input"),
    ] {
        let mut request = json!({ "model": "m" });
        request[input] = "hello".into();
        for name in judge.properties(schema) {
            if request.get(&name).is_none() {
                request[&name] = Value::Null;
            }
        }
        let (status, body) = answer(post(&stand, path, &request)).await;
        assert_eq!(status, 200, "{path}: {body}");
        request["surprise"] = 1.into();
        assert_eq!(answer(post(&stand, path, &request)).await.1["error"]["code"], "unknown_parameter");
    }
}

#[tokio::test]
async fn what_the_description_forbids_is_refused() {
    let Some(judge) = OpenAi::find() else { return };
    let stand = Stand::start().await;
    let values =
        [json!(true), json!(1.5), json!("x"), json!([]), json!({}), json!(-7), json!(1e12), json!([{}]), json!([1])];
    let mut missed = Vec::new();
    for (path, schema, start) in [
        ("chat/completions", "CreateChatCompletionRequest", hello()),
        ("responses", "CreateResponse", json!({ "model": "m", "input": "hello" })),
        ("completions", "CreateCompletionRequest", json!({ "model": "m", "prompt": "hello" })),
        ("embeddings", "CreateEmbeddingRequest", json!({ "model": "m", "input": "hello" })),
    ] {
        let request = judge.of(schema);
        for name in judge.properties(schema) {
            for value in &values {
                let asked = with(start.clone(), json!({ &name: value }));
                if request.is_valid(&asked) {
                    continue;
                }
                let (status, body) = answer(post(&stand, path, &asked)).await;
                if status != 400 && status != 404 {
                    missed.push(format!("{path} {name}: {value} → {status} {}", body["error"]["message"]));
                }
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}
