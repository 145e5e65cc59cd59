//! What a model would make up beside words: calls of tools that nobody forced, and vectors. Equal requests get equal
//! inventions.

mod bracketed;
mod script;
mod vector;

pub(super) use bracketed::bracketed;
pub(super) use script::scripted;
pub(super) use vector::{normal, vector};
