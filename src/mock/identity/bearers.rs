//! The tokens of this provider, for mocks that are protected by it.

use super::issuer::Site;
use super::provider::{Provider, realm_or_first};
use super::verify::verify;
use crate::exchange::DEFAULT_AUDIENCE;
use crate::mock::mcp::{TokenFault, Tokens};
use futures_util::future::BoxFuture;
use std::sync::{Arc, OnceLock};

/// What is accepted where no identity provider runs beside the protected mock: what the vendors' mocks accept.
const KNOWN_TOKEN: &str = "sk-sandbox";

/// Where the identity provider of the process listens, once it does; clones share it.
#[derive(Debug, Clone, Default)]
pub(in crate::mock) struct Home(Arc<OnceLock<String>>);

impl Home {
    /// The origin of the listener; the first word counts.
    pub(in crate::mock) fn tell(&self, origin: &str) {
        // It is told once, by the start of the mocks.
        let _ = self.0.set(origin.to_owned());
    }
}

/// Who knows the tokens of the realm at the root.
pub(in crate::mock) struct Bearers {
    provider: Provider,
    home: Home,
}

impl Bearers {
    /// The tokens of a provider that listens, or will listen, at its home.
    pub(in crate::mock) fn new(provider: Provider, home: Home) -> Self {
        Self { provider, home }
    }

    fn site(&self) -> Option<Site> {
        let origin = self.home.0.get()?;
        Some(Site::at(&self.provider, origin, realm_or_first(None)))
    }
}

impl Tokens for Bearers {
    fn issuer(&self) -> Option<String> {
        self.site().map(|site| site.issuer)
    }

    fn check<'a>(&'a self, token: &'a str, resource: &'a str) -> BoxFuture<'a, Result<(), TokenFault>> {
        Box::pin(async move {
            let Some(site) = self.site() else {
                let is_known = token == KNOWN_TOKEN;
                return if is_known { Ok(()) } else { Err(TokenFault::Invalid("the token is not known".to_owned())) };
            };
            let mut why = None;
            for audience in [resource, DEFAULT_AUDIENCE] {
                match verify(&self.provider, &site, token, Some(audience)).await {
                    Ok(verdict) if verdict.good => return Ok(()),
                    Ok(verdict) => why = verdict.why,
                    Err(error) => why = Some(error.to_string()),
                }
            }
            Err(TokenFault::Invalid(why.unwrap_or_default()))
        })
    }
}
