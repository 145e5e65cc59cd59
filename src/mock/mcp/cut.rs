//! The end of a connection in the middle of an answer.

use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// Ends the connection of its request. It is an extension of every request.
#[derive(Debug, Clone, Default)]
pub(super) struct Cut(CancellationToken);

impl Cut {
    /// The connection ends now, whatever was sent.
    pub(super) fn now(&self) {
        self.0.cancel();
    }

    /// Waits until [`Self::now`] is called.
    pub(super) fn cancelled(self) -> WaitForCancellationFutureOwned {
        self.0.cancelled_owned()
    }
}
