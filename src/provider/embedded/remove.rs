//! Ending the background process.

use super::{Embedded, Handshake};
use crate::{process::end_process, provider::ProviderError};
use std::time::Duration;

/// Time that it gets to end by itself.
const GRACE: Duration = Duration::from_secs(5);

impl Embedded {
    /// Ends the process. Returns whether there was one.
    pub async fn remove(&self) -> Result<bool, ProviderError> {
        let Some(handshake) = Handshake::read(&self.home) else { return Ok(false) };
        if !handshake.process.is_alive() {
            return Ok(false);
        }
        end_process(&handshake.process, GRACE).await?;
        Ok(true)
    }
}
