//! The certificates of authorities that go into the image: TLS clients do not start without any.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The largest bundle that is taken, in bytes; those of distributions are a quarter of a megabyte.
const LARGEST: u64 = 8 << 20;

/// Where distributions keep theirs. Source: the list of Go's `crypto/x509/root_linux.go`.
const USUAL: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The bundle of this machine: the file that `SSL_CERT_FILE` names, else the first of the usual ones.
pub(super) fn of_this_machine() -> Option<Vec<u8>> {
    let said = std::env::var_os("SSL_CERT_FILE").map(PathBuf::from);
    first_bundle(said.into_iter().chain(USUAL.iter().map(PathBuf::from)))
}

fn first_bundle(mut files: impl Iterator<Item = PathBuf>) -> Option<Vec<u8>> {
    files.find_map(|file| read(&file))
}

fn read(file: &Path) -> Option<Vec<u8>> {
    let metadata = fs::metadata(file).ok()?;
    if !metadata.is_file() || metadata.len() > LARGEST {
        return None;
    }
    let text = fs::read(file).ok()?;
    let begin = b"-----BEGIN CERTIFICATE-----";
    text.windows(begin.len()).any(|window| window == begin).then_some(text)
}

/// A certificate of nobody, for machines without a bundle: its key is dropped at once, so it vouches for nothing.
pub(super) fn of_nobody() -> Option<Vec<u8>> {
    let certified = rcgen::generate_simple_self_signed(vec!["nobody.invalid".to_owned()]).ok()?;
    Some(certified.cert.pem().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_file_with_a_certificate_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &[u8]| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let bundle = of_nobody().unwrap();
        let files = [folder.path().to_owned(), file("empty", b""), file("bundle", &bundle)];
        assert_eq!(first_bundle(files.into_iter()), Some(bundle));
        assert_eq!(first_bundle(std::iter::empty()), None);
    }
}
