//! A method in which both sides say as much as they like.

use super::call::Call;
use super::messages::Messages;
use super::status::{answer, refusal, trailers};
use crate::wire::grpc::framed;
use axum::body::Body;
use axum::extract::Request;
use axum::routing::{MethodRouter, post};
use bytes::Bytes;
use http_body_util::StreamBody;
use hyper::body::Frame;
use std::convert::Infallible;
use tonic::Status;

/// What follows a message of the client.
#[derive(Debug)]
pub(in crate::mock) enum Turn<A> {
    /// Nothing.
    Silent,
    /// This message.
    Say(A),
    /// This message and the end.
    Last(A),
}

/// A talk while it goes on.
struct Talk<F> {
    messages: Messages,
    say: F,
    /// How it is to end, once that is known.
    end: Option<Status>,
    is_over: bool,
}

/// A method whose every call has a function of its own, which answers message after message.
pub(in crate::mock) fn talk<Q, A, F, S>(begin: F) -> MethodRouter
where
    Q: prost::Message + Default + 'static,
    A: prost::Message + 'static,
    F: Fn(&Call) -> S + Clone + Send + Sync + 'static,
    S: FnMut(Q) -> Result<Turn<A>, Status> + Send + 'static,
{
    post(move |request: Request| async move {
        let (parts, body) = request.into_parts();
        let call = Call::of(&parts);
        match Messages::of(&call, body) {
            Ok(messages) => {
                let talk = Talk { messages, say: begin(&call), end: None, is_over: false };
                let frames = futures_util::stream::unfold(talk, |mut talk| async {
                    let frame = talk.next::<Q, A>().await?;
                    Some((Ok::<_, Infallible>(frame), talk))
                });
                answer(Body::new(StreamBody::new(frames)))
            }
            Err(status) => refusal(&status),
        }
    })
}

impl<F> Talk<F> {
    async fn next<Q, A>(&mut self) -> Option<Frame<Bytes>>
    where
        Q: prost::Message + Default,
        A: prost::Message,
        F: FnMut(Q) -> Result<Turn<A>, Status>,
    {
        if self.is_over {
            return None;
        }
        while self.end.is_none() {
            match self.turn().await {
                Ok(Some(Turn::Silent)) => {}
                Ok(Some(Turn::Say(message))) => return Some(data(&message)),
                Ok(Some(Turn::Last(message))) => {
                    self.end = Some(Status::ok(""));
                    return Some(data(&message));
                }
                Ok(None) => self.end = Some(Status::ok("")),
                Err(status) => self.end = Some(status),
            }
        }
        self.is_over = true;
        self.end.take().map(|status| Frame::trailers(trailers(&status)))
    }

    async fn turn<Q, A>(&mut self) -> Result<Option<Turn<A>>, Status>
    where
        Q: prost::Message + Default,
        F: FnMut(Q) -> Result<Turn<A>, Status>,
    {
        match self.messages.next().await? {
            Some(message) => (self.say)(message).map(Some),
            None => Ok(None),
        }
    }
}

fn data(message: &impl prost::Message) -> Frame<Bytes> {
    Frame::data(framed(&message.encode_to_vec()))
}
