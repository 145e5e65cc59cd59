//! Messages of gRPC over HTTP/2: a flag, a length of four bytes, the message.
//! Source: grpc/doc/PROTOCOL-HTTP2.md, "Length-Prefixed-Message".

use bytes::{Buf, Bytes, BytesMut};

/// The flag and the length.
const HEAD: usize = 5;

/// One message as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Whether it is compressed in the way that the call's `grpc-encoding` names.
    pub is_compressed: bool,
    /// Its bytes.
    pub bytes: Bytes,
}

/// What is wrong with the framing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// The flag is neither 0 nor 1.
    #[error("the compressed flag is {0}; there are 0 and 1")]
    Flag(u8),
    /// It is longer than may be.
    #[error("a message of {found} bytes is longer than the {longest} that are taken")]
    TooLong {
        /// What the length says.
        found: usize,
        /// What is taken.
        longest: usize,
    },
}

/// Finds the messages in what arrives in any pieces. It holds one message and the last piece at most.
#[derive(Debug)]
pub struct Decoder {
    bytes: BytesMut,
    longest: usize,
}

impl Decoder {
    /// For messages of at most so many bytes.
    pub fn new(longest: usize) -> Self {
        Self { bytes: BytesMut::new(), longest }
    }

    /// Takes the next piece.
    pub fn push(&mut self, piece: &[u8]) {
        self.bytes.extend_from_slice(piece);
    }

    /// The next message that is whole. After an error nothing more can be understood.
    pub fn message(&mut self) -> Result<Option<Message>, FrameError> {
        let Some((head, rest)) = self.bytes.split_first_chunk::<HEAD>() else { return Ok(None) };
        let [flag, length @ ..] = *head;
        if flag > 1 {
            return Err(FrameError::Flag(flag));
        }
        // A length of 32 bits fits.
        let found = u32::from_be_bytes(length) as usize;
        if found > self.longest {
            return Err(FrameError::TooLong { found, longest: self.longest });
        }
        if rest.len() < found {
            return Ok(None);
        }
        self.bytes.advance(HEAD);
        Ok(Some(Message { is_compressed: flag == 1, bytes: self.bytes.split_to(found).freeze() }))
    }

    /// Whether a message has begun that is not whole yet.
    pub fn is_inside_message(&self) -> bool {
        !self.bytes.is_empty()
    }
}

/// A message with its head, not compressed.
pub fn framed(message: &[u8]) -> Bytes {
    let mut frame = BytesMut::with_capacity(HEAD + message.len());
    frame.extend_from_slice(&[0]);
    // Messages of ours are far shorter than four gigabytes.
    frame.extend_from_slice(&(message.len() as u32).to_be_bytes());
    frame.extend_from_slice(message);
    frame.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_wrong_flag_and_a_great_length_are_known_from_the_head() {
        let mut decoder = Decoder::new(8);
        decoder.push(&[2, 0, 0, 0, 0]);
        assert_eq!(decoder.message(), Err(FrameError::Flag(2)));
        let mut decoder = Decoder::new(8);
        decoder.push(&[0, 0, 0, 0, 9]);
        assert_eq!(decoder.message(), Err(FrameError::TooLong { found: 9, longest: 8 }));
    }

    proptest! {
        #[test]
        fn messages_are_found_in_any_pieces(
            messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..6), size in 1_usize..20,
        ) {
            let all: Vec<u8> = messages.iter().flat_map(|message| framed(message).to_vec()).collect();
            let mut decoder = Decoder::new(64);
            let mut found = Vec::new();
            for piece in all.chunks(size) {
                decoder.push(piece);
                while let Some(message) = decoder.message().unwrap() {
                    found.push(message.bytes.to_vec());
                }
            }
            prop_assert_eq!(found, messages);
            prop_assert!(!decoder.is_inside_message());
        }
    }
}
