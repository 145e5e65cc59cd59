//! What a request passes before the protocol begins, and what its answer passes on the way out.

use super::cut::Cut;
use super::door::{Entering, enter};
use super::gathered::gathered;
use super::guard::stranger;
use super::hub::Hub;
use super::oauth::{Protection, protected};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;

/// What the front of one server knows.
#[derive(Clone)]
pub(super) struct Front {
    pub(super) hub: Arc<Hub>,
    /// Who knows its tokens; `None`: it wants none.
    pub(super) protection: Option<Protection>,
}

/// Keeps strangers and clients without a token out, and lets messages through one by one.
pub(super) async fn front(State(front): State<Front>, mut request: Request, next: Next) -> Response {
    if let Some(refusal) = stranger(front.hub.personality.strict_host, &request) {
        return refusal;
    }
    if let Some(tokens) = &front.protection
        && let Some(answer) = protected(tokens.as_ref(), request.method(), request.uri(), request.headers()).await
    {
        return answer;
    }
    let cut = Cut::default();
    request.extensions_mut().insert(cut.clone());
    let response = match enter(&front.hub, request).await {
        Entering::One(request) => next.run(request).await,
        Entering::Batch(batch) => batch.answer(next).await,
        Entering::Refused(refusal) => return *refusal,
    };
    gathered(response, cut).await
}
