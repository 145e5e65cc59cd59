//! One piece of an answer, written in a wrong or unusual way.

use crate::exchange::{Malformed, Writing};
use bytes::Bytes;

/// Bytes that no UTF-8 text has.
const NOT_UTF8: [u8; 2] = [0xff, 0xfe];

/// A length that no frame has: one of an event stream is at most 24 MiB long.
const LONGEST_FRAME: [u8; 4] = [0x7f, 0xff, 0xff, 0xff];

/// The piece with its format broken.
pub(super) fn broken(piece: &Bytes, how: Malformed, is_grpc: bool) -> Bytes {
    match how {
        Malformed::Json if is_event(piece) => [&piece[..piece.len() / 2], b"\n\n"].concat().into(),
        Malformed::Json => piece.slice(..piece.len() / 2),
        Malformed::Sse => lines(piece).into_iter().map(without_field).collect::<Vec<_>>().concat().into(),
        Malformed::Frame => {
            let mut bytes = piece.to_vec();
            if let Some(last) = bytes.last_mut() {
                *last ^= 0xff;
            }
            bytes.into()
        }
        Malformed::Length => {
            let mut bytes = piece.to_vec();
            // In gRPC a flag stands before the length.
            let start = usize::from(is_grpc);
            if let Some(length) = bytes.get_mut(start..start + 4) {
                length.copy_from_slice(&LONGEST_FRAME);
            }
            bytes.into()
        }
        Malformed::Utf8 => {
            let (before, after) = piece.split_at(piece.len() / 2);
            [before, &NOT_UTF8, after].concat().into()
        }
    }
}

/// The event in another way of writing; `is_first` says that it begins the stream.
pub(super) fn rewritten(piece: &Bytes, how: Writing, is_first: bool) -> Bytes {
    match how {
        Writing::Crlf => lines(piece)
            .into_iter()
            .map(|line| [&line[..line.len() - 1], b"\r\n"].concat())
            .collect::<Vec<_>>()
            .concat(),
        Writing::Comments => [b": ping\n\n", &piece[..]].concat(),
        Writing::Bom if is_first => ["\u{feff}".as_bytes(), piece].concat(),
        Writing::Bom => return piece.clone(),
    }
    .into()
}

/// The event without the empty line that ends it.
pub(super) fn unfinished(piece: &Bytes) -> Bytes {
    if is_event(piece) { piece.slice(..piece.len() - 1) } else { piece.clone() }
}

fn is_event(piece: &[u8]) -> bool {
    piece.ends_with(b"\n\n")
}

/// The lines with the line feed that ends each; what follows the last line feed is left out.
fn lines(piece: &[u8]) -> Vec<&[u8]> {
    piece.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n")).collect()
}

fn without_field(line: &[u8]) -> &[u8] {
    line.strip_prefix(b"data: ").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_changes_what_it_says() {
        let event = Bytes::from("event: a\ndata: {\"b\":1}\n\n");
        assert_eq!(rewritten(&event, Writing::Crlf, false), "event: a\r\ndata: {\"b\":1}\r\n\r\n");
        assert!(rewritten(&event, Writing::Comments, false).starts_with(b": ping\n\nevent"));
        assert_eq!(rewritten(&event, Writing::Bom, false), event);
        assert_eq!(&rewritten(&event, Writing::Bom, true)[..3], [0xef, 0xbb, 0xbf]);
        assert_eq!(broken(&event, Malformed::Sse, false), "event: a\n{\"b\":1}\n\n");
        assert!(broken(&event, Malformed::Json, false).ends_with(b"\n\n"));
        assert!(std::str::from_utf8(&broken(&event, Malformed::Utf8, false)).is_err());
        assert_eq!(broken(&Bytes::new(), Malformed::Frame, false), "");
        let message = crate::wire::grpc::framed(b"abc");
        assert_eq!(&broken(&message, Malformed::Length, true)[..], b"\0\x7f\xff\xff\xffabc");
        assert_eq!(unfinished(&event), "event: a\ndata: {\"b\":1}\n");
    }
}
