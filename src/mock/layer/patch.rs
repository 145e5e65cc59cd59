//! Changes to the JSON of an answer, or of an event.

use crate::wire::event_stream::{payload_of, with_payload};
use bytes::Bytes;
use json_patch::PatchOperation;
use serde_json::Value;

const DATA: &str = "data: ";

/// The piece of an answer with these changes, each of which is left out where it does not fit.
pub(super) fn patched(piece: &Bytes, changes: &[Value]) -> Bytes {
    if let Some(payload) = payload_of(piece) {
        return changed(payload, changes).and_then(|changed| with_payload(piece, &changed)).unwrap_or(piece.clone());
    }
    let Ok(text) = std::str::from_utf8(piece) else { return piece.clone() };
    if !text.contains(DATA) {
        let line_end = if text.ends_with('\n') { "\n" } else { "" };
        let changed = changed(piece, changes);
        return changed.map_or(piece.clone(), |json| [&json, line_end.as_bytes()].concat().into());
    }
    let lines = text.split_inclusive('\n').map(|line| {
        let json = line.strip_prefix(DATA).and_then(|data| changed(data.trim_end().as_bytes(), changes));
        match json {
            Some(json) => [DATA.as_bytes(), &json, &line.as_bytes()[line.trim_end().len()..]].concat(),
            None => line.as_bytes().to_vec(),
        }
    });
    lines.collect::<Vec<_>>().concat().into()
}

fn changed(json: &[u8], changes: &[Value]) -> Option<Vec<u8>> {
    let mut value: Value = serde_json::from_slice(json).ok()?;
    for change in changes {
        if let Ok(operation) = serde_json::from_value::<PatchOperation>(change.clone()) {
            // What does not fit here may fit another event.
            let _ = json_patch::patch(&mut value, &[operation]);
        }
    }
    serde_json::to_vec(&value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::event_stream::event;
    use serde_json::json;

    #[test]
    fn every_kind_of_piece_is_changed_where_it_fits() {
        let changes = [json!({ "op": "remove", "path": "/b" }), json!({ "op": "add", "path": "/a", "value": null })];
        let change = |text: &str| patched(&Bytes::from(text.to_owned()), &changes);
        assert_eq!(change("{\"a\":1,\"b\":2}"), "{\"a\":null}");
        assert_eq!(change("{\"b\":2}\n"), "{\"a\":null}\n");
        assert_eq!(change("event: x\ndata: {\"a\":1}\n\n"), "event: x\ndata: {\"a\":null}\n\n");
        assert_eq!(change("data: [DONE]\n\n"), "data: [DONE]\n\n");
        assert_eq!(patched(&event("x", b"{\"b\":2}"), &changes), event("x", b"{\"a\":null}"));
    }
}
