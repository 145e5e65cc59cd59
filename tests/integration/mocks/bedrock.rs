//! Bedrock's mock. Requests are signed and frames are read by Amazon's own crates.

use super::stand::{Stand, answer, fault};
use agw_sandbox::exchange::Fault;
use agw_sandbox::mock::{ACCESS_KEY_ID, SECRET_ACCESS_KEY, SESSION_TOKEN};
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_eventstream::frame::{DecodedFrame, MessageFrameDecoder};
use base64::Engine as _;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use std::time::{Duration, SystemTime};

const MODEL: &str = "/model/us.amazon.nova-lite-v1%3A0";
const CLAUDE: &str = "/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0";

/// How a request is signed.
struct Signer {
    id: &'static str,
    secret: &'static str,
    token: Option<&'static str>,
    service: &'static str,
    time: SystemTime,
}

impl Signer {
    fn good() -> Self {
        Self { id: ACCESS_KEY_ID, secret: SECRET_ACCESS_KEY, token: None, service: "bedrock", time: SystemTime::now() }
    }

    fn post(&self, stand: &Stand, path: &str, body: &Value) -> RequestBuilder {
        let body = body.to_string();
        self.sign(stand, path, &body).body(body)
    }

    /// A request without the body that it is signed for.
    fn sign(&self, stand: &Stand, path: &str, body: &str) -> RequestBuilder {
        let credentials = Credentials::new(self.id, self.secret, self.token.map(str::to_owned), None, "test").into();
        let parameters = v4::SigningParams::builder()
            .identity(&credentials)
            .region("eu-central-1")
            .name(self.service)
            .time(self.time)
            .settings(SigningSettings::default())
            .build()
            .unwrap();
        let url = format!("http://{}{path}", stand.address("bedrock"));
        let host = stand.address("bedrock").to_string();
        let headers = [("content-type", "application/json"), ("host", host.as_str())];
        let signable =
            SignableRequest::new("POST", &url, headers.into_iter(), SignableBody::Bytes(body.as_bytes())).unwrap();
        let (instructions, _) = sign(signable, &parameters.into()).unwrap().into_parts();
        let request = stand.request("bedrock", Method::POST, path).header("content-type", "application/json");
        instructions.headers().fold(request, |request, (name, value)| request.header(name, value))
    }
}

fn hello() -> Value {
    json!({ "messages": [{ "role": "user", "content": [{ "text": "hello" }] }] })
}

/// Type and payload of each frame; the last one may be cut off, which is told.
fn frames(bytes: &[u8]) -> (Vec<(String, Value)>, bool) {
    let (mut decoder, mut rest, mut frames) = (MessageFrameDecoder::new(), bytes, vec![]);
    while let DecodedFrame::Complete(message) = decoder.decode_frame(&mut rest).unwrap() {
        let kind = message.headers().iter().find(|header| header.name().as_str().ends_with("-type")).unwrap();
        let payload = serde_json::from_slice(message.payload()).unwrap();
        frames.push((kind.value().as_string().unwrap().as_str().to_owned(), payload));
    }
    (frames, !rest.is_empty())
}

#[tokio::test]
async fn converse_says_the_same_whole_and_in_frames() {
    let stand = Stand::start().await;
    let (status, whole) = answer(Signer::good().post(&stand, &format!("{MODEL}/converse"), &hello())).await;
    assert_eq!(status, 200, "{whole}");
    assert_eq!(whole["output"]["message"]["content"], json!([{ "text": "You said: hello" }]));
    let request = Signer::good().post(&stand, &format!("{MODEL}/converse-stream"), &hello());
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/vnd.amazon.eventstream");
    assert_eq!(response.headers()["x-amzn-requestid"].len(), 36);
    let (frames, is_cut) = frames(&response.bytes().await.unwrap());
    let kinds: Vec<&str> = frames.iter().map(|(kind, _)| kind.as_str()).collect();
    let expected =
        "messageStart contentBlockDelta contentBlockDelta contentBlockDelta contentBlockStop messageStop metadata";
    assert_eq!((kinds.join(" ").as_str(), is_cut), (expected, false));
    let said: String = frames.iter().filter_map(|(_, payload)| payload["delta"]["text"].as_str()).collect();
    assert_eq!(said, "You said: hello");
    assert_eq!(frames[6].1["usage"], whole["usage"]);
    assert!(frames.iter().all(|(_, payload)| payload["p"].is_string()));
    let count = json!({ "input": { "converse": hello() } });
    let (_, count) = answer(Signer::good().post(&stand, &format!("{MODEL}/count-tokens"), &count)).await;
    assert_eq!(count["inputTokens"], whole["usage"]["inputTokens"]);
}

