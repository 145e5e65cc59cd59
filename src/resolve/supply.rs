//! How charts, images and definitions are reached: mirrors, proxies, certificates, credentials, and the cache.

use super::ResolveError;
use crate::{
    chart::{Logins, Mirror, Mirrors, Network, Supply, SupplyOptions},
    process::cache_folder,
    profile::{MirrorWish, SupplyWish},
};

/// The variable with mirrors over those of the profile, in the same form on one line.
pub const MIRRORS_VARIABLE: &str = "AGW_SANDBOX_MIRRORS";

/// Supply as the profile and the environment arrange it. Nobody is asked yet.
pub fn supply_of(wish: &SupplyWish) -> Result<Supply, ResolveError> {
    let cache = cache_folder().ok_or(ResolveError::NoCache)?;
    let profile = Mirrors::of(wish.mirrors.iter().map(|(key, mirror)| (key.clone(), mirror_of(mirror))));
    let mirrors = profile.with(mirrors_from_env()?);
    let network = Network::from_env().trusting(&wish.certificates)?;
    Ok(Supply::new(SupplyOptions { cache, mirrors, network, logins: Logins::from_env() }))
}

fn mirror_of(wish: &MirrorWish) -> Mirror {
    Mirror { host: wish.host.clone(), cluster: wish.cluster.clone(), folder: wish.folder.clone() }
}

fn mirrors_from_env() -> Result<Mirrors, ResolveError> {
    match std::env::var(MIRRORS_VARIABLE) {
        Ok(text) if !text.trim().is_empty() => {
            Mirrors::parse(&text).map_err(|why| ResolveError::Mirrors { variable: MIRRORS_VARIABLE, why })
        }
        _ => Ok(Mirrors::default()),
    }
}
