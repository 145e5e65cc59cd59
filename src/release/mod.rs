//! Release lines of the gateway as data: their order, windows, coordinates and definitions.

mod compatibility;
mod definitions;
mod error;
mod line;
mod lines;
mod range;
mod tag;
mod version;
mod wanted;

pub use compatibility::{
    Channel, Conflict, Conflicts, Installed, Minor, Severity, Wish, check, refuse_conflicts, window_ids,
};
pub use definitions::{DefinitionsError, definitions};
pub use error::ReleaseError;
pub use line::{ChartCoordinates, ReleaseLine};
pub use lines::{line, lines, newest_line};
pub use tag::check_tag;
pub use version::{ChartVersion, by_release_date};
pub use wanted::{WantedRelease, wanted};
