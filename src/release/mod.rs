//! Release lines of the gateway as data: their order, windows, coordinates and definitions.

mod definitions;
mod error;
mod line;
mod lines;
mod version;
mod wanted;

pub use definitions::{DefinitionsError, definitions};
pub use error::ReleaseError;
pub use line::{ChartCoordinates, ReleaseLine};
pub use lines::{line, lines, newest_line};
pub use version::{ChartVersion, by_release_date};
pub use wanted::{WantedRelease, wanted};
