//! What the user wishes: the schema of a profile, the layers it is made of, and mistakes shown where they were made.
//!
//! A profile is made of layers, later ones win: a built-in profile, files (each may extend a built-in name or another
//! file), flags. Sections merge field by field, maps by key (a backend named again replaces the earlier one as a
//! whole), lists are replaced.

mod address;
mod built_in;
mod check;
mod document;
mod error;
mod header;
mod layer;
mod load;
mod merge;
mod merge_supply;
mod mistake;
mod model;
mod nearest;
mod overrides;
mod place;
mod supply;
mod tree;
mod wiring_check;

pub use built_in::{BuiltIn, built_in, built_in_names, built_ins};
pub use error::ProfileError;
pub use load::load;
pub use merge_supply::merge_values;
pub use model::{
    Cluster, Gateway, Implementation, Listener, LogLevel, Logging, Mocks, Profile, ProviderChoice, SCHEMA, Setting,
};
pub use overrides::Overrides;
pub use supply::{ChannelWish, ChartWish, GatewayApiWish, IMAGES, MirrorWish, MocksAt, SupplyWish};
