//! The external processor, with the client that is generated from Envoy's API.

use super::channel::{channel, messages, order, recorded, to};
use super::stand::{PATIENCE, Stand};
use agw_sandbox::exchange::{Lane, Outcome};
use envoy_types::pb::envoy::config::core::v3::{HeaderMap, HeaderValue};
use envoy_types::pb::envoy::extensions::filters::http::ext_proc::v3::processing_mode::BodySendMode;
use envoy_types::pb::envoy::service::ext_proc::v3::body_mutation::Mutation;
use envoy_types::pb::envoy::service::ext_proc::v3::common_response::ResponseStatus;
use envoy_types::pb::envoy::service::ext_proc::v3::external_processor_client::ExternalProcessorClient;
use envoy_types::pb::envoy::service::ext_proc::v3::processing_request::Request;
use envoy_types::pb::envoy::service::ext_proc::v3::processing_response::Response;
use envoy_types::pb::envoy::service::ext_proc::v3::{
    CommonResponse, HttpBody, HttpHeaders, HttpTrailers, ProcessingRequest, ProcessingResponse, ProtocolConfiguration,
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status, Streaming};

/// One stream: what is said next, and the answers.
struct Talk {
    say: mpsc::Sender<ProcessingRequest>,
    answers: Streaming<ProcessingResponse>,
    mode: Option<BodySendMode>,
}

impl Talk {
    async fn begin(stand: &Stand, lane: &str, mode: BodySendMode) -> Self {
        let mut client = ExternalProcessorClient::new(channel(stand, "ext-proc").await);
        let (say, said) = mpsc::channel(4);
        let answers = client.process(to(lane, ReceiverStream::new(said))).await.unwrap().into_inner();
        Self { say, answers, mode: Some(mode) }
    }

    async fn say(&mut self, part: Request) {
        let config = self.mode.take().map(|mode| {
            let mode = mode.into();
            ProtocolConfiguration { request_body_mode: mode, response_body_mode: mode, ..Default::default() }
        });
        let message = ProcessingRequest { request: Some(part), protocol_config: config, ..Default::default() };
        self.say.send(message).await.unwrap();
    }

    async fn heard(&mut self) -> Result<Option<Response>, Status> {
        let answer = tokio::time::timeout(PATIENCE, self.answers.message()).await.expect("an answer in time")?;
        Ok(answer.and_then(|answer| answer.response))
    }

    /// The answer to a part, before the next one is said.
    async fn ask(&mut self, part: Request) -> Response {
        self.say(part).await;
        self.heard().await.unwrap().unwrap()
    }
}

fn head(headers: &[(&str, &str)]) -> HttpHeaders {
    let headers = headers.iter().map(|(name, value)| HeaderValue {
        key: (*name).to_owned(),
        raw_value: value.as_bytes().to_vec(),
        ..Default::default()
    });
    HttpHeaders { headers: Some(HeaderMap { headers: headers.collect() }), ..Default::default() }
}

fn piece(text: &str, end_of_stream: bool) -> HttpBody {
    HttpBody { body: text.as_bytes().to_vec(), end_of_stream, ..Default::default() }
}

fn in_head(response: Response) -> CommonResponse {
    match response {
        Response::RequestHeaders(head) | Response::ResponseHeaders(head) => head.response.unwrap(),
        other => panic!("{other:?}"),
    }
}

