//! The messages of a body, made readable.

use super::compressed::gunzip;
use super::messages::LONGEST_MESSAGE;
use crate::mock::recorder::Seen;
use crate::wire::grpc::Decoder;
use serde_json::Value;

/// The messages of a body, each as one line of JSON; `None` when a message is not of this kind.
pub(in crate::mock) fn lines<M>(seen: Seen<'_>, show: impl Fn(&M) -> Value) -> Option<String>
where
    M: prost::Message + Default,
{
    let mut decoder = Decoder::new(LONGEST_MESSAGE);
    decoder.push(seen.bytes);
    let mut lines = Vec::new();
    while let Some(message) = decoder.message().ok()? {
        let bytes = match message.is_compressed {
            true => gunzip(&message.bytes, LONGEST_MESSAGE).ok()?,
            false => message.bytes.into(),
        };
        lines.push(show(&M::decode(&bytes[..]).ok()?).to_string());
    }
    Some(lines.join("\n"))
}
