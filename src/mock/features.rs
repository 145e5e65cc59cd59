//! Which features of each vendor there are, and which test with the vendor's own SDK proves it.

/// What is told of each vendor, in the order of [`Vendor::proofs`].
pub const FEATURES: [&str; 7] = ["chat", "stream", "tools", "structured", "embeddings", "errors", "auth"];

/// A vendor whose mock there is.
#[derive(Debug, Clone, Copy)]
pub struct Vendor {
    /// The name of the mock.
    pub name: &'static str,
    /// What proves each feature.
    pub proofs: [Proof; 7],
}

/// What proves that a feature is there, or that it cannot be.
#[derive(Debug, Clone, Copy)]
pub enum Proof {
    /// A test in `tests/sdk`, as pytest names it.
    Test(&'static str),
    /// The vendor does not have the feature.
    Absent {
        /// What its document says.
        says: &'static str,
        /// Where it says so.
        document: &'static str,
    },
}

use Proof::{Absent, Test};

/// All vendors.
pub const VENDORS: [Vendor; 7] = [
    Vendor {
        name: "openai",
        proofs: [
            Test("test_openai.py::test_chat"),
            Test("test_openai.py::test_stream"),
            Test("test_openai.py::test_tools_over_two_turns"),
            Test("test_openai.py::test_structured"),
            Test("test_openai.py::test_embeddings"),
            Test("test_openai.py::test_errors"),
            Test("test_openai.py::test_wrong_requests"),
        ],
    },
    Vendor {
        name: "anthropic",
        proofs: [
            Test("test_anthropic.py::test_message_stream_and_count_agree"),
            Test("test_anthropic.py::test_raw_events"),
            Test("test_anthropic.py::test_tools_over_two_turns"),
            Test("test_anthropic.py::test_structured"),
            Absent {
                says: "\"Anthropic does not offer its own embedding model.\"",
                document: "https://platform.claude.com/docs/en/build-with-claude/embeddings",
            },
            Test("test_anthropic.py::test_errors"),
            Test("test_anthropic.py::test_headers"),
        ],
    },
    Vendor {
        name: "gemini",
        proofs: [
            Test("b/test_gemini.py::test_chat"),
            Test("b/test_gemini.py::test_stream"),
            Test("b/test_gemini.py::test_tools_in_two_turns"),
            Test("b/test_gemini.py::test_structured"),
            Test("b/test_gemini.py::test_embeddings_and_models"),
            Test("b/test_gemini.py::test_errors"),
            Test("b/test_gemini.py::test_errors"),
        ],
    },
    Vendor {
        name: "vertex",
        proofs: [
            Test("b/test_vertex.py::test_chat_and_stream"),
            Test("b/test_vertex.py::test_chat_and_stream"),
            Test("b/test_vertex.py::test_tools_and_structured"),
            Test("b/test_vertex.py::test_tools_and_structured"),
            Test("b/test_vertex.py::test_embeddings"),
            Test("b/test_vertex.py::test_errors"),
            Test("b/test_vertex.py::test_errors"),
        ],
    },
    Vendor {
        name: "azure",
        proofs: [
            Test("test_azure.py::test_deployments"),
            Test("test_azure.py::test_deployments"),
            Test("test_azure.py::test_tools_and_structure"),
            Test("test_azure.py::test_tools_and_structure"),
            Test("test_azure.py::test_deployments"),
            Test("test_azure.py::test_errors"),
            Test("test_azure.py::test_access"),
        ],
    },
    Vendor {
        name: "bedrock",
        proofs: [
            Test("b/test_bedrock.py::test_chat"),
            Test("b/test_bedrock.py::test_stream"),
            Test("b/test_bedrock.py::test_tools_in_two_turns"),
            Test("b/test_bedrock.py::test_structured_and_reasoning"),
            Test("b/test_bedrock.py::test_invoke_and_embeddings"),
            Test("b/test_bedrock.py::test_errors"),
            Test("b/test_bedrock.py::test_what_is_signed_wrong_is_refused"),
        ],
    },
    Vendor {
        name: "ollama",
        proofs: [
            Test("b/test_ollama.py::test_chat_and_stream"),
            Test("b/test_ollama.py::test_chat_and_stream"),
            Test("b/test_ollama.py::test_tools"),
            Test("b/test_ollama.py::test_structured_and_thoughts"),
            Test("b/test_ollama.py::test_embeddings_and_models"),
            Test("b/test_ollama.py::test_errors"),
            Absent {
                says: "\"No authentication is required when accessing Ollama's API locally via http://localhost:11434.\"",
                document: "https://docs.ollama.com/api/authentication",
            },
        ],
    },
];
