//! The embedding of a text.

use sha2::{Digest, Sha256};

/// A vector of length one. Equal texts have equal vectors; the more words two texts share, the closer they are.
pub(in crate::mock) fn vector(text: &str, dimensions: usize) -> Vec<f64> {
    let mut sum = vec![0.0; dimensions];
    for word in text.split_whitespace().chain([""]) {
        add(&mut sum, word);
    }
    normal(&sum)
}

/// The vector with length one.
pub(in crate::mock) fn normal(vector: &[f64]) -> Vec<f64> {
    let length = vector.iter().map(|part| part * part).sum::<f64>().sqrt().max(f64::MIN_POSITIVE);
    // Six places are what the vendors give, more or less.
    vector.iter().map(|part| (part / length * 1e6).round() / 1e6).collect()
}

fn add(sum: &mut [f64], word: &str) {
    for (block, parts) in sum.chunks_mut(16).enumerate() {
        let mut digest = Sha256::new();
        digest.update((block as u64).to_be_bytes());
        digest.update(word.to_lowercase());
        for (part, bytes) in parts.iter_mut().zip(digest.finalize().chunks(2)) {
            *part += f64::from(u16::from_be_bytes([bytes[0], bytes[1]])) / 32_767.5 - 1.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_words_bring_texts_closer() {
        let near = |a: &str, b: &str| vector(a, 256).iter().zip(vector(b, 256)).map(|(a, b)| a * b).sum::<f64>();
        assert!((near("red apple", "red apple") - 1.0).abs() < 1e-3);
        assert!(near("red apple", "red pear") > near("red apple", "old boat"));
    }
}
