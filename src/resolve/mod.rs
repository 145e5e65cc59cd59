//! From a wish to choices: provider, release, definitions. The result is a value that serialises.

mod charts;
mod choose;
mod definitions;
mod error;
mod images;
mod kind;
mod parts;
mod provider;
mod resolved;
mod supply;
mod wish;

pub use crate::profile::MocksAt;
pub use choose::{Chosen, choose};
pub use definitions::load as load_definitions;
pub use error::ResolveError;
pub use parts::{BundleChoice, ChartChoice, ImageChoice, ReleaseParts};
pub use resolved::{Definitions, KindChoice, Resolved};
pub use supply::{MIRRORS_VARIABLE, supply_of};
pub use wish::{GATEWAY_NODE_PORT, PLAYED_LINE};
