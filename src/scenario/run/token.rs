//! Tokens that steps send along.

use super::trial::{Trial, Trouble};
use crate::exchange::TokenWish;
use crate::scenario::spec::{Action, Step};

impl Trial {
    /// The header with the token that a step wishes, if it wishes one. The mocks' identity provider makes it.
    pub(super) async fn minted(&self, step: &Step) -> Result<Option<(String, String)>, Trouble> {
        let Some(wish) = wish(&step.action) else { return Ok(None) };
        let minted = self.target.mocks.mint(wish).await?;
        Ok(Some(("authorization".to_owned(), format!("Bearer {}", minted.token))))
    }
}

fn wish(action: &Action) -> Option<&TokenWish> {
    match action {
        Action::Http(call) => call.token.as_ref(),
        Action::Llm(_, call) => call.token.as_ref(),
        _ => None,
    }
}
