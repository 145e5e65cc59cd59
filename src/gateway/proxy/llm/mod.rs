//! LLM backends: a request in the client's language in, the provider's language upstream, the client's language back.
//! Source: facts/proxy.md 3.

mod answer;
mod anthropic;
mod ask;
mod bedrock;
mod bend;
mod coding;
mod count;
mod credential;
mod failure;
mod format;
mod openai;
mod order;
mod release;
mod serve;
mod spent;
mod stream;
mod streamed;
mod target;
mod usage;
mod vertex;

pub use serve::serve;
pub use spent::Spent;

#[cfg(test)]
mod tests {
    use super::{Spent, spent::LlmCall};

    /// A call of which nothing is known.
    pub fn spent() -> Spent {
        Spent::new(LlmCall {
            system: "openai",
            operation: "chat",
            request_model: "m".to_owned(),
            response_model: None,
            streams: true,
            input_tokens: None,
            output_tokens: None,
            total_tokens: None,
            cached_tokens: None,
            temperature: None,
            max_tokens: None,
            began: std::time::Instant::now(),
            first_token: None,
        })
    }
}
