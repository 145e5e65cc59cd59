//! Lists in pages, with cursors that tell a client nothing.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const MARK: &str = "page-from:";

/// A page of a list, and the cursor of the next one. `None` stands for a cursor that was never given.
pub(super) fn page<'a, T>(items: &'a [T], size: usize, cursor: Option<&str>) -> Option<(&'a [T], Option<String>)> {
    let start = match cursor {
        None => 0,
        Some(cursor) => start_of(cursor).filter(|start| *start > 0 && start % size == 0 && *start < items.len())?,
    };
    let end = (start + size).min(items.len());
    let next = (end < items.len()).then(|| URL_SAFE_NO_PAD.encode(format!("{MARK}{end}")));
    Some((&items[start..end], next))
}

fn start_of(cursor: &str) -> Option<usize> {
    let decoded = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    String::from_utf8(decoded).ok()?.strip_prefix(MARK)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_join_to_the_list_and_strange_cursors_are_none() {
        let items: Vec<u32> = (0..12).collect();
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let (part, next) = page(&items, 5, cursor.as_deref()).unwrap();
            seen.extend_from_slice(part);
            match next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, items);
        for strange in ["", "5", "cGFnZS1mcm9tOjM", "cGFnZS1mcm9tOjk5"] {
            assert!(page(&items, 5, Some(strange)).is_none(), "{strange}");
        }
    }
}