#[tokio::test]
async fn tools_are_called_in_fragments_and_answered() {
    let stand = Stand::start().await;
    let mut request = hello();
    request["toolConfig"] = json!({
        "tools": [{ "toolSpec": { "name": "warmth", "inputSchema": { "json": {
            "type": "object", "properties": { "city": { "type": "string" } }, "required": ["city"],
        } } } }],
        "toolChoice": { "any": {} },
    });
    let (_, whole) = answer(Signer::good().post(&stand, &format!("{MODEL}/converse"), &request)).await;
    assert_eq!(whole["stopReason"], "tool_use");
    let call = &whole["output"]["message"]["content"][0]["toolUse"];
    let response = Signer::good().post(&stand, &format!("{MODEL}/converse-stream"), &request).send().await.unwrap();
    let (frames, _) = frames(&response.bytes().await.unwrap());
    assert_eq!(frames[1].1["start"]["toolUse"]["name"], "warmth");
    let input: String =
        frames.iter().filter_map(|(_, payload)| payload["delta"]["toolUse"]["input"].as_str()).collect();
    assert_eq!(serde_json::from_str::<Value>(&input).unwrap(), call["input"]);
    let messages = request["messages"].as_array_mut().unwrap();
    messages.push(whole["output"]["message"].clone());
    let unanswered = json!({ "role": "user", "content": [{ "text": "and?" }] });
    messages.push(unanswered);
    let (status, body) = answer(Signer::good().post(&stand, &format!("{MODEL}/converse"), &request)).await;
    assert!(status == 400 && body["message"].as_str().unwrap().starts_with("Expected toolResult blocks at messages.2"));
    request["toolConfig"]["toolChoice"] = json!({ "auto": {} });
    let result = json!({ "toolUseId": call["toolUseId"], "content": [{ "text": "20" }] });
    request["messages"][2]["content"] = json!([{ "toolResult": result }]);
    let (status, body) = answer(Signer::good().post(&stand, &format!("{MODEL}/converse"), &request)).await;
    assert_eq!((status, &body["stopReason"]), (200, &json!("end_turn")), "{body}");
}

#[tokio::test]
async fn claude_and_titan_are_invoked() {
    let stand = Stand::start().await;
    let request = json!({
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 20,
        "messages": [{ "role": "user", "content": "hello" }],
    });
    let response = Signer::good().post(&stand, &format!("{CLAUDE}/invoke"), &request).send().await.unwrap();
    assert_eq!(response.headers()["x-amzn-bedrock-output-token-count"], "3");
    let whole: Value = response.json().await.unwrap();
    assert_eq!(whole["content"][0]["text"], "You said: hello");
    let path = format!("{CLAUDE}/invoke-with-response-stream");
    let response = Signer::good().post(&stand, &path, &request).send().await.unwrap();
    let (frames, _) = frames(&response.bytes().await.unwrap());
    let decode = |payload: &Value| -> Value {
        let bytes = base64::engine::general_purpose::STANDARD.decode(payload["bytes"].as_str().unwrap()).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    };
    assert!(frames.iter().all(|(kind, _)| kind == "chunk"));
    assert_eq!(decode(&frames[0].1)["type"], "message_start");
    let last = decode(&frames.last().unwrap().1);
    assert_eq!(last["amazon-bedrock-invocationMetrics"]["outputTokenCount"], whole["usage"]["output_tokens"]);
    let titan = json!({ "inputText": "hello", "dimensions": 256 });
    let titan = Signer::good().post(&stand, "/model/amazon.titan-embed-text-v2%3A0/invoke", &titan);
    let (status, body) = answer(titan).await;
    assert_eq!((status, body["embedding"].as_array().unwrap().len()), (200, 256));
}

