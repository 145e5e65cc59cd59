//! Which providers come into question, the best first.

use crate::{
    event::Refusal,
    profile::{Implementation, ProviderChoice},
    provider::ProviderName,
};

/// Providers to try in order; with `auto` the first that can be used and supplied is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidates {
    /// They, the best first.
    pub providers: Vec<ProviderName>,
    /// Whether the next one is tried where one cannot be used.
    pub auto: bool,
}

/// The provider that was named; with `auto` the one that the sandbox has already, else every one by preference.
pub fn candidates(choice: ProviderChoice, there: Option<ProviderName>) -> Candidates {
    let one = |provider| Candidates { providers: vec![provider], auto: false };
    match (choice, there) {
        (ProviderChoice::Auto, Some(there)) => one(there),
        (ProviderChoice::Auto, None) => Candidates { providers: ProviderName::BY_PREFERENCE.to_vec(), auto: true },
        (ProviderChoice::Kind, _) => one(ProviderName::Kind),
        (ProviderChoice::Orbstack, _) => one(ProviderName::Orbstack),
        (ProviderChoice::Context, _) => one(ProviderName::Context),
        (ProviderChoice::Standalone, _) => one(ProviderName::Standalone),
        (ProviderChoice::Embedded, _) => one(ProviderName::Embedded),
    }
}

/// Who plays the release on a provider: the charts where there are nodes, unless the reference gateway is asked for.
pub fn implementation_on(provider: ProviderName, wanted: Option<Implementation>) -> Result<Implementation, Refusal> {
    match (provider, wanted) {
        (ProviderName::Embedded, Some(Implementation::Real)) => Err(Refusal {
            provider: provider.to_string(),
            reason: "it has the reference gateway only".to_owned(),
            id: Some("PROVIDER-02".to_owned()),
        }),
        (ProviderName::Embedded, _) => Ok(Implementation::Reference),
        (_, wanted) => Ok(wanted.unwrap_or(Implementation::Real)),
    }
}
