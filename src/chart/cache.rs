//! Downloads, kept under what they are; and under which names they were found.

use super::{ChartError, Digest};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Largest content that is kept, in bytes.
pub(super) const LARGEST: u64 = 64 << 20;

/// A folder of verified content. Several processes may use it at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache {
    folder: PathBuf,
}

/// What is in a cache.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CacheStatus {
    /// Where it is.
    pub folder: PathBuf,
    /// How many contents.
    pub count: usize,
    /// Their bytes together.
    pub bytes: u64,
    /// Names with the digests that they led to, in order.
    pub names: Vec<(String, Digest)>,
}

/// What was removed from a cache, or left for it to be safe.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Pruned {
    /// How many contents were removed.
    pub count: usize,
    /// Their bytes together.
    pub bytes: u64,
}

/// What a name led to when it was last looked up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Remembered {
    name: String,
    digest: Digest,
}

impl Cache {
    /// The cache in a folder, which is made when something is put into it.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The file of some content; it need not exist.
    pub fn file(&self, digest: &Digest) -> PathBuf {
        self.folder.join("sha256").join(digest.digits())
    }

    /// The content, if it is there and undamaged. Damaged content is removed.
    pub fn get(&self, digest: &Digest) -> Result<Option<Vec<u8>>, ChartError> {
        let file = self.file(digest);
        let content = match fs::read(&file) {
            Ok(content) => content,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(ChartError::Cache { path: file, source }),
        };
        if Digest::of(&content) != *digest {
            fs::remove_file(&file).map_err(|source| ChartError::Cache { path: file, source })?;
            return Ok(None);
        }
        // Pruning goes by the last use; a cache that cannot be written still serves.
        let _ = fs::File::options().append(true).open(&file).and_then(|file| file.set_modified(SystemTime::now()));
        Ok(Some(content))
    }

    /// Keeps content; it is there as a whole or not at all, whatever happens meanwhile.
    pub fn put(&self, content: &[u8]) -> Result<Digest, ChartError> {
        let digest = Digest::of(content);
        let file = self.file(&digest);
        self.write(&file, content).map_err(|source| ChartError::Cache { path: file, source })?;
        Ok(digest)
    }

    fn write(&self, file: &Path, content: &[u8]) -> io::Result<()> {
        let folder = file.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder)?;
        let mut draft = tempfile::NamedTempFile::with_prefix_in(".draft-", folder)?;
        draft.write_all(content)?;
        draft.as_file().sync_data()?;
        draft.persist(file)?;
        Ok(())
    }

    /// Remembers what a name led to.
    pub fn remember(&self, name: &str, digest: &Digest) -> Result<(), ChartError> {
        let file = self.name_file(name);
        let entry = Remembered { name: name.to_owned(), digest: digest.clone() };
        let text = serde_json::to_vec(&entry).unwrap_or_default();
        self.write(&file, &text).map_err(|source| ChartError::Cache { path: file, source })
    }

    /// What a name led to, if that content is still there.
    pub fn recall(&self, name: &str) -> Option<Digest> {
        let entry = read_name(&self.name_file(name))?;
        (entry.name == name && self.file(&entry.digest).exists()).then_some(entry.digest)
    }

    fn name_file(&self, name: &str) -> PathBuf {
        self.folder.join("names").join(format!("{}.json", Digest::of(name.as_bytes()).digits()))
    }

    /// What is there.
    pub fn status(&self) -> Result<CacheStatus, ChartError> {
        let mut status = CacheStatus { folder: self.folder.clone(), ..CacheStatus::default() };
        for (_, meta) in self.entries("sha256")? {
            status.count += 1;
            status.bytes += meta.len();
        }
        let names = self.entries("names")?;
        status.names = names.iter().filter_map(|(file, _)| read_name(file)).map(|one| (one.name, one.digest)).collect();
        status.names.sort();
        Ok(status)
    }

    /// Removes what was not used for some time, names that lead nowhere, and drafts that were left behind.
    pub fn prune(&self, unused_for: Duration) -> Result<Pruned, ChartError> {
        let mut pruned = Pruned::default();
        let now = SystemTime::now();
        for (file, meta) in self.entries("sha256")? {
            let age = meta.modified().ok().and_then(|used| now.duration_since(used).ok()).unwrap_or_default();
            if age < unused_for {
                continue;
            }
            fs::remove_file(&file).map_err(|source| ChartError::Cache { path: file, source })?;
            pruned.count += 1;
            pruned.bytes += meta.len();
        }
        for (file, _) in self.entries("names")? {
            if read_name(&file).is_none_or(|entry| !self.file(&entry.digest).exists()) {
                fs::remove_file(&file).map_err(|source| ChartError::Cache { path: file, source })?;
            }
        }
        Ok(pruned)
    }

    fn entries(&self, below: &str) -> Result<Vec<(PathBuf, fs::Metadata)>, ChartError> {
        let folder = self.folder.join(below);
        let failed = |source| ChartError::Cache { path: folder.clone(), source };
        let listed = match fs::read_dir(&folder) {
            Ok(listed) => listed,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(failed(source)),
        };
        let mut found = Vec::new();
        for entry in listed {
            let entry = entry.map_err(failed)?;
            // Another process may have pruned it meanwhile.
            let Ok(meta) = entry.metadata() else { continue };
            if meta.is_file() {
                found.push((entry.path(), meta));
            }
        }
        Ok(found)
    }
}

fn read_name(file: &Path) -> Option<Remembered> {
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::Cache;
    use crate::chart::Digest;
    use std::time::Duration;

    #[test]
    fn content_comes_back_as_it_was_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path().join("cache"));
        assert_eq!(cache.get(&Digest::of(b"x")).unwrap(), None);
        let digest = cache.put(b"content").unwrap();
        assert_eq!(cache.get(&digest).unwrap().as_deref(), Some(b"content".as_slice()));
        std::fs::write(cache.file(&digest), b"conten").unwrap();
        assert_eq!(cache.get(&digest).unwrap(), None);
        assert!(!cache.file(&digest).exists());
    }

    #[test]
    fn what_is_used_stays() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path());
        let digest = cache.put(b"content").unwrap();
        cache.remember("chart x 1", &digest).unwrap();
        assert_eq!(cache.recall("chart x 1"), Some(digest.clone()));
        assert_eq!(cache.prune(Duration::from_secs(60)).unwrap().count, 0);
        let status = cache.status().unwrap();
        assert_eq!((status.count, status.bytes, status.names.len()), (1, 7, 1));
        assert_eq!(cache.prune(Duration::ZERO).unwrap().bytes, 7);
        assert_eq!(cache.recall("chart x 1"), None);
        assert!(cache.status().unwrap().names.is_empty());
    }
}
