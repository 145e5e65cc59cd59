//! The mocks, as their clients and their administrators see them.

mod anthropic;
mod azure;
mod bedrock;
mod echo;
mod faults;
mod features;
mod garbage;
mod gemini;
mod hostile;
mod identity;
mod judge;
mod mcp;
mod ollama;
mod openai;
mod openai_forms;
mod recording;
mod scripts;
mod stand;
mod toolbox;
mod toolbox_schema;
mod unusual;
mod vertex;
