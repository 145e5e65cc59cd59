//! Waiting for an object: with a deadline, and saying what for.

use super::{Cluster, ClusterError, ObjectKey, Readiness, readiness_of};
use std::time::{Duration, Instant};

/// First pause between two looks; it grows to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(250);

/// Who is told what is waited for.
pub type Telling<'a> = &'a (dyn Fn(String) + Send + Sync);

/// A wait in preparation.
pub struct Waiting<'a> {
    cluster: &'a Cluster,
    key: ObjectKey,
    deadline: Duration,
    telling: Option<Telling<'a>>,
}

impl Cluster {
    /// Waits until an object is ready, see [`readiness_of`].
    pub fn wait_for(&self, key: ObjectKey) -> Waiting<'_> {
        Waiting { cluster: self, key, deadline: Duration::from_secs(30), telling: None }
    }
}

impl<'a> Waiting<'a> {
    /// Sets the deadline; it is 30 s otherwise.
    pub fn within(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Tells object, condition and last message after every look.
    pub fn telling(mut self, telling: Telling<'a>) -> Self {
        self.telling = Some(telling);
        self
    }

    /// Waits. A call that fails is tried again until the deadline.
    pub async fn until_ready(self) -> Result<(), ClusterError> {
        let began = Instant::now();
        let mut pause = FIRST_PAUSE;
        loop {
            let last = match self.cluster.get(&self.key).await {
                Ok(None) => "it does not exist".to_owned(),
                Err(error) => error.to_string(),
                Ok(Some(object)) => match readiness_of(&object) {
                    Readiness::Ready => return Ok(()),
                    Readiness::Hopeless(why) => {
                        return Err(ClusterError::Hopeless { object: self.key.to_string(), why });
                    }
                    Readiness::Waiting(last) => last,
                },
            };
            if began.elapsed() + pause > self.deadline {
                let seconds = self.deadline.as_secs();
                return Err(ClusterError::TimedOut { object: self.key.to_string(), seconds, last });
            }
            if let Some(telling) = self.telling {
                telling(format!("{}: {last}", self.key));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 3 / 2).min(LONGEST_PAUSE);
        }
    }
}