fn in_body(response: Response) -> Option<Mutation> {
    match response {
        Response::RequestBody(body) | Response::ResponseBody(body) => {
            body.response.unwrap().body_mutation.and_then(|mutation| mutation.mutation)
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn instructions_are_followed_while_both_sides_speak() {
    let stand = Stand::start().await;
    let mut talk = Talk::begin(&stand, "proc", BodySendMode::Buffered).await;
    let instructions = r#"{"addHeaders":{"x-a":"1"},"removeHeaders":["instructions"],"setBody":"new"}"#;
    let asked = head(&[(":path", "/"), ("instructions", instructions), ("authorization", "Bearer sk-secret")]);
    let mutation = in_head(talk.ask(Request::RequestHeaders(asked)).await).header_mutation.unwrap();
    assert_eq!(mutation.set_headers[0].header.as_ref().unwrap().raw_value, b"1");
    assert_eq!(mutation.remove_headers, ["instructions", "content-length"]);
    // What has been said so far is known while the stream goes on.
    let open = stand.admin.exchanges(&Lane::named("proc"), "ext-proc").await.unwrap().remove(0);
    assert_eq!((open.outcome, messages(&open.received.body).len()), (Outcome::Open, 1));
    assert_eq!(
        in_body(talk.ask(Request::RequestBody(piece("old", true))).await),
        Some(Mutation::Body(b"new".to_vec()))
    );
    let response = in_head(talk.ask(Request::ResponseHeaders(head(&[(":status", "200")]))).await);
    assert!(response.header_mutation.unwrap().set_headers.is_empty());
    assert_eq!(in_body(talk.ask(Request::ResponseBody(piece("answer", true))).await), None);
    drop(talk.say);
    assert!(talk.answers.message().await.unwrap().is_none());
    let exchange = recorded(&stand, "proc", "ext-proc", 1).await.remove(0);
    let (asked, said) = (messages(&exchange.received.body), messages(&exchange.sent.as_ref().unwrap().body));
    assert_eq!((asked.len(), said.len(), exchange.outcome), (4, 4, Outcome::Complete));
    assert_eq!(asked[0]["protocolConfig"]["requestBodyMode"], "BUFFERED");
    assert_eq!(asked[1]["requestBody"]["body"], "old");
    assert_eq!(said[1]["requestBody"]["response"]["bodyMutation"]["body"], "new");
    assert!(!format!("{exchange:?}").contains("sk-secret"));
}

#[tokio::test]
async fn bodies_in_pieces_keep_to_their_mode() {
    let stand = Stand::start().await;
    // Unchanged: in a duplex stream every piece has to be sent back, else none.
    let mut duplex = Talk::begin(&stand, "plain", BodySendMode::FullDuplexStreamed).await;
    in_head(duplex.ask(Request::RequestHeaders(head(&[]))).await);
    for (text, is_last) in [("one", false), ("two", true)] {
        let Some(Mutation::StreamedResponse(back)) =
            in_body(duplex.ask(Request::RequestBody(piece(text, is_last))).await)
        else {
            panic!("a piece")
        };
        assert_eq!((back.body, back.end_of_stream), (text.as_bytes().to_vec(), is_last));
    }
    // Replaced: the new body comes once, with the last piece.
    order(&stand, "new", "ext-proc", "processing: {request: {setBody: new, setTrailers: {x-t: '1'}}}").await;
    let mut streamed = Talk::begin(&stand, "new", BodySendMode::Streamed).await;
    in_head(streamed.ask(Request::RequestHeaders(head(&[]))).await);
    assert_eq!(in_body(streamed.ask(Request::RequestBody(piece("a", false))).await), Some(Mutation::ClearBody(true)));
    let last = in_body(streamed.ask(Request::RequestBody(piece("b", true))).await);
    assert_eq!(last, Some(Mutation::Body(b"new".to_vec())));
    // A duplex stream that ends with trailers has its new body before them.
    let mut duplex = Talk::begin(&stand, "new", BodySendMode::FullDuplexStreamed).await;
    in_head(duplex.ask(Request::RequestHeaders(head(&[]))).await);
    duplex.say(Request::RequestBody(piece("a", false))).await;
    let body = in_body(duplex.ask(Request::RequestTrailers(HttpTrailers::default())).await);
    assert!(matches!(body, Some(Mutation::StreamedResponse(piece)) if piece.body == b"new" && !piece.end_of_stream));
    let Some(Response::RequestTrailers(trailers)) = duplex.heard().await.unwrap() else { panic!("trailers") };
    assert_eq!(trailers.header_mutation.unwrap().set_headers[0].header.as_ref().unwrap().key, "x-t");
    // Where no body comes it is replaced at once.
    let mut never = Talk::begin(&stand, "new", BodySendMode::None).await;
    let replaced = in_head(never.ask(Request::RequestHeaders(head(&[]))).await);
    assert_eq!(replaced.status(), ResponseStatus::ContinueAndReplace);
}

#[tokio::test]
async fn an_immediate_answer_ends_the_stream_and_wrong_instructions_fail_it() {
    let stand = Stand::start().await;
    let wanted = "processing: {response: {immediate: {status: 451, body: no, headers: {x-why: law}, details: d}, metadata: {a: 1}}}";
    order(&stand, "stop", "ext-proc", wanted).await;
    let mut talk = Talk::begin(&stand, "stop", BodySendMode::None).await;
    in_head(talk.ask(Request::RequestHeaders(head(&[]))).await);
    talk.say(Request::ResponseHeaders(head(&[(":status", "200")]))).await;
    let answer = talk.answers.message().await.unwrap().unwrap();
    assert!(answer.dynamic_metadata.unwrap().fields.contains_key("a"));
    let Some(Response::ImmediateResponse(said)) = answer.response else { panic!("an immediate response") };
    assert_eq!((said.status.unwrap().code, said.body.as_slice(), said.details.as_str()), (451, b"no".as_slice(), "d"));
    assert!(talk.heard().await.unwrap().is_none());
    let mut wrong = Talk::begin(&stand, "wrong", BodySendMode::None).await;
    wrong.say(Request::RequestHeaders(head(&[("instructions", "{")]))).await;
    assert_eq!(wrong.heard().await.unwrap_err().code(), Code::InvalidArgument);
}
