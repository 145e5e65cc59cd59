//! The Responses API.

mod events;
mod input;
mod object;
mod output;
mod request;
mod tools;

pub(in crate::mock) use request::ResponseRequest;

use super::Refusal;
use crate::mock::cue::Cue;
use crate::mock::stream::{self, WriteError};
use axum::Json;
use axum::response::{IntoResponse, Response};

/// The answer to a request that was understood, in the form that it asks for.
pub(in crate::mock) fn respond(request: ResponseRequest, cue: &Cue) -> Response {
    let said = request.said(cue);
    if !request.is_stream {
        return Json(object::finished(&request, &said, cue)).into_response();
    }
    let mut response = stream::respond(events::events(&request, &said, cue).into_iter());
    let error = WriteError::by(|status, place| events::error(&Refusal::of_status(status), place));
    response.extensions_mut().insert(error);
    response
}
