//! Where downloads and what was computed once are kept, over all sandboxes.

use etcetera::BaseStrategy;
use std::path::PathBuf;

/// `AGW_SANDBOX_CACHE`, otherwise `agw-sandbox` in the XDG cache directory (on macOS too). `None`: nobody knows where home
/// is. Everything in it can be made again.
pub fn cache_folder() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("AGW_SANDBOX_CACHE").filter(|path| !path.is_empty()) {
        return Some(std::path::absolute(&path).unwrap_or_else(|_| PathBuf::from(path)));
    }
    Some(etcetera::base_strategy::Xdg::new().ok()?.cache_dir().join("agw-sandbox"))
}
