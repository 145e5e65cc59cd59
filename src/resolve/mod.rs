//! From a wish to choices: provider, release, definitions. The result is a value that serialises.

mod definitions;
mod error;
mod fit;
mod host_backends;
mod kind;
mod provider;
mod resolved;
mod shared;
mod wish;

pub use definitions::load as load_definitions;
pub use error::ResolveError;
pub use fit::{Conflict, Fit, fit_of_class, fit_of_definition, line_of};
pub use host_backends::is_on_host;
pub use provider::{Chosen, choose};
pub use resolved::{Definitions, KindChoice, Resolved};
pub use shared::{ImageSupply, SharedChoice};
pub use wish::{GATEWAY_NODE_PORT, PLAYED_LINE, resolve};
