//! SHA-256 of files that were read before: an executable of a debug build has 150 MB, and each run asks for its digest.

use ring::digest::{Context, SHA256, digest};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs::{File, Metadata},
    io::{self, Read, Write},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

/// Files that are remembered; the oldest in order of name go first.
const MOST: usize = 256;
/// The largest memory that is read, in bytes.
const LARGEST: u64 = 1 << 20;
/// A file that was changed more recently may change again under the same time.
const SETTLED: Duration = Duration::from_secs(2);
/// Size of the pieces in which a file is read, in bytes.
const PIECE: usize = 1 << 18;

/// Digests of files, kept in a file of their own. One that is damaged, or cannot be written, costs time and nothing else.
pub(super) struct Digests {
    file: Option<PathBuf>,
    known: BTreeMap<String, Known>,
    learned: bool,
}

/// What is known of a file: its digest, and a seal over both, so that a damaged entry is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    state: State,
    sha256: String,
    seal: String,
}

/// All by which a change of a file is seen without reading it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    bytes: u64,
    modified_seconds: i64,
    modified_nanoseconds: i64,
    device: u64,
    inode: u64,
}

impl Digests {
    /// Those that a file remembers; `None` remembers nothing.
    pub(super) fn at(file: Option<PathBuf>) -> Self {
        let known = file.as_deref().and_then(read).unwrap_or_default();
        Self { file, known, learned: false }
    }

    /// The digest of a file in hex. It is read unless it is known as it is.
    pub(super) fn of(&mut self, path: &Path) -> io::Result<String> {
        let name = path.to_string_lossy().into_owned();
        let state = State::of(&path.metadata()?);
        if let Some(known) = self.known.get(&name)
            && known.state == state
            && known.seal == seal(&name, &state, &known.sha256)
        {
            return Ok(known.sha256.clone());
        }
        let sha256 = read_through(path)?;
        if State::of(&path.metadata()?) == state && state.is_settled() {
            let seal = seal(&name, &state, &sha256);
            self.known.insert(name, Known { state, sha256: sha256.clone(), seal });
            self.learned = true;
        }
        Ok(sha256)
    }

    /// Keeps what was learned, as a whole or not at all.
    pub(super) fn keep(mut self) {
        while self.known.len() > MOST {
            self.known.pop_first();
        }
        if let Some(file) = self.file.as_deref().filter(|_| self.learned) {
            // The next run reads the files again.
            let _ = write(file, &self.known);
        }
    }
}

impl State {
    fn of(file: &Metadata) -> Self {
        Self {
            bytes: file.len(),
            modified_seconds: file.mtime(),
            modified_nanoseconds: file.mtime_nsec(),
            device: file.dev(),
            inode: file.ino(),
        }
    }

    fn is_settled(&self) -> bool {
        let modified = u64::try_from(self.modified_seconds).unwrap_or_default();
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Duration::from_secs(modified) + SETTLED < now
    }
}

fn seal(name: &str, state: &State, sha256: &str) -> String {
    let said = format!("{name}\n{state:?}\n{sha256}");
    hex::encode(&digest(&SHA256, said.as_bytes()).as_ref()[..8])
}

fn read(file: &Path) -> Option<BTreeMap<String, Known>> {
    let mut text = Vec::new();
    File::open(file).ok()?.take(LARGEST).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

fn write(file: &Path, known: &BTreeMap<String, Known>) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut draft = tempfile::NamedTempFile::with_prefix_in(".draft-", folder)?;
    draft.write_all(&serde_json::to_vec_pretty(known)?)?;
    draft.persist(file)?;
    Ok(())
}

fn read_through(path: &Path) -> io::Result<String> {
    let (mut file, mut digest) = (File::open(path)?, Context::new(&SHA256));
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hex::encode(digest.finish())),
            read => digest.update(&piece[..read]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(path: &Path, text: &str, seconds_ago: u64) {
        std::fs::write(path, text).unwrap();
        let then = SystemTime::now() - Duration::from_secs(seconds_ago);
        File::options().append(true).open(path).unwrap().set_modified(then).unwrap();
    }

    fn asked(memory: &Path, path: &Path) -> (String, bool) {
        let mut digests = Digests::at(Some(memory.to_owned()));
        let digest = digests.of(path).unwrap();
        let learned = digests.learned;
        digests.keep();
        (digest, learned)
    }

    #[test]
    fn a_file_is_read_once_as_long_as_it_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let (memory, file) = (folder.path().join("cache/digests.json"), folder.path().join("file"));
        written(&file, "one", 60);
        let (first, learned) = asked(&memory, &file);
        assert!(learned);
        assert_eq!(asked(&memory, &file), (first.clone(), false));
        written(&file, "two", 50);
        let (second, learned) = asked(&memory, &file);
        assert!(learned && second != first);
    }

    #[test]
    fn what_is_new_or_damaged_is_not_believed() {
        let folder = tempfile::tempdir().unwrap();
        let (memory, file) = (folder.path().join("digests.json"), folder.path().join("file"));
        written(&file, "one", 0);
        assert!(!asked(&memory, &file).1, "it may change again under the same time");
        written(&file, "one", 60);
        let (right, _) = asked(&memory, &file);
        let text = std::fs::read_to_string(&memory).unwrap();
        std::fs::write(&memory, text.replace(&right, &"0".repeat(64))).unwrap();
        assert_eq!(asked(&memory, &file), (right.clone(), true), "a wrong digest under the right state");
        std::fs::write(&memory, "{").unwrap();
        assert_eq!(asked(&memory, &file), (right, true));
    }
}
