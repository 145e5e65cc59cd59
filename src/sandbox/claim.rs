//! Who may work on a sandbox now. The operating system gives the claim back when its holder dies.

use super::{Home, Sandbox, SandboxError};
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::PathBuf,
};

/// The right to work on a sandbox; given back when it is dropped. It is kept beside the sandbox's state, so that a run
/// that changes nothing leaves that state as it was.
#[derive(Debug)]
pub struct Claim {
    path: PathBuf,
    _file: File,
}

impl Claim {
    /// Takes the claim, or says who holds it. Does not wait.
    pub fn take(home: &Home, sandbox: &Sandbox) -> Result<Self, SandboxError> {
        let failed = |source| SandboxError::State { path: home.path().to_owned(), source };
        fs::create_dir_all(home.path()).map_err(failed)?;
        let path = home.path().join(format!(".{}.claim", sandbox.name));
        loop {
            let open = OpenOptions::new().create(true).read(true).write(true).truncate(false).open(&path);
            let mut file = open.map_err(failed)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    let mut holder = String::new();
                    // Its name is a courtesy; who holds the lock was proved by the lock.
                    let _ = file.read_to_string(&mut holder);
                    let holder = if holder.is_empty() { "a process that has just begun".to_owned() } else { holder };
                    return Err(SandboxError::Held { name: sandbox.name.to_string(), holder });
                }
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
            // The holder before us may have removed the file between our open and our lock.
            if same_file(&file, &path) {
                let text = format!("process {}, since {}", std::process::id(), jiff::Timestamp::now());
                file.rewind()
                    .and_then(|()| file.set_len(0))
                    .and_then(|()| file.write_all(text.as_bytes()))
                    .map_err(failed)?;
                return Ok(Self { path, _file: file });
            }
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // The lock goes with the file; a leftover file without a lock is no claim.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(unix)]
fn same_file(file: &File, path: &PathBuf) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(open), Ok(named)) = (file.metadata(), fs::metadata(path)) else { return false };
    open.ino() == named.ino() && open.dev() == named.dev()
}

#[cfg(not(unix))]
fn same_file(_file: &File, path: &PathBuf) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_held_by_one_and_given_back() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        let sandbox = home.sandbox("default".parse().unwrap());
        let claim = Claim::take(&home, &sandbox).unwrap();
        let refused = Claim::take(&home, &sandbox).unwrap_err();
        assert!(refused.to_string().contains(&format!("process {}", std::process::id())), "{refused}");
        drop(claim);
        Claim::take(&home, &sandbox).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
