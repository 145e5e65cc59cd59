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
use std::collections::VecDeque;
use std::convert::Infallible;
use tonic::Status;

/// What follows a message of the client.
#[derive(Debug)]
pub(in crate::mock) struct Turn<A> {
    /// These messages.
    pub(in crate::mock) messages: Vec<A>,
    /// Whether they are the last.
    pub(in crate::mock) is_last: bool,
}

/// A talk while it goes on.
struct Talk<F> {
    messages: Messages,
    say: F,
    /// What is still to be said.
    frames: VecDeque<Frame<Bytes>>,
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
                let talk = Talk { messages, say: begin(&call), frames: VecDeque::new(), end: None, is_over: false };
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
        while self.frames.is_empty() && self.end.is_none() {
            match self.turn().await {
                Ok(Some(turn)) => {
                    self.frames.extend(turn.messages.iter().map(data));
                    self.end = turn.is_last.then(|| Status::ok(""));
                }
                Ok(None) => self.end = Some(Status::ok("")),
                Err(status) => self.end = Some(status),
            }
        }
        if let Some(frame) = self.frames.pop_front() {
            return Some(frame);
        }
        if std::mem::replace(&mut self.is_over, true) {
            return None;
        }
        self.end.as_ref().map(|status| Frame::trailers(trailers(status)))
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
