//! What the host offers: looked at, never changed.

use crate::{
    execute::{Done, ExecuteError, HostMocks, World},
    host::{OllamaProblem, OllamaQuestion, OllamaReady, Vantage, probe},
    plan::HostQuestion,
    provider::HostTarget,
};
use std::net::IpAddr;

/// Asks for Ollama, from this machine and from a pod. Whatever is wrong is a warning with its fix.
pub async fn bring_about(question: &HostQuestion, world: &World) -> Result<Done, ExecuteError> {
    let mut asked = OllamaQuestion::new(&question.authority);
    asked.model.clone_from(&question.model);
    if question.pods
        && let Some(HostTarget::Address(address)) = &world.facts()?.host
    {
        asked.from = Vantage::Pods(*address);
    }
    Ok(match seen(&asked, world).await {
        Ok(ready) => {
            Done::changed_if(false, format!("{} at {}, {}", ready.version, ready.address, ready.models.join(", ")))
        }
        Err(problem) => Done::warned(format!("{problem} ({})\n{}, then `agw-sandbox up`", problem.id(), problem.fix())),
    })
}

async fn seen(asked: &OllamaQuestion, world: &World) -> Result<OllamaReady, OllamaProblem> {
    let ready = probe(asked).await?;
    match asked.from {
        Vantage::Host => Ok(ready),
        Vantage::Pods(address) => from_a_pod(asked, address, world).await.map_or(Ok(ready), Err),
    }
}

/// What a pod of ours says against it. Mocks on this machine have no place in the cluster from which to ask.
async fn from_a_pod(asked: &OllamaQuestion, address: IpAddr, world: &World) -> Option<OllamaProblem> {
    if HostMocks::recorded(&world.home).is_some() {
        return None;
    }
    let (host, port) = asked.host_and_port();
    // Mocks that cannot be asked are no word against the host; their own step tells of them.
    let reached = world.reach().ok()?.mock_admin().await.ok()?.reach(host, port).await.ok()?;
    reached.refusal.map(|why| OllamaProblem::not_from_pods(address, port, &why))
}
