//! Where the state of sandboxes is.

use super::{SandboxError, SandboxName};
use etcetera::BaseStrategy;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The directory of all sandboxes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home(PathBuf);

impl Home {
    /// `AGW_SANDBOX_HOME`, otherwise `agw-sandbox` in the XDG state directory (on macOS too).
    pub fn find() -> Result<Self, SandboxError> {
        if let Some(path) = std::env::var_os("AGW_SANDBOX_HOME").filter(|path| !path.is_empty()) {
            let path = std::path::absolute(&path).unwrap_or_else(|_| PathBuf::from(path));
            return Ok(Self(path));
        }
        let base = etcetera::base_strategy::Xdg::new().map_err(|_| SandboxError::NoHome)?;
        base.state_dir().map(|state| Self(state.join("agw-sandbox"))).ok_or(SandboxError::NoHome)
    }

    /// A directory of the caller's choice.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The directory itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Takes the directory away if it is empty.
    pub fn leave_if_empty(&self) {
        // Another sandbox in it is the usual reason why not.
        let _ = fs::remove_dir(&self.0);
    }

    /// A sandbox in it, there or not.
    pub fn sandbox(&self, name: SandboxName) -> Sandbox {
        let path = self.0.join(name.as_str());
        Sandbox { name, path }
    }

    /// All sandboxes that have a state, by name.
    pub fn sandboxes(&self) -> Vec<Sandbox> {
        let entries = fs::read_dir(&self.0).into_iter().flatten().flatten();
        let names =
            entries.filter(|entry| entry.path().is_dir()).filter_map(|entry| entry.file_name().into_string().ok());
        let mut found: Vec<Sandbox> =
            names.filter_map(|name| name.parse().ok()).map(|name| self.sandbox(name)).collect();
        found.sort_by(|one, other| one.name.cmp(&other.name));
        found
    }
}

/// One sandbox and its state directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sandbox {
    /// Its name.
    pub name: SandboxName,
    /// Its state directory.
    pub path: PathBuf,
}

impl Sandbox {
    /// Makes the state directory, for the user's eyes only. Returns whether it had to be made.
    pub fn make(&self) -> Result<bool, SandboxError> {
        let failed = |source| SandboxError::State { path: self.path.clone(), source };
        if self.path.is_dir() {
            probe(&self.path).map_err(failed)?;
            return Ok(false);
        }
        fs::create_dir_all(&self.path).map_err(failed)?;
        restrict(&self.path).map_err(failed)?;
        Ok(true)
    }

    /// Takes the state directory away.
    pub fn erase(&self) -> Result<(), SandboxError> {
        match fs::remove_dir_all(&self.path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(SandboxError::State { path: self.path.clone(), source })
            }
            _ => Ok(()),
        }
    }

    /// The option that names it in a command: empty for the default one.
    pub fn option(&self) -> String {
        if self.name.as_str() == "default" { String::new() } else { format!(" --sandbox {}", self.name) }
    }

    /// The error that it is not up.
    pub fn not_up(&self) -> SandboxError {
        SandboxError::NotUp { name: self.name.to_string(), option: self.option() }
    }
}

/// Whether files can be made in a directory.
fn probe(path: &Path) -> io::Result<()> {
    tempfile::Builder::new().prefix(".probe").tempfile_in(path).map(drop)
}

#[cfg(unix)]
fn restrict(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn restrict(_path: &Path) -> io::Result<()> {
    Ok(())
}
