//! What goes into the image of our own executable.

use super::{
    Elf, ImageError, certificates,
    digests::Digests,
    libraries::{SearchPath, libraries_of},
    read_elf,
};
use ring::digest::{Context, SHA256, digest};
use std::path::{Path, PathBuf};

/// Where the executable is in the image.
pub(super) const EXECUTABLE: &str = "agw-sandbox";
/// Where libraries are in the image.
pub(super) const LIBRARIES: &str = "lib/agw-sandbox";
const CERTIFICATES: &str = "etc/ssl/certs/ca-certificates.crt";
/// Stands for the certificates in the hash where they are new each time.
const NOBODY: &[u8] = b"a certificate of nobody";

/// A file in the image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Packed {
    /// Its path in the image, without the first `/`.
    pub path: String,
    /// Its mode.
    pub mode: u32,
    /// What it holds.
    pub source: Source,
}

/// What a packed file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// What a file of this machine holds.
    File(PathBuf),
    /// These bytes.
    Bytes(Vec<u8>),
}

/// All that goes into the image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Contents {
    /// Files, by path.
    pub files: Vec<Packed>,
    /// `amd64` or `arm64`.
    pub architecture: &'static str,
    /// Whether the executable needs the packed libraries.
    pub dynamic: bool,
    /// SHA-256 over all files, in hex.
    pub sha256: String,
}

impl Contents {
    /// What an image of this executable holds: the executable, its loader and libraries if it is dynamic, certificates.
    /// Reads what is not known by its digest.
    pub fn of(executable: &Path, search: &SearchPath, mut known: Digests) -> Result<Self, ImageError> {
        let not_for_images = |why| ImageError::NotForImages { executable: executable.to_owned(), why };
        let elf = read_elf(executable).map_err(not_for_images)?;
        let architecture = elf.architecture().ok_or_else(|| {
            not_for_images(format!("images are made for x86-64 and AArch64, it is for machine {}", elf.machine))
        })?;
        let mut files = vec![file(EXECUTABLE, 0o755, executable)];
        if !elf.is_static() {
            files.extend(what_it_needs(executable, &elf, search)?);
        }
        // The C library asks DNS first unless it is told otherwise; `/etc/hosts` is for the names that Docker gives.
        files.push(bytes("etc/nsswitch.conf", b"hosts: files dns\n".to_vec()));
        files.push(bytes("etc/passwd", b"sandbox:x:10101:10101::/tmp:/\n".to_vec()));
        let bundle = certificates::of_this_machine();
        let hashed = bundle.clone().unwrap_or_else(|| NOBODY.to_vec());
        files.push(bytes(CERTIFICATES, hashed));
        files.sort_by(|one, other| one.path.cmp(&other.path));
        let sha256 = hash(&files, &mut known)?;
        known.keep();
        let mut contents = Self { files, architecture, dynamic: !elf.is_static(), sha256 };
        if bundle.is_none() {
            let nobody = certificates::of_nobody().unwrap_or_default();
            contents.replace(CERTIFICATES, Source::Bytes(nobody));
        }
        Ok(contents)
    }

    /// The same with the executable from another file, a stripped copy: the hash stays that of the original.
    pub fn with_executable(mut self, executable: PathBuf) -> Self {
        self.replace(EXECUTABLE, Source::File(executable));
        self
    }

    fn replace(&mut self, path: &str, source: Source) {
        if let Some(packed) = self.files.iter_mut().find(|packed| packed.path == path) {
            packed.source = source;
        }
    }
}

fn what_it_needs(executable: &Path, elf: &Elf, search: &SearchPath) -> Result<Vec<Packed>, ImageError> {
    let mut files: Vec<Packed> = libraries_of(executable, elf, search)?
        .iter()
        .map(|library| file(&format!("{LIBRARIES}/{}", library.name), 0o755, &library.path))
        .collect();
    if let Some(loader) = &elf.interpreter {
        if !loader.starts_with('/') || loader.split('/').any(|part| part == "..") {
            let why = format!("its loader is {loader}");
            return Err(ImageError::NotForImages { executable: executable.to_owned(), why });
        }
        files.push(file(loader.trim_start_matches('/'), 0o755, Path::new(loader)));
    }
    Ok(files)
}

fn file(path: &str, mode: u32, source: &Path) -> Packed {
    Packed { path: path.to_owned(), mode, source: Source::File(source.to_owned()) }
}

fn bytes(path: &str, bytes: Vec<u8>) -> Packed {
    Packed { path: path.to_owned(), mode: 0o644, source: Source::Bytes(bytes) }
}

/// The hash over names, modes and the digests of what the files hold.
fn hash(files: &[Packed], known: &mut Digests) -> Result<String, ImageError> {
    let mut all = Context::new(&SHA256);
    for packed in files {
        let held = match &packed.source {
            Source::Bytes(bytes) => hex::encode(digest(&SHA256, bytes)),
            Source::File(path) => known.of(path).map_err(|source| ImageError::Pack { path: path.clone(), source })?,
        };
        all.update(format!("{} {:o} {held}\n", packed.path, packed.mode).as_bytes());
    }
    Ok(hex::encode(all.finish()))
}
