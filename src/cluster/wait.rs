//! Waiting for an object: with a deadline, saying what for, and no longer than it can help.

use super::{
    Cause, Cluster, ClusterError, Explanation, Notes, ObjectKey, Outlook, Readiness, Stuck, Surety, readiness_of,
};
use super::{notes::last_lines, readiness::wanted};
use serde_json::Value;
use std::time::{Duration, Instant};

/// First pause between two looks; it grows to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(250);
/// Time for one look: an API that hangs must not outlive the deadline by more.
const LOOK: Duration = Duration::from_secs(10);
/// How long a state may stay as it is that heals only if something is still on its way.
const STAYS: Duration = Duration::from_secs(5);

/// Who is told what is waited for.
pub type Telling<'a> = &'a (dyn Fn(String) + Send + Sync);
/// Who knows what a program's log means.
pub type Explaining<'a> = &'a (dyn Fn(&str) -> Option<Explanation> + Send + Sync);

/// A wait in preparation.
pub struct Waiting<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) key: ObjectKey,
    deadline: Duration,
    telling: Option<Telling<'a>>,
    pub(super) explaining: Option<Explaining<'a>>,
    retrying: bool,
}

impl Cluster {
    /// Waits until an object is ready, see [`readiness_of`].
    pub fn wait_for(&self, key: ObjectKey) -> Waiting<'_> {
        let deadline = Duration::from_secs(30);
        Waiting { cluster: self, key, deadline, telling: None, explaining: None, retrying: false }
    }
}

/// What a wait has seen so far.
#[derive(Default)]
pub(super) struct Seen {
    /// The state that is in the way, and since when it is.
    doubt: Option<(Cause, Instant)>,
    /// When the logs were read last.
    pub(super) logs: Option<Instant>,
    /// A Pod that is not well, for its log.
    pub(super) pod: Option<Value>,
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

    /// Asks about the log of a container that does not become ready or has ended. A problem that is known ends the wait.
    pub fn explaining(mut self, explaining: Explaining<'a>) -> Self {
        self.explaining = Some(explaining);
        self
    }

    /// Begins with a fresh try of Pods that an earlier run left in a long pause between two tries: what they say is old.
    pub fn retrying(mut self) -> Self {
        self.retrying = true;
        self
    }

    /// Waits. A look that fails is tried again until the deadline; a state that does not heal ends the wait.
    pub async fn until_ready(self) -> Result<(), ClusterError> {
        let began = Instant::now();
        let mut pause = FIRST_PAUSE;
        let mut seen = Seen::default();
        let mut fresh = !self.retrying;
        loop {
            let outlook = match self.look().await {
                Ok(None) => Outlook::waiting("it does not exist"),
                Err(error) => Outlook::waiting(error.to_string()),
                Ok(Some(object)) => match readiness_of(&object) {
                    Readiness::Ready => return Ok(()),
                    Readiness::NotReady(_) if !fresh => {
                        fresh = true;
                        self.retry_stuck_pods(&object).await;
                        Outlook::waiting("its Pods are made anew")
                    }
                    Readiness::NotReady(outlook) => self.with_pods(&object, outlook, began, &mut seen).await,
                },
            };
            if let Some(cause) = seen.certain(&outlook) {
                return Err(self.stuck(outlook.seen, cause, &seen).await);
            }
            if began.elapsed() + pause > self.deadline {
                return Err(self.timed_out(outlook.seen, &seen).await);
            }
            if let Some(telling) = self.telling {
                telling(format!("{}: {}", self.key, outlook.seen));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 3 / 2).min(LONGEST_PAUSE);
        }
    }

    async fn look(&self) -> Result<Option<Value>, ClusterError> {
        let late = || ClusterError::Call {
            doing: format!("reading {}", self.key),
            why: format!("the API does not answer within {} s", LOOK.as_secs()),
        };
        tokio::time::timeout(LOOK, self.cluster.look(&self.key)).await.unwrap_or_else(|_| Err(late()))
    }

    async fn stuck(&self, last: String, cause: Cause, seen: &Seen) -> ClusterError {
        let (object, wanted) = (self.key.to_string(), wanted(&self.key.kind));
        let notes = self.notes(seen).await;
        ClusterError::Stuck(Box::new(Stuck { object, wanted, seen: last, cause, notes }))
    }

    async fn timed_out(&self, last: String, seen: &Seen) -> ClusterError {
        let (object, wanted) = (self.key.to_string(), wanted(&self.key.kind));
        let notes = self.notes(seen).await;
        ClusterError::TimedOut { object, wanted, seconds: self.deadline.as_secs(), last, notes }
    }

    async fn notes(&self, seen: &Seen) -> Notes {
        let log = async {
            match &seen.pod {
                Some(pod) => last_lines(&self.cluster.log_of(pod).await),
                None => Vec::new(),
            }
        };
        let (events, log) = tokio::join!(self.cluster.events_about(&self.key), log);
        Notes { events, log }
    }
}

impl Seen {
    /// The cause that ends the wait: one that is sure, or one that has stayed long enough.
    fn certain(&mut self, outlook: &Outlook) -> Option<Cause> {
        let Some((cause, surety)) = &outlook.stuck else {
            self.doubt = None;
            return None;
        };
        if *surety == Surety::Sure {
            return Some(cause.clone());
        }
        let same = |doubt: &&(Cause, Instant)| std::mem::discriminant(&doubt.0) == std::mem::discriminant(cause);
        match self.doubt.as_ref().filter(same) {
            Some((_, since)) => (since.elapsed() >= STAYS).then(|| cause.clone()),
            None => {
                self.doubt = Some((cause.clone(), Instant::now()));
                None
            }
        }
    }
}
