//! A service that may change requests and answers. Source: facts/manifests.md 9 and
//! envoy/service/ext_proc/v3/external_processor.proto.
//!
//! One stream of the service belongs to one request. It is asked about a part and answers before the next one is sent.

use super::{chain::known, grpc};
use crate::gateway::{
    proxy::{body::Body, filter, refusal::Refusal, shared::Shared},
    table::{BodyMode, ExtProc},
};
use bytes::Bytes;
use envoy_types::pb::envoy::{
    extensions::filters::http::ext_proc::v3::processing_mode::BodySendMode,
    service::ext_proc::v3::{
        BodyMutation, CommonResponse, HeaderMutation, HttpBody, HttpHeaders, ImmediateResponse, ProcessingRequest,
        ProcessingResponse, ProtocolConfiguration, body_mutation::Mutation,
        external_processor_client::ExternalProcessorClient, processing_request::Request as Part,
        processing_response::Response as Said,
    },
};
use http::{HeaderMap, Response, StatusCode, header, request};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;

/// A body that goes to the service.
const LARGEST_BODY: usize = 2 * 1024 * 1024;
/// What the real proxy says when the service is not there or ends without a word.
const SILENT: &str = "no more response messages";

/// The service, as one request talks to it.
pub struct Processor {
    send: mpsc::Sender<ProcessingRequest>,
    answers: Streaming<ProcessingResponse>,
    request_body: BodyMode,
    response_body: BodyMode,
    begun: bool,
}

impl Processor {
    /// Opens the stream.
    pub async fn begin(shared: &Shared, policy: &ExtProc) -> Result<Self, Refusal> {
        let channel = grpc::connect(shared, policy.service.as_ref()).await.ok_or_else(silent)?;
        let (send, messages) = mpsc::channel(1);
        let mut client = ExternalProcessorClient::new(channel);
        let answers = client.process(ReceiverStream::new(messages)).await.map_err(|_| silent())?.into_inner();
        let (request_body, response_body) = (policy.request_body, policy.response_body);
        Ok(Self { send, answers, request_body, response_body, begun: false })
    }

    async fn ask(&mut self, part: Part) -> Result<Said, Refusal> {
        let protocol_config = (!self.begun).then(|| ProtocolConfiguration {
            request_body_mode: mode(self.request_body).into(),
            response_body_mode: mode(self.response_body).into(),
            ..ProtocolConfiguration::default()
        });
        self.begun = true;
        let message = ProcessingRequest { protocol_config, request: Some(part), ..ProcessingRequest::default() };
        self.send.send(message).await.map_err(|_| silent())?;
        loop {
            let answer = tokio::time::timeout(grpc::DEADLINE, self.answers.message()).await;
            let answer = answer.map_err(|_| silent())?.map_err(|_| silent())?.ok_or_else(silent)?;
            match answer.response {
                Some(Said::ImmediateResponse(wanted)) => return Err(immediate(&wanted)),
                Some(said) => return Ok(said),
                None => {}
            }
        }
    }

    /// Shows a body, and gives what becomes of it: what the service leaves alone stays in a buffered body, and is gone
    /// from a streamed one, where only the service's own pieces go on.
    async fn show(
        &mut self,
        body: Bytes,
        mode: BodyMode,
        part: impl Fn(HttpBody) -> Part,
        headers: &mut HeaderMap,
    ) -> Result<Bytes, Refusal> {
        let shown = HttpBody { body: body.to_vec(), end_of_stream: true, ..HttpBody::default() };
        let said = common(self.ask(part(shown)).await?);
        let kept = if mode == BodyMode::Streamed { Bytes::new() } else { body };
        Ok(match said {
            None => kept,
            Some(said) => {
                apply(said.header_mutation.as_ref(), headers);
                replaced(said.body_mutation.as_ref()).unwrap_or(kept)
            }
        })
    }
}

fn silent() -> Refusal {
    Refusal::ExtProcFailed(SILENT)
}

fn mode(mode: BodyMode) -> BodySendMode {
    match mode {
        BodyMode::None => BodySendMode::None,
        BodyMode::Buffered => BodySendMode::Buffered,
        BodyMode::Streamed => BodySendMode::FullDuplexStreamed,
    }
}

