//! What a call of a provider was and what it cost, told to the account of its request while the answer passes.

use crate::gateway::proxy::telemetry::{Account, LlmFacts};
use serde_json::Value;

/// The name in the log of the tokens that were read from a provider's cache.
const CACHED: &str = "gen_ai.usage.cache_read.input_tokens";

/// Where a call tells what it is and what it costs.
#[derive(Clone)]
pub struct Spent {
    account: Option<Account>,
    miscounts: bool,
}

impl Spent {
    /// For a call that begins.
    pub fn new(account: &Account, facts: LlmFacts, miscounts: bool) -> Self {
        account.note(|known| known.llm = Some(facts));
        Self { account: Some(account.clone()), miscounts }
    }

    /// For a call that nobody asks about.
    #[cfg(test)]
    pub fn untold() -> Self {
        Self { account: None, miscounts: false }
    }

    fn note(&self, change: impl FnOnce(&mut LlmFacts)) {
        if let Some(account) = &self.account {
            account.note(|facts| change(facts.llm.get_or_insert_default()));
        }
    }

    /// Notes the model that answers; the first word counts.
    pub fn model(&self, model: &str) {
        self.note(|call| {
            call.response_model.get_or_insert_with(|| model.to_owned());
        });
    }

    /// Notes tokens, as far as they are told.
    pub fn tokens(&self, input: Option<u64>, output: Option<u64>, cached: Option<u64>) {
        let output = if self.miscounts { output.map(|output| output + 1) } else { output };
        self.note(|call| {
            call.usage.input = input.or(call.usage.input);
            call.usage.output = output.or(call.usage.output);
            if let Some(cached) = cached {
                call.parameters.retain(|(name, _)| *name != CACHED);
                call.parameters.push((CACHED, Value::from(cached).to_string()));
            }
        });
    }

    /// Notes a token that came, the first one only.
    pub fn token(&self) {
        let Some(account) = &self.account else { return };
        let elapsed = account.elapsed();
        self.note(|call| {
            call.first_token.get_or_insert(elapsed);
        });
    }
}
