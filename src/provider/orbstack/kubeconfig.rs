//! Where OrbStack says how its cluster is reached. Source: `facts/lifecycle.md` D.5.

use std::path::PathBuf;

/// The context of OrbStack's cluster.
pub const CONTEXT: &str = "orbstack";

/// OrbStack's own kubeconfig, which it also merges into the user's.
pub fn kubeconfig() -> Option<PathBuf> {
    let home = std::env::var_os("HOME").filter(|home| !home.is_empty())?;
    Some(PathBuf::from(home).join(".orbstack/k8s/config.yml"))
}
