//! Which provider is taken, and why better ones were not.

use crate::{
    event::Refusal,
    profile::{Implementation, ProviderChoice},
    provider::{ProviderError, ProviderName, usable},
};

/// The provider that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// It.
    pub provider: ProviderName,
    /// Why every better one was not.
    pub refused: Vec<Refusal>,
}

/// Takes the provider that was named, or the best that this machine can use.
pub async fn choose(choice: ProviderChoice, implementation: Option<Implementation>) -> Result<Chosen, ProviderError> {
    let candidates = match choice {
        ProviderChoice::Auto => ProviderName::BY_PREFERENCE.to_vec(),
        ProviderChoice::Kind => vec![ProviderName::Kind],
        ProviderChoice::Orbstack => vec![ProviderName::Orbstack],
        ProviderChoice::Context => vec![ProviderName::Context],
        ProviderChoice::Standalone => vec![ProviderName::Standalone],
        ProviderChoice::Embedded => vec![ProviderName::Embedded],
    };
    let mut refused = Vec::new();
    for provider in candidates {
        let plays = plays(provider, implementation);
        match plays.and(usable(provider).await) {
            Ok(()) => return Ok(Chosen { provider, refused }),
            Err(refusal) => refused.push(refusal),
        }
    }
    let reasons: Vec<String> = refused.iter().map(|refusal| refusal.reason.clone()).collect();
    Err(ProviderError::Unusable { provider: choice.name().to_owned(), reason: reasons.join("; ") })
}

/// Whether a provider gets the gateway that is wanted. Where nodes run pods, only the reference gateway is installed, and only
/// if it is asked for: who wants the charts must not get something else in silence.
fn plays(provider: ProviderName, implementation: Option<Implementation>) -> Result<(), Refusal> {
    let refused = |reason: &str| {
        Err(Refusal { provider: provider.to_string(), reason: reason.to_owned(), id: Some("PROVIDER-02".to_owned()) })
    };
    match (provider, implementation) {
        (ProviderName::Kind | ProviderName::Context | ProviderName::Orbstack, Some(Implementation::Reference)) => {
            Ok(())
        }
        (ProviderName::Kind | ProviderName::Context | ProviderName::Orbstack, _) => {
            refused("this version installs only the reference gateway there (profile ci-reference)")
        }
        (ProviderName::Embedded, Some(Implementation::Real)) => refused("it has the reference gateway only"),
        _ => Ok(()),
    }
}
