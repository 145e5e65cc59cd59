//! From a wish to choices: provider, release, definitions. The result is a value that serialises.

mod charts;
mod choose;
mod definitions;
mod error;
mod fit;
mod gateway_api;
mod host_backends;
mod images;
mod kind;
mod parts;
mod provider;
mod resolved;
mod room;
mod shared;
mod supply;
mod windows;
mod wish;

pub use crate::profile::MocksAt;
pub use crate::release::ReleaseLine as Line;
pub use choose::{Chosen, choose};
pub use definitions::load as load_definitions;
pub use error::ResolveError;
pub use fit::{Conflict, Fit, fit_of_class, fit_of_definition, line_of};
pub use host_backends::is_on_host;
pub use parts::{BundleChoice, ChartChoice, ImageChoice, ReleaseParts};
pub use resolved::{Definitions, KindChoice, Resolved};
pub use shared::{ImageSupply, SharedChoice};
pub use supply::{MIRRORS_VARIABLE, supply_of};
pub use wish::{GATEWAY_NODE_PORT, PLAYED_LINE};
