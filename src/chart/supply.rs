//! Where everything that is not ours comes from: registries, URLs and folders, through mirrors and one cache.

use super::registry::Registries;
use super::{Cache, Chart, ChartError, ChartSource, Digest, Logins, Mirrors, Network, PinnedChart, Reference, archive};
use std::fmt;
use std::path::{Path, PathBuf};
use tokio::sync::OnceCell;

/// How supply is arranged.
#[derive(Debug, Clone)]
pub struct SupplyOptions {
    /// Folder of the cache.
    pub cache: PathBuf,
    /// Other places for registries and URLs.
    pub mirrors: Mirrors,
    /// Certificates and proxies.
    pub network: Network,
    /// Stored credentials.
    pub logins: Logins,
}

/// Where charts, images and bundles come from. Nothing is created anywhere but in the cache.
pub struct Supply {
    pub(super) cache: Cache,
    pub(super) registries: Registries,
    network: Network,
    http: OnceCell<reqwest::Client>,
}

impl fmt::Debug for Supply {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Supply").field("network", &self.network).finish_non_exhaustive()
    }
}

impl Supply {
    /// Asks nobody yet.
    pub fn new(options: SupplyOptions) -> Self {
        Self {
            cache: Cache::at(options.cache),
            registries: Registries::new(options.network.clone(), options.logins, options.mirrors),
            network: options.network,
            http: OnceCell::new(),
        }
    }

    /// The cache.
    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// The mirrors.
    pub fn mirrors(&self) -> &Mirrors {
        self.registries.mirrors()
    }

    /// The client for URLs.
    pub(super) async fn http(&self) -> Result<&reqwest::Client, ChartError> {
        self.http.get_or_try_init(|| async { self.network.http() }).await
    }

    /// The chart that was pinned, from the cache or from where it was found. CHART-08 if it is another one by now.
    pub async fn chart(&self, pinned: &PinnedChart) -> Result<Chart, ChartError> {
        let what = format!("chart {}", pinned.source);
        let packed = match self.cache.get(&pinned.digest)? {
            Some(packed) => packed,
            None => self.fetch(pinned, &what).await?,
        };
        Chart::read(&packed, &self.cache.file(&pinned.digest), &what)
    }

    async fn fetch(&self, pinned: &PinnedChart, what: &str) -> Result<Vec<u8>, ChartError> {
        let packed = match ChartSource::parse(&pinned.source)? {
            ChartSource::Path(path) => read_packed(&path)?,
            ChartSource::Registry(reference) => match self.in_folder(&reference)? {
                Some((_, packed)) => packed,
                None => self.blob(&reference, &pinned.digest, what).await?,
            },
        };
        let got = self.cache.put(&packed)?;
        match got == pinned.digest {
            true => Ok(packed),
            false => Err(ChartError::WrongDigest { what: what.to_owned(), wanted: pinned.digest.clone(), got }),
        }
    }

    async fn blob(&self, reference: &Reference, digest: &Digest, what: &str) -> Result<Vec<u8>, ChartError> {
        let asked = self.registries.blob(reference, digest, archive::LARGEST_PACKED).await;
        asked.map_err(|refusal| refusal.into_error(&self.registries.asked(reference), what))
    }

    /// The chart in the folder that mirrors its registry, under either spelling of its version; `None` where no folder
    /// does. CHART-11 if it is not in it.
    pub(super) fn in_folder(&self, reference: &Reference) -> Result<Option<(String, Vec<u8>)>, ChartError> {
        let Some((folder, rest)) = self.mirrors().folder_for(&reference.registry, &reference.repository) else {
            return Ok(None);
        };
        let tag = reference.tag.clone().unwrap_or_default();
        let spellings = [Some(tag.clone()), super::nearest::other_spelling(&tag)];
        for spelling in spellings.into_iter().flatten() {
            let file = folder.join(format!("{rest}-{spelling}.tgz"));
            if file.is_file() {
                return Ok(Some((spelling, read_packed(&file)?)));
            }
        }
        let file = folder.join(format!("{rest}-{tag}.tgz"));
        Err(ChartError::NotInFolder { what: format!("chart oci://{reference}"), file })
    }
}

/// A packed chart, or the folder of one packed.
pub(super) fn read_packed(path: &Path) -> Result<Vec<u8>, ChartError> {
    let unreadable = |source| ChartError::Unreadable { path: path.to_owned(), source };
    if path.is_dir() {
        return archive::pack(path);
    }
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > archive::LARGEST_PACKED as u64 {
        let reason = format!("it has {} MB", size / 1_000_000);
        return Err(ChartError::NotAChart { what: path.display().to_string(), reason });
    }
    std::fs::read(path).map_err(unreadable)
}
