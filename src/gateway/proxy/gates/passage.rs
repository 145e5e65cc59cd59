//! What is still to be done when the answer comes.

use super::{
    ext_proc::{self, Processor},
    transform,
};
use crate::gateway::{
    proxy::{body::Body, headers, rate_limit::Allowance, refusal::Refusal},
    table::{HeaderChange, Transform},
};
use http::{Response, request};

/// What the gates that a request passed do to its answer.
pub struct Passage<'a> {
    /// The request as expressions about the answer see it.
    pub(super) seen: Option<Box<request::Parts>>,
    /// What is made anew.
    pub(super) transform: Option<&'a Transform>,
    /// What becomes of headers.
    pub(super) headers: Option<&'a HeaderChange>,
    /// What the answer says of a limit.
    pub(super) allowance: Option<Allowance>,
    /// The service that has seen the request.
    pub(super) processor: Option<Processor>,
}

impl Passage<'_> {
    /// Changes an answer.
    pub async fn answer(self, response: Response<Body>) -> Result<Response<Body>, Refusal> {
        let mut response = response;
        if let Some(Allowance { limit, remaining, reset }) = self.allowance {
            let headers = response.headers_mut();
            for (name, value) in
                [("x-ratelimit-limit", limit), ("x-ratelimit-remaining", remaining), ("x-ratelimit-reset", reset)]
            {
                headers.insert(name, value.into());
            }
        }
        if let Some(change) = self.headers {
            headers::change(response.headers_mut(), change);
        }
        if let (Some(wanted), Some(seen)) = (self.transform, &self.seen) {
            response = transform::answer(wanted, seen, response).await?;
        }
        match self.processor {
            Some(processor) => ext_proc::answer(processor, response).await,
            None => Ok(response),
        }
    }
}
