//! What the resources of a release line can say.

use crate::canonical::{CanonicalError, Mistake};
use crate::release::{self, ReleaseLine};

/// Something that not every line can say. Source: `facts/lifecycle.md` B.2, B.6, B.7 and upstream's definitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// The provider's suffix after a prefix: `pathPrefix` of a backend.
    PathPrefix,
    /// Keys of clients.
    ApiKey,
    /// A time limit for one call upstream.
    BackendTimeout,
    /// How log lines look.
    LogFormat,
    /// A credential for a backend that is no LLM provider.
    PlainKey,
    /// Clouds as providers, and other languages than chat completions.
    Clouds,
    /// Resources of Azure by their names, and Foundry.
    AzureResource,
    /// A credential in a header of its own.
    KeyHeader,
    /// The region of signatures for AWS where a backend has a host of its own.
    SigningRegion,
    /// A Gemini backend that leaves the model to the client.
    AnyGeminiModel,
    /// Tokens of clients.
    Jwt,
    /// Rules in CEL.
    Authorize,
    /// Rules that must all hold.
    Require,
    /// Protection from foreign pages.
    Csrf,
    /// A limit for bodies.
    LargestBody,
    /// Calls that are made again.
    Retry,
    /// What becomes of headers.
    Headers,
    /// Guards of prompts.
    PromptGuard,
    /// Guards of answers that are streams.
    GuardedStreams,
    /// Limits of tokens.
    TokenLimit,
    /// Models by name: AgentgatewayModel.
    Models,
}

impl Word {
    /// What it is called, and the first line that has it.
    fn story(self) -> (&'static str, &'static str) {
        match self {
            Self::PathPrefix => ("`pathPrefix`", "agentgateway-1.1"),
            Self::ApiKey => ("`apiKey`", "agentgateway-2.2"),
            Self::BackendTimeout => ("`backendTimeout`", "agentgateway-2.2"),
            Self::LogFormat => ("`logging.format`", "agentgateway-2.2"),
            Self::PlainKey => ("`key` of a backend that is no LLM", "agentgateway-2.2"),
            Self::Jwt => ("`jwt`", "agentgateway-2.2"),
            Self::Authorize => ("`authorize`", "agentgateway-2.2"),
            Self::Require => ("`authorize.require`", "agentgateway-1.1"),
            Self::Csrf => ("`csrf`", "agentgateway-2.2"),
            Self::LargestBody => ("`largestBody`", "agentgateway-1.3"),
            Self::Retry => ("`retry`", "agentgateway-2.2"),
            Self::Headers => ("`headers`", "agentgateway-2.2"),
            Self::PromptGuard => ("`promptGuard`", "agentgateway-2.2"),
            Self::GuardedStreams => ("`promptGuard.streaming`", "agentgateway-1.3"),
            Self::TokenLimit => ("`rateLimit.tokens`", "agentgateway-2.2"),
            Self::Clouds => ("`apis`, `llm: vertex`, `azure` or `bedrock`", "agentgateway-2.2"),
            Self::AzureResource => ("`azure.project`", "agentgateway-1.2"),
            Self::KeyHeader => ("`keyHeader`", "agentgateway-1.2"),
            Self::SigningRegion => ("`bedrock.accessKey` beside a mock", "agentgateway-1.4"),
            Self::AnyGeminiModel => ("a Gemini backend without `model`", "agentgateway-2.2"),
            Self::Models => ("`models` of a listener", "agentgateway-1.4"),
        }
    }
}

/// A release line as a language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect {
    /// The line.
    pub line: &'static ReleaseLine,
}

impl Dialect {
    /// That of a line, or `release line` that is not known.
    pub fn of(name: &str) -> Result<Self, CanonicalError> {
        let line = release::line(name).map_err(|_| {
            let known = release::lines().iter().map(|line| line.name.clone()).collect();
            CanonicalError::new("", Mistake::NoSuch { kind: "release line", name: name.to_owned(), known })
        })?;
        Ok(Self { line })
    }

    /// Whether the line can say it.
    pub fn says(self, word: Word) -> bool {
        let (_, first) = word.story();
        release::line(first).is_ok_and(|first| first.first_release <= self.line.first_release)
    }

    /// Refuses what is `wanted` at a path and cannot be said.
    pub fn demand(self, word: Word, wanted: bool, path: impl FnOnce() -> String) -> Result<(), CanonicalError> {
        if !wanted || self.says(word) {
            return Ok(());
        }
        let (what, first) = word.story();
        Err(CanonicalError::new(path(), Mistake::Unsaid { what, line: self.line.name.clone(), first }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_with_time_and_not_with_numbers() {
        let says = |line: &str, word| Dialect::of(line).unwrap().says(word);
        assert!(!says("agentgateway-2.2", Word::PathPrefix) && !says("agentgateway-1.0", Word::PathPrefix));
        assert!(says("agentgateway-1.1", Word::PathPrefix) && says("agentgateway-1.5", Word::PathPrefix));
        assert!(!says("kgateway-2.1", Word::ApiKey) && says("agentgateway-2.2", Word::ApiKey));
    }

    #[test]
    fn an_unknown_line_is_told_with_those_that_exist() {
        let error = Dialect::of("agentgateway-1.9").unwrap_err();
        assert!(error.mistake.help().unwrap().starts_with("did you mean `agentgateway-1."), "{error}");
    }

    #[test]
    fn every_first_line_is_a_line() {
        use Word::{
            AnyGeminiModel, ApiKey, AzureResource, BackendTimeout, Clouds, KeyHeader, LargestBody, LogFormat, Models,
            PathPrefix, PlainKey, Require, SigningRegion,
        };
        for word in [
            PathPrefix,
            ApiKey,
            AzureResource,
            BackendTimeout,
            Clouds,
            KeyHeader,
            LogFormat,
            Models,
            PlainKey,
            AnyGeminiModel,
            SigningRegion,
            LargestBody,
            Require,
        ] {
            assert!(release::line(word.story().1).is_ok(), "{word:?}");
        }
    }
}
