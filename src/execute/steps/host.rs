//! What the host offers: looked at, never changed.

use crate::{
    execute::{Done, ExecuteError, World},
    host::{OllamaQuestion, Vantage, probe},
    plan::HostQuestion,
    provider::HostTarget,
};

/// Asks for Ollama. Whatever is wrong is a warning with its fix.
pub async fn bring_about(question: &HostQuestion, world: &World) -> Result<Done, ExecuteError> {
    let mut asked = OllamaQuestion::new(&question.authority);
    asked.model.clone_from(&question.model);
    if question.pods
        && let Some(HostTarget::Address(address)) = &world.facts()?.host
    {
        asked.from = Vantage::Pods(*address);
    }
    Ok(match probe(&asked).await {
        Ok(ready) => {
            Done::changed_if(false, format!("{} at {}, {}", ready.version, ready.address, ready.models.join(", ")))
        }
        Err(problem) => Done::warned(format!("{problem} ({})\n{}, then `agw-sandbox up`", problem.id(), problem.fix())),
    })
}
