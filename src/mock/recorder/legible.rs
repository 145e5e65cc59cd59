//! Bodies that are no text, made readable.

/// One body of an exchange.
#[derive(Debug, Clone, Copy)]
pub(in crate::mock) struct Seen<'a> {
    /// Path and query of the request.
    pub(in crate::mock) target: &'a str,
    /// Whether it is the body of the answer.
    pub(in crate::mock) is_answer: bool,
    /// Its content type.
    pub(in crate::mock) content_type: &'a str,
    /// How it is compressed: `grpc-encoding`, or else `content-encoding`.
    pub(in crate::mock) encoding: &'a str,
    /// The bytes of it that are kept.
    pub(in crate::mock) bytes: &'a [u8],
}

/// Writes a body as text without secrets; `None` when it is none of those that are known.
pub(in crate::mock) type Legible = fn(Seen<'_>) -> Option<String>;
