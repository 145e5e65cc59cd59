//! Waits: looking again and again, soon at first, then less often.

use std::time::Duration;
use tokio::time::sleep;

const SOONEST: Duration = Duration::from_millis(2);
const LATEST: Duration = Duration::from_millis(50);

/// The pause before the next look. Whoever waits has a deadline around it.
#[derive(Debug)]
pub(super) struct Pause(Duration);

impl Pause {
    pub fn new() -> Self {
        Self(SOONEST)
    }

    pub async fn take(&mut self) {
        sleep(self.0).await;
        self.0 = (self.0 * 3 / 2).min(LATEST);
    }
}
