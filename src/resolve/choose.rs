//! The best provider that can be used and supplied, and every choice that follows from it.

use super::{ResolveError, Resolved, provider, wish};
use crate::{
    chart::Supply,
    event::Refusal,
    process::{Tool, find_tool},
    profile::{Implementation, Profile},
    provider::{ProviderError, ProviderName, usable},
};
use miette::Diagnostic;
use std::path::Path;

/// Every choice, and why better providers were not taken.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The choices.
    pub resolved: Resolved,
    /// Why every better provider was not taken.
    pub refused: Vec<Refusal>,
}

/// Chooses everything. With `auto` a provider is passed over if this machine cannot use it, or if nothing can be had for it:
/// charts come over a network. `there` is the provider that the sandbox has already.
pub async fn choose(
    sandbox: &str,
    home: &Path,
    profile: &Profile,
    there: Option<ProviderName>,
    supply: &Supply,
) -> Result<Chosen, ResolveError> {
    let candidates = provider::candidates(profile.cluster.provider, there);
    let mut refused = Vec::new();
    for provider in candidates.providers {
        match attempt(sandbox, home, profile, provider, supply).await {
            Ok(resolved) => return Ok(Chosen { resolved, refused }),
            Err(error) if candidates.auto && is_of_the_machine(&error) => refused.push(refusal(provider, &error)),
            Err(error) => return Err(error),
        }
    }
    let reasons: Vec<String> = refused.iter().map(|refusal| refusal.reason.clone()).collect();
    Err(ProviderError::Unusable { provider: "auto".to_owned(), reason: reasons.join("; ") }.into())
}

async fn attempt(
    sandbox: &str,
    home: &Path,
    profile: &Profile,
    provider: ProviderName,
    supply: &Supply,
) -> Result<Resolved, ResolveError> {
    let implementation = provider::implementation_on(provider, profile.gateway.implementation)
        .map_err(|refusal| unusable(provider, vec![refusal]))?;
    check_machine(provider, implementation).await?;
    wish::resolve(sandbox, home, profile, provider, implementation, supply).await
}

/// Everything that this machine lacks, told at once.
async fn check_machine(provider: ProviderName, implementation: Implementation) -> Result<(), ResolveError> {
    let helm = async {
        match implementation {
            Implementation::Real => find_tool(Tool::Helm).await.map(drop),
            Implementation::Reference => Ok(()),
        }
    };
    match tokio::join!(usable(provider), helm) {
        (Ok(()), Ok(())) => Ok(()),
        (Ok(()), Err(tool)) => Err(tool.into()),
        (Err(refusal), Ok(())) => Err(unusable(provider, vec![refusal])),
        (Err(refusal), Err(tool)) => {
            let helm = Refusal { provider: provider.to_string(), reason: tool.to_string(), id: id_of(&tool) };
            Err(unusable(provider, vec![refusal, helm]))
        }
    }
}

fn unusable(provider: ProviderName, refusals: Vec<Refusal>) -> ResolveError {
    let told = |refusal: Refusal| match refusal.id {
        Some(id) => format!("{} ({id})", refusal.reason),
        None => refusal.reason,
    };
    let reason = refusals.into_iter().map(told).collect::<Vec<_>>().join("; ");
    ProviderError::Unusable { provider: provider.to_string(), reason }.into()
}

/// Whether another provider may do better, in contrast to a wish that nobody can fulfil.
fn is_of_the_machine(error: &ResolveError) -> bool {
    match error {
        ResolveError::Provider(ProviderError::Unusable { .. }) | ResolveError::Tool(_) | ResolveError::Image(_) => true,
        ResolveError::Chart(error) => error.nobody_answers().is_some(),
        _ => false,
    }
}

fn refusal(provider: ProviderName, error: &ResolveError) -> Refusal {
    let (reason, id) = match error {
        // Its ids are in the reason already.
        ResolveError::Provider(ProviderError::Unusable { reason, .. }) => (reason.clone(), None),
        ResolveError::Chart(error) => {
            let first = error.nobody_answers().unwrap_or(error);
            (first.to_string(), id_of(first))
        }
        other => (other.to_string(), id_of(other)),
    };
    Refusal { provider: provider.to_string(), reason, id }
}

fn id_of(error: &dyn Diagnostic) -> Option<String> {
    error.code().map(|code| code.to_string())
}
