//! What was granted and is not used yet: codes, refresh tokens, and clients that registered.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How many things of each kind are remembered; the oldest are forgotten.
const MOST: usize = 4_096;
/// How long a code is good: RFC 6749, section 4.1.2 recommends ten minutes at most.
pub(super) const CODE_LIFE: Duration = Duration::from_secs(60);
/// How long a refresh token is good.
const REFRESH_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// What somebody granted to a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grant {
    pub(super) realm: String,
    pub(super) client: String,
    pub(super) subject: String,
    pub(super) scope: String,
    /// Who the tokens are for; none: nobody in particular.
    pub(super) audience: Option<String>,
    pub(super) nonce: Option<String>,
}

/// A grant with what a code needs besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Coded {
    pub(super) grant: Grant,
    pub(super) redirect_uri: String,
    pub(super) challenge: String,
}

/// Everything that was granted.
#[derive(Debug, Default)]
pub(super) struct Grants {
    codes: Mutex<Kept<Coded>>,
    refreshes: Mutex<Kept<Grant>>,
    clients: Mutex<Kept<Vec<String>>>,
}

impl Grants {
    /// A code for what was granted.
    pub(super) fn code(&self, coded: Coded) -> String {
        let code = new_secret("agwc_");
        lock(&self.codes).keep(code.clone(), coded, CODE_LIFE);
        code
    }

    /// What a code stands for; it can be used once.
    pub(super) fn use_code(&self, code: &str) -> Option<Coded> {
        lock(&self.codes).take(code)
    }

    /// A refresh token for what was granted.
    pub(super) fn refresh(&self, grant: Grant) -> String {
        let token = new_secret("agwr_");
        lock(&self.refreshes).keep(token.clone(), grant, REFRESH_LIFE);
        token
    }

    /// What a refresh token stands for; it can be used once, another one comes with the answer (RFC 9700, section 4.14.2).
    pub(super) fn use_refresh(&self, token: &str) -> Option<Grant> {
        lock(&self.refreshes).take(token)
    }

    /// Remembers where a client wants its users back.
    pub(super) fn register(&self, client: String, redirect_uris: Vec<String>) {
        lock(&self.clients).keep(client, redirect_uris, REFRESH_LIFE);
    }

    /// Where a client that registered wants its users back.
    pub(super) fn redirect_uris(&self, client: &str) -> Option<Vec<String>> {
        lock(&self.clients).get(client)
    }
}

/// Values that are kept for a while, the newest of them.
#[derive(Debug)]
struct Kept<T> {
    values: HashMap<String, (Instant, T)>,
    order: VecDeque<String>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { values: HashMap::new(), order: VecDeque::new() }
    }
}

impl<T: Clone> Kept<T> {
    fn keep(&mut self, name: String, value: T, life: Duration) {
        if self.order.len() >= MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.values.remove(&oldest);
        }
        self.order.push_back(name.clone());
        self.values.insert(name, (Instant::now() + life, value));
    }

    fn take(&mut self, name: &str) -> Option<T> {
        let (end, value) = self.values.remove(name)?;
        (Instant::now() < end).then_some(value)
    }

    fn get(&self, name: &str) -> Option<T> {
        self.values.get(name).filter(|(end, _)| Instant::now() < *end).map(|(_, value)| value.clone())
    }
}

fn new_secret(prefix: &str) -> String {
    format!("{prefix}{}", hex::encode(rand::random::<[u8; 24]>()))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_taken_once_and_the_oldest_goes() {
        let mut kept = Kept::default();
        (0..=MOST).for_each(|number| kept.keep(number.to_string(), number, CODE_LIFE));
        assert_eq!((kept.take("0"), kept.take("1"), kept.take("1")), (None, Some(1), None));
        kept.keep("late".to_owned(), 7, Duration::ZERO);
        assert_eq!((kept.get("2"), kept.get("late")), (Some(2), None));
    }
}
