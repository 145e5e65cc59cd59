//! From a wish to choices: provider, release, definitions. The result is a value that serialises.

mod definitions;
mod error;
mod kind;
mod provider;
mod resolved;
mod windows;
mod wish;

pub use definitions::load as load_definitions;
pub use error::ResolveError;
pub use provider::{Chosen, choose};
pub use resolved::{Definitions, KindChoice, Resolved};
pub use wish::{GATEWAY_NODE_PORT, PLAYED_LINE, resolve};
