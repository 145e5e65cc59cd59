//! What the gateway may reach on this machine.

use super::{Check, Verdict};
use crate::host::{OllamaQuestion, probe};

/// The Ollama of a profile.
pub(super) async fn ollama(question: Option<&OllamaQuestion>) -> Check {
    let Some(question) = question else { return Check::skipped("ollama", "no backend of the profile is an Ollama") };
    match probe(question).await {
        Ok(ready) => {
            let models = ready.models.join(", ");
            Check::ok("ollama", format!("{} at {}, models {models}", ready.version, ready.address))
        }
        Err(problem) => Check::problem("ollama", Verdict::Warning, &problem),
    }
}
