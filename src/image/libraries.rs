//! All libraries that a dynamic executable needs, found as its loader would find them.

use super::{Elf, ImageError, read_elf};
use std::{
    collections::{BTreeMap, VecDeque},
    fs,
    path::{Path, PathBuf},
};

/// More libraries than any build of agw-sandbox needs; what needs more is not packed.
const MOST_LIBRARIES: usize = 64;
/// Files of `ld.so.conf` that are followed.
const MOST_CONFIGURED: usize = 256;
/// Where loaders look without being told, with the folders that distributions use beside them.
const USUAL: &[&str] = &[
    "/lib64",
    "/usr/lib64",
    "/lib",
    "/usr/lib",
    "/usr/local/lib",
    "/lib/x86_64-linux-gnu",
    "/usr/lib/x86_64-linux-gnu",
    "/lib/aarch64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
];
/// What the C library opens by itself to look up names; without them a glibc before 2.34 resolves nothing.
const OPENED_LATER: &[&str] = &["libnss_files.so.2", "libnss_dns.so.2", "libresolv.so.2"];

/// A library and where it was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Library {
    /// The name by which it is asked for.
    pub name: String,
    /// The file.
    pub path: PathBuf,
}

/// Folders that are looked through after those that the file itself names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SearchPath(pub Vec<PathBuf>);

impl SearchPath {
    /// `LD_LIBRARY_PATH`, the folders of `/etc/ld.so.conf`, the usual ones.
    pub fn of_this_machine() -> Self {
        let said = std::env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
        let mut folders: Vec<PathBuf> = std::env::split_paths(&said).filter(|folder| folder.is_absolute()).collect();
        folders.extend(configured(Path::new("/etc")));
        folders.extend(USUAL.iter().map(PathBuf::from));
        Self(folders)
    }
}

/// The folders of `ld.so.conf` and of what it includes; of includes only `ld.so.conf.d/*.conf` is in use.
fn configured(etc: &Path) -> Vec<PathBuf> {
    let mut files = vec![etc.join("ld.so.conf")];
    let entries = fs::read_dir(etc.join("ld.so.conf.d")).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut included: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|ending| ending == "conf")).take(MOST_CONFIGURED).collect();
    included.sort();
    files.append(&mut included);
    let texts = files.iter().filter_map(|file| fs::read_to_string(file).ok());
    let lines = texts.flat_map(|text| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>());
    lines.filter(|line| line.starts_with('/')).map(PathBuf::from).collect()
}

/// All libraries that an executable needs, by name; the loader is not among them. IMAGE-03 names one that is missing.
pub(super) fn libraries_of(executable: &Path, own: &Elf, search: &SearchPath) -> Result<Vec<Library>, ImageError> {
    let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut asked: VecDeque<(String, PathBuf, Vec<String>)> = needs(executable, own);
    while let Some((name, by, run_path)) = asked.pop_front() {
        if found.contains_key(&name) || is_loader(&name, own) {
            continue;
        }
        let folders = run_path.iter().filter_map(|folder| expand(folder, &by)).chain(search.0.iter().cloned());
        let Some((path, elf)) = first_fitting(&name, folders, own) else {
            return Err(ImageError::NoLibrary { library: name, needed_by: by });
        };
        asked.extend(needs(&path, &elf));
        found.insert(name, path);
        if found.len() > MOST_LIBRARIES {
            return Err(ImageError::TooMany { executable: executable.to_owned(), most: MOST_LIBRARIES });
        }
    }
    add_opened_later(&mut found, own);
    Ok(found.into_iter().map(|(name, path)| Library { name, path }).collect())
}

fn needs(path: &Path, elf: &Elf) -> VecDeque<(String, PathBuf, Vec<String>)> {
    elf.needed.iter().map(|name| (name.clone(), path.to_owned(), elf.run_path.clone())).collect()
}

/// The loader is packed under its own path, and asked for as a library too.
fn is_loader(name: &str, own: &Elf) -> bool {
    own.interpreter.as_deref().is_some_and(|loader| Path::new(loader).file_name().is_some_and(|file| file == name))
}

/// `$ORIGIN` is the folder of the file that asks. Relative folders are not followed.
fn expand(folder: &str, by: &Path) -> Option<PathBuf> {
    let origin = fs::canonicalize(by).ok()?.parent()?.to_string_lossy().into_owned();
    let folder = folder.replace("${ORIGIN}", &origin).replace("$ORIGIN", &origin);
    Some(PathBuf::from(folder)).filter(|folder| folder.is_absolute())
}

/// The first file of that name that is for the same machine: one of another is passed over, as loaders do.
fn first_fitting(name: &str, folders: impl Iterator<Item = PathBuf>, own: &Elf) -> Option<(PathBuf, Elf)> {
    if name.contains('/') {
        return None;
    }
    folders.map(|folder| folder.join(name)).find_map(|path| {
        let elf = read_elf(&path).ok()?;
        (elf.machine == own.machine && elf.wide == own.wide).then_some((path, elf))
    })
}

fn add_opened_later(found: &mut BTreeMap<String, PathBuf>, own: &Elf) {
    let Some(folder) = found.get("libc.so.6").and_then(|path| path.parent()).map(Path::to_owned) else { return };
    for name in OPENED_LATER {
        if let Some((path, _)) = first_fitting(name, std::iter::once(folder.clone()), own) {
            found.entry((*name).to_owned()).or_insert(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_libraries_of_this_test_are_found() {
        let me = std::env::current_exe().unwrap();
        let elf = read_elf(&me).unwrap();
        if elf.is_static() {
            println!("skipped: the tests are built static");
            return;
        }
        let libraries = libraries_of(&me, &elf, &SearchPath::of_this_machine()).unwrap();
        for needed in &elf.needed {
            assert!(libraries.iter().any(|one| one.name == *needed) || is_loader(needed, &elf), "{needed}");
        }
        let gone = libraries_of(&me, &elf, &SearchPath(Vec::new())).unwrap_err();
        assert!(matches!(gone, ImageError::NoLibrary { .. }), "{gone}");
    }

    #[test]
    fn origin_is_the_folder_of_the_file_that_asks() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        fs::write(&file, "").unwrap();
        let folder = fs::canonicalize(folder.path()).unwrap();
        assert_eq!(expand("$ORIGIN/../lib", &file), Some(folder.join("../lib")));
        assert_eq!(expand("lib", &file), None);
    }

    #[test]
    fn configured_folders_are_read_with_what_is_included() {
        let etc = tempfile::tempdir().unwrap();
        fs::create_dir(etc.path().join("ld.so.conf.d")).unwrap();
        fs::write(etc.path().join("ld.so.conf"), "include ld.so.conf.d/*.conf\n").unwrap();
        fs::write(etc.path().join("ld.so.conf.d/b.conf"), "# more\n /opt/b\n").unwrap();
        fs::write(etc.path().join("ld.so.conf.d/a.conf"), "/opt/a\n").unwrap();
        fs::write(etc.path().join("ld.so.conf.d/c.txt"), "/opt/c\n").unwrap();
        assert_eq!(configured(etc.path()), [PathBuf::from("/opt/a"), PathBuf::from("/opt/b")]);
    }
}
