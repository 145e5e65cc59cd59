//! What calls of providers were and what they cost, for metrics and the access log.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

/// A call of a provider. What is not known yet, or never told, is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LlmCall {
    /// `gen_ai_system`: openai, anthropic, gcp.gemini, gcp.vertex_ai, azure or aws.bedrock.
    pub system: &'static str,
    /// `gen_ai_operation_name`: chat or embeddings.
    pub operation: &'static str,
    /// Model that went upstream.
    pub request_model: String,
    /// Model that the provider names.
    pub response_model: Option<String>,
    /// Whether the answer is a stream.
    pub streams: bool,
    /// Tokens read.
    pub input_tokens: Option<u64>,
    /// Tokens written.
    pub output_tokens: Option<u64>,
    /// Both.
    pub total_tokens: Option<u64>,
    /// Tokens read from a cache of the provider.
    pub cached_tokens: Option<u64>,
    /// `temperature` of the request, as it was written.
    pub temperature: Option<String>,
    /// The longest answer that the request allows, in tokens.
    pub max_tokens: Option<u64>,
    /// When the call began.
    pub began: Instant,
    /// When the first token came.
    pub first_token: Option<Instant>,
}

/// A call that goes on: it is filled in while the answer passes. The response carries it among its extensions; it is
/// complete when the body has ended.
#[derive(Debug, Clone)]
pub struct Spent(Arc<Mutex<LlmCall>>);

impl Spent {
    /// Of a call that begins.
    pub fn new(call: LlmCall) -> Self {
        Self(Arc::new(Mutex::new(call)))
    }

    /// The call as far as it is known.
    pub fn so_far(&self) -> LlmCall {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes something.
    pub fn note(&self, change: impl FnOnce(&mut LlmCall)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Notes a token that came, the first one only.
    pub fn token(&self) {
        self.note(|call| {
            call.first_token.get_or_insert_with(Instant::now);
        });
    }
}
