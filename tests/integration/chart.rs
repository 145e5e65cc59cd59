//! Charts: from a registry into a cluster. What needs Docker and Helm runs with `AGW_REAL=1`.

mod bundle;
mod faults;
mod helm;
mod interrupted;
mod network;
mod supply;

use agw_sandbox::chart::{Logins, Mirrors, Network, Supply, SupplyOptions};
use miette::Diagnostic;
use std::path::Path;

/// Supply with a cache in a folder and without credentials.
fn supply(cache: &Path, mirrors: Mirrors) -> Supply {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (network, logins) = (Network::default(), Logins::default());
    Supply::new(SupplyOptions { cache: cache.to_owned(), mirrors, network, logins })
}

/// Id, message and help of an error, as a person reads them.
fn told(error: &dyn Diagnostic) -> String {
    let id = error.code().map(|code| code.to_string()).unwrap_or_default();
    let help = error.help().map(|help| help.to_string()).unwrap_or_default();
    let related = error.related().into_iter().flatten().map(told).collect::<Vec<_>>().join("\n");
    format!("{id}: {error}\n{help}\n{related}")
}
