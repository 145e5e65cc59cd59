//! One stream of the processor: the parts of one request and of its answer. Source:
//! envoy/service/ext_proc/v3/external_processor.proto.

use super::common::{immediate, trailers};
use super::modes::Mode;
use super::side::Side;
use crate::exchange::Mutation;
use crate::mock::envoy::struct_of;
use crate::mock::grpc::{Call, Turn, talk};
use axum::Router;
use envoy_types::pb::envoy::service::ext_proc::v3::processing_request::Request;
use envoy_types::pb::envoy::service::ext_proc::v3::processing_response::Response;
use envoy_types::pb::envoy::service::ext_proc::v3::{
    BodyResponse, CommonResponse, HeadersResponse, ProcessingRequest, ProcessingResponse, TrailersResponse,
};
use tonic::Status;

/// The method that is served.
pub(in crate::mock) fn router() -> Router {
    Router::new().route("/envoy.service.ext_proc.v3.ExternalProcessor/Process", talk(begin))
}

fn begin(call: &Call) -> impl FnMut(ProcessingRequest) -> Result<Turn<ProcessingResponse>, Status> + use<> {
    let wanted = call.cue.orders.processing.as_ref();
    let mut flow = Flow {
        request: Side::of(wanted.map(|wanted| &wanted.request)),
        response: Side::of(wanted.map(|wanted| &wanted.response)),
    };
    move |message| flow.turn(message)
}

/// Both sides of an exchange.
#[derive(Debug)]
struct Flow {
    request: Side,
    response: Side,
}

impl Flow {
    fn turn(&mut self, message: ProcessingRequest) -> Result<Turn<ProcessingResponse>, Status> {
        if let Some(config) = message.protocol_config {
            self.request.mode = Mode::of(config.request_body_mode);
            self.response.mode = Mode::of(config.response_body_mode);
        }
        // A message without a part only keeps the stream going.
        let Some(part) = message.request else { return Ok(silence()) };
        let turn = self.answer(part)?;
        // In this mode the gateway reads no answers.
        Ok(if message.observability_mode { silence() } else { turn })
    }

    fn answer(&mut self, part: Request) -> Result<Turn<ProcessingResponse>, Status> {
        Ok(match part {
            Request::RequestHeaders(head) => {
                let response = self.request.head(&head)?;
                headed(&self.request.mutation, Response::RequestHeaders(in_head(response)))
            }
            Request::ResponseHeaders(head) => {
                let response = self.response.head(&head)?;
                headed(&self.response.mutation, Response::ResponseHeaders(in_head(response)))
            }
            Request::RequestBody(body) => said(self.request.body(body).map(in_body).map(Response::RequestBody)),
            Request::ResponseBody(body) => said(self.response.body(body).map(in_body).map(Response::ResponseBody)),
            Request::RequestTrailers(_) => {
                let overdue = self.request.overdue().map(in_body).map(Response::RequestBody);
                said(overdue.into_iter().chain([Response::RequestTrailers(in_trailers(&self.request.mutation))]))
            }
            Request::ResponseTrailers(_) => {
                let overdue = self.response.overdue().map(in_body).map(Response::ResponseBody);
                said(overdue.into_iter().chain([Response::ResponseTrailers(in_trailers(&self.response.mutation))]))
            }
        })
    }
}

/// The answer to a head, unless the client gets one at once.
fn headed(mutation: &Mutation, response: Response) -> Turn<ProcessingResponse> {
    let mut turn = match &mutation.immediate {
        Some(wanted) => Turn { is_last: true, ..said([immediate(wanted)]) },
        None => said([response]),
    };
    if !mutation.metadata.is_empty() {
        turn.messages.iter_mut().for_each(|message| message.dynamic_metadata = Some(struct_of(&mutation.metadata)));
    }
    turn
}

fn said(responses: impl IntoIterator<Item = Response>) -> Turn<ProcessingResponse> {
    let message = |response| ProcessingResponse { response: Some(response), ..ProcessingResponse::default() };
    Turn { messages: responses.into_iter().map(message).collect(), is_last: false }
}

fn silence() -> Turn<ProcessingResponse> {
    said([])
}

fn in_head(response: CommonResponse) -> HeadersResponse {
    HeadersResponse { response: Some(response) }
}

fn in_body(response: CommonResponse) -> BodyResponse {
    BodyResponse { response: Some(response) }
}

fn in_trailers(mutation: &Mutation) -> TrailersResponse {
    TrailersResponse { header_mutation: Some(trailers(mutation)) }
}