/// Shows a request and changes it as the service says.
pub async fn request(processor: &mut Processor, request: &mut request::Parts, body: Body) -> Result<Body, Refusal> {
    let target = request.uri.path_and_query().map_or("/", |whole| whole.as_str());
    let host = request.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let pseudo = [(":method", request.method.as_str()), (":path", target), (":authority", host), (":scheme", "http")];
    let head = HttpHeaders {
        headers: Some(grpc::shown(&request.headers, &pseudo)),
        end_of_stream: hyper::body::Body::is_end_stream(&body),
        ..HttpHeaders::default()
    };
    let empty = head.end_of_stream;
    let mut replacement = None;
    if let Some(said) = common(processor.ask(Part::RequestHeaders(head)).await?) {
        if let Some(mutation) = &said.header_mutation {
            if let Some(path) = grpc::pseudo(&mutation.set_headers, ":path") {
                filter::retarget(request, &path);
            }
            apply(Some(mutation), &mut request.headers);
        }
        replacement = replaced(said.body_mutation.as_ref());
    }
    let mode = processor.request_body;
    if mode == BodyMode::None || empty {
        return Ok(replacement.map_or(body, |bytes| known(request, bytes)));
    }
    let bytes = body.collect(LARGEST_BODY).await.map_err(Refusal::unreadable_request)?;
    let shown = processor.show(bytes, mode, Part::RequestBody, &mut request.headers).await?;
    Ok(known(request, shown))
}

/// Shows an answer and changes it as the service says.
pub async fn answer(mut processor: Processor, response: Response<Body>) -> Result<Response<Body>, Refusal> {
    let (mut head, body) = response.into_parts();
    let shown = HttpHeaders {
        headers: Some(grpc::shown(&head.headers, &[(":status", head.status.as_str())])),
        end_of_stream: hyper::body::Body::is_end_stream(&body),
        ..HttpHeaders::default()
    };
    let mut replacement = None;
    if let Some(said) = common(processor.ask(Part::ResponseHeaders(shown)).await?) {
        apply(said.header_mutation.as_ref(), &mut head.headers);
        replacement = replaced(said.body_mutation.as_ref());
    }
    let mode = processor.response_body;
    if mode == BodyMode::None {
        let Some(bytes) = replacement else { return Ok(Response::from_parts(head, body)) };
        head.headers.insert(header::CONTENT_LENGTH, bytes.len().into());
        return Ok(Response::from_parts(head, bytes.into()));
    }
    let bytes = body.collect(LARGEST_BODY).await.map_err(Refusal::unreadable_response)?;
    let bytes = processor.show(bytes, mode, Part::ResponseBody, &mut head.headers).await?;
    head.headers.insert(header::CONTENT_LENGTH, bytes.len().into());
    Ok(Response::from_parts(head, bytes.into()))
}

fn common(said: Said) -> Option<CommonResponse> {
    match said {
        Said::RequestHeaders(answer) | Said::ResponseHeaders(answer) => answer.response,
        Said::RequestBody(answer) | Said::ResponseBody(answer) => answer.response,
        _ => None,
    }
}

fn apply(mutation: Option<&HeaderMutation>, headers: &mut HeaderMap) {
    if let Some(mutation) = mutation {
        grpc::change(headers, &mutation.set_headers, &mutation.remove_headers);
    }
}

fn replaced(mutation: Option<&BodyMutation>) -> Option<Bytes> {
    match mutation?.mutation.as_ref()? {
        Mutation::Body(bytes) => Some(bytes.clone().into()),
        Mutation::ClearBody(clear) => clear.then(Bytes::new),
        Mutation::StreamedResponse(piece) => Some(piece.body.clone().into()),
    }
}

fn immediate(wanted: &ImmediateResponse) -> Refusal {
    let code = wanted.status.as_ref().and_then(|status| u16::try_from(status.code).ok());
    let mut response = Response::new(Body::from(wanted.body.clone()));
    *response.status_mut() = code.and_then(|code| StatusCode::from_u16(code).ok()).unwrap_or(StatusCode::OK);
    apply(wanted.headers.as_ref(), response.headers_mut());
    Refusal::Direct(Box::new(response))
}
