//! What policies do to calls of models, whatever the provider: limits of tokens, prompt guards, shaping of bodies. It
//! stands around the translation, and sees the client's side of it.

mod builtin;
mod guard;
mod serve;
mod shape;
mod stream;
mod texts;
mod webhook;

pub use serve::serve;
