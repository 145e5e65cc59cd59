//! A method with one message on either side.

use super::call::Call;
use super::messages::Messages;
use super::status::{answer, refusal, trailers};
use crate::wire::grpc::framed;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::{MethodRouter, post};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use tonic::Status;

/// A method that this function answers.
pub(in crate::mock) fn unary<Q, A, F>(method: F) -> MethodRouter
where
    Q: prost::Message + Default + 'static,
    A: prost::Message + 'static,
    F: Fn(&Call, Q) -> Result<A, Status> + Clone + Send + Sync + 'static,
{
    post(move |request: Request| async move {
        let (parts, body) = request.into_parts();
        let call = Call::of(&parts);
        match only(&call, body).await.and_then(|message| method(&call, message)) {
            Ok(message) => said(&message),
            Err(status) => refusal(&status),
        }
    })
}

/// The one message of the client. Source of the status: grpc/doc/statuscodes.md, "Request cardinality violation".
async fn only<Q: prost::Message + Default>(call: &Call, body: Body) -> Result<Q, Status> {
    let mut messages = Messages::of(call, body)?;
    let violation = || Status::unimplemented("the method takes exactly one message");
    let message = messages.next().await?.ok_or_else(violation)?;
    match messages.next::<Q>().await? {
        None => Ok(message),
        Some(_) => Err(violation()),
    }
}

fn said(message: &impl prost::Message) -> Response {
    let end = std::future::ready(Some(Ok(trailers(&Status::ok("")))));
    let frame: Bytes = framed(&message.encode_to_vec());
    answer(Body::new(Full::new(frame).with_trailers(end)))
}
