//! The digest of passwords that Apache's `htpasswd` writes. Source: `apr_md5_encode` of the Apache Portable Runtime.

use md5::{Digest, Md5};

const MARK: &str = "$apr1$";
const ROUNDS: usize = 1000;
const LETTERS: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Which bytes of the digest are written together, most significant first.
const GROUPS: [[usize; 3]; 5] = [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5]];

/// A password as `htpasswd` writes it down.
pub fn apr1(password: &str, salt: &str) -> String {
    let (password, salt) = (password.as_bytes(), salt.as_bytes());
    let mut hash = Md5::new().chain_update(password).chain_update(MARK).chain_update(salt);
    let mixed = Md5::new().chain_update(password).chain_update(salt).chain_update(password).finalize();
    for rest in (1..=password.len()).rev().step_by(mixed.len()) {
        hash.update(&mixed[..rest.min(mixed.len())]);
    }
    let mut length = password.len();
    while length > 0 {
        match length & 1 {
            1 => hash.update([0]),
            _ => hash.update(&password[..1]),
        }
        length >>= 1;
    }
    let mut digest = hash.finalize();
    for round in 0..ROUNDS {
        digest = stretched(round, password, salt, &digest);
    }
    let mut text = format!("{MARK}{}$", String::from_utf8_lossy(salt));
    for [high, middle, low] in GROUPS {
        let value = u32::from(digest[high]) << 16 | u32::from(digest[middle]) << 8 | u32::from(digest[low]);
        write(&mut text, value, 4);
    }
    write(&mut text, u32::from(digest[11]), 2);
    text
}

fn stretched(round: usize, password: &[u8], salt: &[u8], digest: &[u8]) -> md5::digest::Output<Md5> {
    let odd = round % 2 == 1;
    let mut hash = Md5::new();
    hash.update(if odd { password } else { digest });
    if !round.is_multiple_of(3) {
        hash.update(salt);
    }
    if !round.is_multiple_of(7) {
        hash.update(password);
    }
    hash.update(if odd { digest } else { password });
    hash.finalize()
}

fn write(text: &mut String, mut value: u32, letters: usize) {
    for _ in 0..letters {
        text.push(char::from(LETTERS[(value & 0x3f) as usize]));
        value >>= 6;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_openssl() {
        // `openssl passwd -apr1 -salt SALT PASSWORD`
        for (password, salt, digest) in CASES {
            assert_eq!(apr1(password, salt), digest);
        }
    }

    const CASES: [(&str, &str, &str); 3] = [
        ("d-pass", "saltsalt", "$apr1$saltsalt$jxU22Poku/kvXeSWpzCda/"),
        ("x", "ab", "$apr1$ab$eIePjsejfBGR8ITtu2z0U1"),
        ("a much longer password than sixteen", "12345678", "$apr1$12345678$iHG6z5QyvBj5X7XsjhPcb/"),
    ];
}
