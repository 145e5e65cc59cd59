//! Server-sent events: writing them, and reading them from bytes that arrive in any pieces.

use std::mem;

/// The longest line or event that [`Decoder`] keeps, in bytes; what is longer is cut off.
const LONGEST_EVENT: usize = 4 * 1024 * 1024;

/// One server-sent event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SseEvent {
    /// The `event:` field; `None` when there was none, which means `message`.
    pub name: Option<String>,
    /// The `data:` lines, joined with line feeds.
    pub data: String,
    /// The `id:` field.
    pub id: Option<String>,
}

impl SseEvent {
    /// An event with data only.
    pub fn data(data: impl Into<String>) -> Self {
        Self { data: data.into(), ..Self::default() }
    }

    /// An event with a name.
    pub fn named(name: impl Into<String>, data: impl Into<String>) -> Self {
        Self { name: Some(name.into()), data: data.into(), id: None }
    }
}

/// The event on the wire, with the empty line that ends it.
impl std::fmt::Display for SseEvent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(name) = &self.name {
            writeln!(formatter, "event: {name}")?;
        }
        if let Some(id) = &self.id {
            writeln!(formatter, "id: {id}")?;
        }
        for line in self.data.split('\n') {
            writeln!(formatter, "data: {line}")?;
        }
        formatter.write_str("\n")
    }
}

/// Reads events from bytes in any pieces. Lines may end with LF, CR or both; comments are left out; an event without
/// data is none.
#[derive(Debug, Default)]
pub struct Decoder {
    line: Vec<u8>,
    after_carriage_return: bool,
    event: SseEvent,
    has_data: bool,
}

impl Decoder {
    /// A decoder at the start of a stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes and returns the events that they completed.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<SseEvent> {
        let mut events = Vec::new();
        for &byte in bytes {
            let follows_carriage_return = mem::replace(&mut self.after_carriage_return, byte == b'\r');
            match byte {
                b'\n' if follows_carriage_return => {}
                b'\n' | b'\r' => events.extend(self.end_line()),
                _ if self.line.len() < LONGEST_EVENT => self.line.push(byte),
                _ => {}
            }
        }
        events
    }

    /// Whether bytes of an unfinished event have arrived: at the end of a stream that means that it was cut off.
    pub fn is_inside_event(&self) -> bool {
        self.has_data || !self.line.is_empty() || self.event.name.is_some()
    }

    fn end_line(&mut self) -> Option<SseEvent> {
        let line = mem::take(&mut self.line);
        if line.is_empty() {
            let event = mem::take(&mut self.event);
            return mem::take(&mut self.has_data).then_some(event);
        }
        let line = String::from_utf8_lossy(&line);
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => self.event.name = Some(value.to_owned()),
            "id" => self.event.id = Some(value.to_owned()),
            "data" => self.add_data(value),
            _ => {}
        }
        None
    }

    fn add_data(&mut self, value: &str) {
        if mem::replace(&mut self.has_data, true) {
            self.event.data.push('\n');
        }
        if self.event.data.len() + value.len() <= LONGEST_EVENT {
            self.event.data.push_str(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_line_end_comments_and_unknown_fields() {
        let mut decoder = Decoder::new();
        let events = decoder.push(b": hi\r\nretry: 3\r\nevent: ping\r\ndata: a\ndata:b\r\rdata: c\n");
        assert_eq!(events, [SseEvent::named("ping", "a\nb")]);
        assert!(decoder.is_inside_event());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_in_any_pieces(
            data in prop::collection::vec("[a-z :\n]{0,20}", 0..5),
            piece in 1_usize..9,
        ) {
            let written: Vec<SseEvent> = data.iter().map(|data| SseEvent::named("delta", data)).collect();
            let wire: String = written.iter().map(ToString::to_string).collect();
            let mut decoder = Decoder::new();
            let read: Vec<SseEvent> = wire.as_bytes().chunks(piece).flat_map(|piece| decoder.push(piece)).collect();
            prop_assert_eq!(read, written);
            prop_assert!(!decoder.is_inside_event());
        }
    }
}
