//! The build context as a tar, the same to the byte whenever it holds the same.

use super::contents::{Contents, EXECUTABLE, LIBRARIES, Source};
use std::{
    fs::File,
    io::{self, Read, Write},
};
use tar::{Builder, EntryType, Header};

/// The name of the file that tells Docker what to do.
pub(super) const DOCKERFILE: &str = "Dockerfile";
/// The user that runs in the container.
const USER: u32 = 10101;

/// The label that says of what an image was made.
const LABEL: &str = "agw-sandbox.dev/self";

fn dockerfile(contents: &Contents) -> String {
    let mut lines = vec!["FROM scratch".to_owned(), format!("LABEL {LABEL}={}", contents.sha256)];
    if contents.dynamic {
        lines.push(format!("ENV LD_LIBRARY_PATH=/{LIBRARIES}"));
    }
    lines.push("ENV HOME=/tmp".to_owned());
    lines.push("COPY root/ /".to_owned());
    lines.push(format!("USER {USER}:{USER}"));
    lines.push(format!("ENTRYPOINT [\"/{EXECUTABLE}\"]\n"));
    lines.join("\n")
}

/// Writes the build context: the Dockerfile and the files, in order, owned by root and from the year 1970.
pub(super) fn write_context(contents: &Contents, into: impl Write) -> io::Result<()> {
    let mut tar = Builder::new(into);
    let recipe = dockerfile(contents);
    append(&mut tar, DOCKERFILE, 0o644, recipe.len() as u64, recipe.as_bytes())?;
    let mut folder = header(EntryType::Directory, 0o1777, 0);
    tar.append_data(&mut folder, "root/tmp/", io::empty())?;
    for packed in &contents.files {
        let path = format!("root/{}", packed.path);
        match &packed.source {
            Source::Bytes(bytes) => append(&mut tar, &path, packed.mode, bytes.len() as u64, bytes.as_slice())?,
            Source::File(source) => {
                let file = File::open(source)?;
                let size = file.metadata()?.len();
                append(&mut tar, &path, packed.mode, size, file)?;
            }
        }
    }
    tar.into_inner()?.flush()
}

fn header(kind: EntryType, mode: u32, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(size);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header
}

fn append(tar: &mut Builder<impl Write>, path: &str, mode: u32, size: u64, from: impl Read) -> io::Result<()> {
    let mut counted = Counted { from: from.take(size), read: 0 };
    tar.append_data(&mut header(EntryType::Regular, mode, size), path, &mut counted)?;
    if counted.read == size {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::UnexpectedEof, format!("{path} became shorter while it was read")))
}

struct Counted<R> {
    from: R,
    read: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.read += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{digests::Digests, libraries::SearchPath};
    use super::*;

    #[test]
    fn the_same_contents_make_the_same_bytes() {
        let executable = std::env::current_exe().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("copy");
        std::fs::copy(&executable, &copy).unwrap();
        let contents = |path| Contents::of(path, &SearchPath::of_this_machine(), Digests::at(None)).unwrap();
        let (one, other) = (contents(&executable), contents(&copy));
        assert_eq!(one.sha256, other.sha256, "name and time of a file do not count");
        let digest = |contents: &Contents| {
            let mut hash = Digesting(ring::digest::Context::new(&ring::digest::SHA256));
            write_context(contents, &mut hash).unwrap();
            hash.0.finish().as_ref().to_vec()
        };
        assert_eq!(digest(&one), digest(&other));
        let small = copy.with_file_name("small");
        std::fs::write(&small, "x").unwrap();
        assert_ne!(digest(&one), digest(&other.with_executable(small)));
    }

    struct Digesting(ring::digest::Context);

    impl Write for Digesting {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
}
