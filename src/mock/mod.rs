//! Servers that play upstreams, one folder a protocol. Every one of them stands behind the same layer, which records
//! what arrives, keeps lanes apart and does what the lane's faults ask for.

mod admin;
mod answer;
mod anthropic;
mod azure;
mod bedrock;
mod behaviours;
mod bind;
mod catalog;
mod check_fault;
mod claude;
mod cue;
mod echo;
mod endpoint;
mod features;
#[cfg(feature = "fuzz")]
pub mod fuzz;
mod gemini;
mod identity;
mod invent;
mod layer;
mod legible;
mod lenient;
mod line;
mod mcp;
mod mocks;
mod ollama;
mod openai;
mod pieces;
mod reach;
mod recorder;
mod reply;
mod script;
mod serve;
mod services;
mod shape;
mod stream;
mod tls_session;
mod trust;
mod vertex;

pub use bedrock::{ACCESS_KEY_ID, SECRET_ACCESS_KEY, SESSION_TOKEN};
pub use bind::Ports;
pub use endpoint::{MockEndpoint, Protocol};
pub use features::{FEATURES, Proof, VENDORS, Vendor};
pub use identity::SERVICE_ISSUER;
pub use layer::LONGEST_BODY;
pub use mcp::{STDIO_NAMES, StdioError, serve_stdio};
pub use mocks::{MockError, MockOptions, Mocks};
pub use recorder::{KEPT_BODY, LANE_BYTES, LANE_EXCHANGES, Recorder, TOTAL_BYTES};
pub use serve::LARGEST_HEAD;
pub use trust::{KeyRoot, Trust, TrustError};
