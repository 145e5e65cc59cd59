//! What the machine itself offers to a gateway: Ollama.

mod answer;
mod ollama;
mod question;
mod state;

pub use ollama::probe;
pub use question::{OllamaQuestion, Vantage};
pub use state::{OllamaProblem, OllamaReady, OllamaState};
