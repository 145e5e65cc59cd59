//! How bodies are sent to the processor.

use envoy_types::pb::envoy::extensions::filters::http::ext_proc::v3::processing_mode::BodySendMode;

/// How the body of one side is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Mode {
    /// The gateway did not say.
    #[default]
    Unknown,
    /// Not at all.
    Never,
    /// Piece by piece, one answer to each.
    Streamed,
    /// In one piece.
    Buffered,
    /// Piece by piece; only what the processor sends back goes on.
    Duplex,
}

impl Mode {
    /// The mode of the configuration that comes with the first message.
    pub(super) fn of(mode: i32) -> Self {
        match BodySendMode::try_from(mode) {
            Ok(BodySendMode::None) => Self::Never,
            Ok(BodySendMode::Streamed) => Self::Streamed,
            Ok(BodySendMode::Buffered | BodySendMode::BufferedPartial) => Self::Buffered,
            Ok(_) => Self::Duplex,
            Err(_) => Self::Unknown,
        }
    }
}
