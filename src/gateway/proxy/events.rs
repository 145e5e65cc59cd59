//! Server-sent events, cut out of a stream as they arrive.

use super::body::{Body, BoxError};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, stream};

/// Bytes that one event may have; the rest of the stream is broken off.
const LONGEST: usize = 4 * 1024 * 1024;

/// The events of a body, each with the blank line that ends it. What follows the last blank line comes last.
pub fn events(body: Body) -> impl Stream<Item = Result<Bytes, BoxError>> + Send + 'static {
    let pieces = Box::pin(body.into_pieces());
    stream::try_unfold((pieces, BytesMut::new(), 0), |(mut pieces, mut buffer, mut seen)| async move {
        loop {
            if let Some(end) = event_end(&buffer, seen) {
                let event = buffer.split_to(end).freeze();
                return Ok(Some((event, (pieces, buffer, 0))));
            }
            if buffer.len() > LONGEST {
                return Err("an event of the upstream is too long".into());
            }
            // A line end may be split between two pieces.
            seen = buffer.len().saturating_sub(3);
            match pieces.next().await.transpose()? {
                Some(piece) => buffer.extend_from_slice(&piece),
                None if buffer.is_empty() => return Ok(None),
                None => return Ok(Some((buffer.split().freeze(), (pieces, buffer, 0)))),
            }
        }
    })
}

/// Where the first event ends, blank line included.
fn event_end(buffer: &[u8], from: usize) -> Option<usize> {
    (from..buffer.len()).find_map(|at| {
        let rest = &buffer[at..];
        let ends: [&[u8]; 3] = [b"\n\n", b"\r\n\r\n", b"\n\r\n"];
        ends.iter().find(|end| rest.starts_with(end)).map(|end| at + end.len())
    })
}

/// The data of an event, its lines joined; `None` for a comment.
pub fn data(event: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(event).ok()?;
    let lines = text.lines().filter_map(|line| line.strip_prefix("data:"));
    let lines: Vec<&str> = lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// The same events without the last one.
pub fn without_last(body: Body) -> Body {
    let events = Box::pin(events(body));
    let shortened = stream::try_unfold((events, None), |(mut events, held)| async move {
        let mut held: Option<Bytes> = held;
        loop {
            let Some(event) = events.next().await.transpose()? else { return Ok(None) };
            if let Some(before) = held.replace(event) {
                return Ok(Some((before, (events, held))));
            }
        }
    });
    Body::from_stream(shortened)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::TryStreamExt;
    use proptest::prelude::*;

    fn chunked(text: &str, size: usize) -> Body {
        let pieces: Vec<Result<Bytes, BoxError>> =
            text.as_bytes().chunks(size).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        Body::from_stream(stream::iter(pieces))
    }

    fn read(body: Body) -> Vec<Bytes> {
        futures_util::FutureExt::now_or_never(events(body).try_collect()).unwrap().unwrap()
    }

    proptest! {
        #[test]
        fn events_do_not_depend_on_how_they_are_cut(
            parts in prop::collection::vec(("[a-z]{0,9}", prop::sample::select(vec!["\n\n", "\r\n\r\n"])), 0..5),
            size in 1_usize..9,
        ) {
            let events: Vec<String> = parts.iter().map(|(text, end)| format!("data: {text}{end}")).collect();
            let found = read(chunked(&events.concat(), size));
            prop_assert_eq!(found, events);
        }
    }

    #[test]
    fn the_last_event_can_be_held_back() {
        let body = without_last(chunked("data: 1\n\ndata: 2\n\ndata: [DONE]\n\n", 7));
        assert_eq!(read(body).concat(), b"data: 1\n\ndata: 2\n\n");
        assert_eq!(data(b"event: x\ndata: a\r\ndata:b\n\n").as_deref(), Some("a\nb"));
        assert_eq!(data(b": ping\n\n"), None);
    }
}
