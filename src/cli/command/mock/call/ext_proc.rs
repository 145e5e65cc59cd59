//! `agw-sandbox mock call ext-proc`.

use super::pair::header;
use super::target::{CallError, Target};
use crate::cli::{Exit, Failure};
use crate::mock::shown_processing;
use crate::report::print_data;
use crate::sandbox::SandboxName;
use envoy_types::pb::envoy::config::core::v3::{HeaderMap, HeaderValue};
use envoy_types::pb::envoy::extensions::filters::http::ext_proc::v3::processing_mode::BodySendMode;
use envoy_types::pb::envoy::service::ext_proc::v3::external_processor_client::ExternalProcessorClient;
use envoy_types::pb::envoy::service::ext_proc::v3::processing_request::Request;
use envoy_types::pb::envoy::service::ext_proc::v3::processing_response::Response;
use envoy_types::pb::envoy::service::ext_proc::v3::{HttpBody, HttpHeaders, ProcessingRequest, ProtocolConfiguration};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// The request and the answer that are processed. Each part is sent when the part before it has been answered.
#[derive(Debug, clap::Args)]
pub(super) struct ExtProc {
    #[command(flatten)]
    target: Target,
    /// A header of the request; may be repeated. `instructions` says in JSON what becomes of it.
    #[arg(long, short = 'H', value_name = "NAME: VALUE", value_parser = header)]
    header: Vec<(String, String)>,
    /// The body of the request.
    #[arg(long, value_name = "TEXT")]
    body: Option<String>,
    /// A header of the answer; may be repeated.
    #[arg(long, value_name = "NAME: VALUE", value_parser = header)]
    response_header: Vec<(String, String)>,
    /// The body of the answer.
    #[arg(long, value_name = "TEXT")]
    response_body: Option<String>,
    /// How bodies are sent.
    #[arg(long, value_enum, default_value_t = Mode::Buffered)]
    mode: Mode,
}

/// How bodies are sent.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Mode {
    /// In one piece.
    Buffered,
    /// In pieces, one answer to each.
    Streamed,
    /// In pieces; only what the processor sends back goes on.
    Duplex,
}

impl ExtProc {
    pub(super) async fn run(self, sandbox: SandboxName) -> Result<Exit, Failure> {
        let mut client = ExternalProcessorClient::new(self.target.connect(sandbox, "ext-proc").await?);
        let (send, messages) = mpsc::channel(1);
        let request = self.target.request(ReceiverStream::new(messages));
        let mut answers = client.process(request).await.map_err(CallError::from)?.into_inner();
        for (place, part) in self.parts().into_iter().enumerate() {
            let protocol_config = (place == 0).then(|| self.config());
            let message = ProcessingRequest { protocol_config, request: Some(part), ..ProcessingRequest::default() };
            // A stream that has ended says why in its next answer.
            let _ = send.send(message).await;
            let Some(answer) = answers.message().await.map_err(CallError::from)? else { break };
            print_data(&shown_processing(&answer).to_string());
            if matches!(answer.response, Some(Response::ImmediateResponse(_))) {
                break;
            }
        }
        // Without a further message the stream ends on both sides.
        drop(send);
        answers.message().await.map_err(CallError::from)?;
        Ok(Exit::Ok)
    }

    fn parts(&self) -> Vec<Request> {
        let request = [(":method", "POST"), (":path", "/"), (":authority", "demo.test"), (":scheme", "http")];
        let mut parts = vec![Request::RequestHeaders(headers(&request, &self.header, self.body.is_none()))];
        parts.extend(self.body.as_deref().map(body).map(Request::RequestBody));
        let response = headers(&[(":status", "200")], &self.response_header, self.response_body.is_none());
        parts.push(Request::ResponseHeaders(response));
        parts.extend(self.response_body.as_deref().map(body).map(Request::ResponseBody));
        parts
    }

    fn config(&self) -> ProtocolConfiguration {
        let mode = match self.mode {
            Mode::Buffered => BodySendMode::Buffered,
            Mode::Streamed => BodySendMode::Streamed,
            Mode::Duplex => BodySendMode::FullDuplexStreamed,
        };
        let (request_body_mode, response_body_mode) = (mode.into(), mode.into());
        ProtocolConfiguration { request_body_mode, response_body_mode, ..ProtocolConfiguration::default() }
    }
}

fn headers(pseudo: &[(&str, &str)], own: &[(String, String)], end_of_stream: bool) -> HttpHeaders {
    let own = own.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let headers = pseudo.iter().copied().chain(own).map(|(name, value)| HeaderValue {
        key: name.to_owned(),
        raw_value: value.as_bytes().to_vec(),
        ..HeaderValue::default()
    });
    HttpHeaders { headers: Some(HeaderMap { headers: headers.collect() }), end_of_stream, ..HttpHeaders::default() }
}

fn body(text: &str) -> HttpBody {
    HttpBody { body: text.as_bytes().to_vec(), end_of_stream: true, ..HttpBody::default() }
}