#[tokio::test]
async fn a_signature_has_to_be_right() {
    let stand = Stand::start().await;
    let path = format!("{MODEL}/converse");
    let off = |seconds| SystemTime::now() + Duration::from_secs(3_600) - Duration::from_secs(seconds);
    let good = Signer::good;
    let signed = |signer: Signer| signer.post(&stand, &path, &hello());
    let changed = good().sign(&stand, &path, &hello().to_string()).body(hello().to_string() + " ");
    let cases = [
        (signed(Signer { secret: "wrong", ..good() }), "InvalidSignatureException", "does not match"),
        (changed, "InvalidSignatureException", "does not match"),
        (signed(good()).header("x-amz-extra", "1"), "InvalidSignatureException", "must be a 'SignedHeader'"),
        (signed(Signer { service: "s3", ..good() }), "InvalidSignatureException", "correct service: 'bedrock'"),
        (signed(Signer { time: off(7_200), ..good() }), "InvalidSignatureException", "Signature expired: "),
        (signed(Signer { time: off(0), ..good() }), "InvalidSignatureException", "Signature not yet current: "),
        (signed(Signer { id: "AKIDOTHER", ..good() }), "UnrecognizedClientException", "security token"),
        (signed(Signer { token: Some("other"), ..good() }), "UnrecognizedClientException", "security token"),
        (stand.request("bedrock", Method::POST, &path), "MissingAuthenticationTokenException", "Missing"),
        (
            stand.request("bedrock", Method::POST, &path).header("authorization", "AWS4-HMAC-SHA256 x"),
            "IncompleteSignatureException",
            "Credential",
        ),
        (stand.request("bedrock", Method::POST, &path).bearer_auth("invalid"), "AccessDeniedException", "API Key"),
    ];
    for (request, kind, words) in cases {
        let response = request.send().await.unwrap();
        let (status, found) = (response.status().as_u16(), response.headers()["x-amzn-errortype"].clone());
        let body: Value = response.json().await.unwrap();
        assert!(status == 403 && found.to_str().unwrap().starts_with(&format!("{kind}:")), "{kind} {found:?} {body}");
        assert!(body["message"].as_str().unwrap().contains(words), "{body}");
    }
    for request in [
        signed(Signer { token: Some(SESSION_TOKEN), ..good() }),
        signed(Signer { time: off(3_600 + 240), ..good() }),
        good().post(
            &stand,
            "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fa.b/converse?x=1&a=%2F",
            &hello(),
        ),
        stand.request("bedrock", Method::POST, &path).bearer_auth("bedrock-api-key-demo").json(&hello()),
    ] {
        assert_eq!(answer(request).await.0, 200);
    }
}

#[tokio::test]
async fn what_the_service_model_forbids_is_refused() {
    let stand = Stand::start().await;
    let with = |name: &str, value: Value| {
        let mut request = hello();
        request[name] = value;
        request
    };
    let text = |text: &str| json!([{ "role": "user", "content": [{ "text": text }] }]);
    let cases = [
        (json!({}), "The messages field is required and must contain at least one message."),
        (
            with("messages", json!([{ "role": "robot", "content": [] }])),
            "1 validation error detected: Value 'robot' at 'messages.1.member.role'",
        ),
        (
            with("messages", json!([{ "content": [] }])),
            "1 validation error detected: Value null at 'messages.1.member.role'",
        ),
        (
            with("messages", json!([{ "role": "assistant", "content": [{ "text": "x" }] }])),
            "A conversation must start with a user message.",
        ),
        (with("messages", text(" ")), "The text field in the ContentBlock object at messages.0.content.0 is blank."),
        (with("messages", json!("hi")), "Unexpected value type in payload at messages"),
        (
            with("toolConfig", json!({ "tools": [], "tool_choice": {} })),
            "Malformed input request: #/toolConfig: extraneous key [tool_choice]",
        ),
        (
            with("inferenceConfig", json!({ "temperature": 1.5 })),
            "1 validation error detected: Value '1.5' at 'inferenceConfig.temperature'",
        ),
        (with("inferenceConfig", json!({ "maxTokens": "3" })), "STRING_VALUE cannot be converted to Integer"),
    ];
    for (request, message) in cases {
        let (status, body) = answer(Signer::good().post(&stand, &format!("{MODEL}/converse"), &request)).await;
        assert!(status == 400 && body["message"].as_str().unwrap().starts_with(message), "{request} {body}");
    }
    let absent = Signer::good().post(&stand, "/model/no-such-model/converse", &hello());
    assert_eq!(answer(absent).await.1["message"], "The provided model identifier is invalid.");
}

#[tokio::test]
async fn faults_come_in_amazons_words_and_between_frames() {
    let stand = Stand::start().await;
    let path = format!("{MODEL}/converse-stream");
    let busy = Fault { status: Some(429), ..fault() };
    stand.behave("busy", "bedrock", None, vec![busy]).await;
    stand.behave("cut", "bedrock", None, vec![Fault { cut_after_events: Some(2), ..fault() }]).await;
    let error: Fault = serde_yaml::from_str("{errorEvent: {afterEvents: 2, status: 429}}").unwrap();
    stand.behave("error", "bedrock", None, vec![error]).await;
    let post = |lane: &str| Signer::good().post(&stand, &path, &hello()).header("x-agw-lane", lane);
    let response = post("busy").send().await.unwrap();
    assert!(response.headers()["x-amzn-errortype"].to_str().unwrap().starts_with("ThrottlingException:"));
    let mut response = post("cut").send().await.unwrap();
    let mut bytes = vec![];
    let is_broken = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend(chunk),
            Ok(None) => break false,
            Err(_) => break true,
        }
    };
    assert_eq!((frames(&bytes).0.len(), is_broken), (2, true));
    let (frames, _) = frames(&post("error").send().await.unwrap().bytes().await.unwrap());
    assert_eq!(frames.last().unwrap().0, "throttlingException");
}
