//! The services that a gateway's policies call, and upstreams of no particular kind.

use super::catalog::Mock;
use super::{MockError, MockOptions};
use tokio_util::sync::CancellationToken;

/// All of them; their own tasks end with the token.
pub(super) fn services(_cancel: &CancellationToken, _options: &MockOptions) -> Result<Vec<Mock>, MockError> {
    Ok(Vec::new())
}
