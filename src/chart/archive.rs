//! Packed charts: reading one without trust, and packing a folder so that the same files have the same digest.

use super::ChartError;
use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// Largest packed chart, in bytes. The largest of the known lines has 0.2 MB.
pub(super) const LARGEST_PACKED: usize = 32 << 20;

/// Largest chart unpacked, and largest file in it, in bytes.
const LARGEST_UNPACKED: u64 = 64 << 20;
const LARGEST_FILE: u64 = 8 << 20;

/// Files of a chart at most.
const MOST_FILES: usize = 5000;

/// The files of a packed chart by their path within the chart's folder. CHART-09 for what is no chart.
pub(super) fn unpack(packed: &[u8], what: &str) -> Result<BTreeMap<String, Vec<u8>>, ChartError> {
    let not = |reason: String| ChartError::NotAChart { what: what.to_owned(), reason };
    let mut files = BTreeMap::new();
    let mut left = LARGEST_UNPACKED;
    let mut archive = tar::Archive::new(GzDecoder::new(packed).take(LARGEST_UNPACKED * 2));
    for entry in archive.entries().map_err(|error| not(error.to_string()))? {
        let mut entry = entry.map_err(|error| not(error.to_string()))?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = entry.path().map_err(|error| not(error.to_string()))?.into_owned();
        let inside = within(&path).ok_or_else(|| not(format!("{} is not in the chart's folder", path.display())))?;
        let size = entry.header().size().unwrap_or(u64::MAX);
        if size > LARGEST_FILE.min(left) || files.len() >= MOST_FILES {
            return Err(not(format!("it is too large at {inside}")));
        }
        left -= size;
        let mut content = Vec::new();
        entry.by_ref().take(LARGEST_FILE).read_to_end(&mut content).map_err(|error| not(error.to_string()))?;
        files.insert(inside, content);
    }
    if files.contains_key("Chart.yaml") { Ok(files) } else { Err(not("it has no Chart.yaml".to_owned())) }
}

/// The path without its first folder; `None` if there is none or if it leads out.
fn within(path: &Path) -> Option<String> {
    let mut parts = path.components().filter(|part| *part != Component::CurDir);
    parts.next().filter(|first| matches!(first, Component::Normal(_)))?;
    let inside: Option<Vec<&str>> = parts
        .map(|part| match part {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .collect();
    inside.map(|parts| parts.join("/")).filter(|path| !path.is_empty())
}

/// Packs the folder of a chart: names in order, no times, no owners, nothing hidden.
pub(super) fn pack(folder: &Path) -> Result<Vec<u8>, ChartError> {
    let failed = |source| ChartError::Unreadable { path: folder.to_owned(), source };
    if !folder.join("Chart.yaml").is_file() {
        let reason = "its folder has no Chart.yaml".to_owned();
        return Err(ChartError::NotAChart { what: folder.display().to_string(), reason });
    }
    let mut files = Vec::new();
    collect(folder, folder, &mut files).map_err(failed)?;
    files.sort();
    let mut builder = tar::Builder::new(GzBuilder::new().mtime(0).write(Vec::new(), Compression::default()));
    for inside in files {
        let content = fs::read(folder.join(&inside)).map_err(failed)?;
        append(&mut builder, &Path::new("chart").join(&inside), &content).map_err(failed)?;
    }
    builder.into_inner().and_then(flate2::write::GzEncoder::finish).map_err(failed)
}

fn append<W: io::Write>(builder: &mut tar::Builder<W>, path: &Path, content: &[u8]) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    builder.append_data(&mut header, path, content)
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            collect(root, &entry.path(), files)?;
        } else if kind.is_file() {
            if files.len() >= MOST_FILES || entry.metadata()?.len() > LARGEST_FILE {
                return Err(io::Error::other(format!("it is too large for a chart at {}", entry.path().display())));
            }
            files.extend(entry.path().strip_prefix(root).map(Path::to_owned));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{append, pack, unpack};
    use flate2::{Compression, GzBuilder};
    use std::path::Path;

    fn packed(files: &[(&str, &str)]) -> Vec<u8> {
        let mut builder = tar::Builder::new(GzBuilder::new().write(Vec::new(), Compression::fast()));
        for (path, content) in files {
            append(&mut builder, Path::new(path), content.as_bytes()).unwrap();
        }
        builder.into_inner().unwrap().finish().unwrap()
    }

    #[test]
    fn the_same_files_are_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("templates")).unwrap();
        std::fs::write(folder.path().join("templates/a.yaml"), "kind: A").unwrap();
        std::fs::write(folder.path().join(".git"), "hidden").unwrap();
        assert!(pack(folder.path()).unwrap_err().to_string().contains("no Chart.yaml"));
        std::fs::write(folder.path().join("Chart.yaml"), "name: x").unwrap();
        let first = pack(folder.path()).unwrap();
        assert_eq!(first, pack(folder.path()).unwrap());
        let files = unpack(&first, "x").unwrap();
        assert_eq!(files.keys().collect::<Vec<_>>(), ["Chart.yaml", "templates/a.yaml"]);
    }

    #[test]
    fn what_is_no_chart_is_told() {
        for (content, reason) in [
            (b"<html>".to_vec(), ""),
            (packed(&[("x/values.yaml", "")]), "Chart.yaml"),
            (packed(&[("Chart.yaml", "")]), "folder"),
        ] {
            let error = unpack(&content, "chart x").unwrap_err().to_string();
            assert!(error.starts_with("chart x is not a chart") && error.contains(reason), "{error}");
        }
        let whole = packed(&[("x/Chart.yaml", &"name: x # ".repeat(500))]);
        assert!(unpack(&whole[..whole.len() / 2], "x").is_err());
    }
}
