//! The state of the identity provider.

use super::grants::Grants;
use super::key::Key;
use super::realm::{FIRST, Keys};
use crate::exchange::TokenAlgorithm;
use crate::mock::trust::{KeyRoot, TrustError};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

/// How many realms may have rotated their keys, and how many RSA keys are known at a time.
const MOST: usize = 256;
/// Rotations count from here, so that there is a key before the first one.
const FIRST_ROTATION: u64 = 1;

type LateKey = Arc<OnceCell<Arc<Key>>>;

/// The identity provider; clones share its state.
#[derive(Clone)]
pub(in crate::mock) struct Provider {
    pub(super) grants: Arc<Grants>,
    /// What tokens name as their issuer, where it is not the origin at which they were asked for.
    pub(super) fixed_issuer: Option<Arc<str>>,
    root: KeyRoot,
    rotations: Arc<Mutex<HashMap<String, u64>>>,
    /// RSA keys take long to make, so realms share them: one for each number of rotations.
    rsa: Arc<Mutex<HashMap<u64, LateKey>>>,
}

impl Provider {
    /// With keys from a secret.
    pub(in crate::mock) fn new(root: KeyRoot, fixed_issuer: Option<&str>) -> Self {
        let fixed_issuer = fixed_issuer.map(|issuer| issuer.trim_end_matches('/').into());
        let (grants, rotations, rsa) = (Arc::default(), Arc::default(), Arc::default());
        Self { grants, fixed_issuer, root, rotations, rsa }
    }

    /// The keys of a realm as they are now.
    pub(super) async fn keys(&self, realm: &str) -> Result<Keys, TrustError> {
        let rotations = self.rotations(realm);
        Ok(Keys { es256: Keys::es256(&self.root, realm, rotations)?, rs256: self.rs256(rotations).await? })
    }

    /// The key that signs the tokens of a realm.
    pub(super) async fn key(&self, realm: &str, algorithm: TokenAlgorithm) -> Result<Arc<Key>, TrustError> {
        self.key_after(realm, self.rotations(realm), algorithm).await
    }

    /// The key that signed them before the last rotation.
    pub(super) async fn rotated_key(&self, realm: &str, algorithm: TokenAlgorithm) -> Result<Arc<Key>, TrustError> {
        self.key_after(realm, self.rotations(realm) - 1, algorithm).await
    }

    /// A key that is nobody's.
    pub(super) async fn wrong_key(&self, algorithm: TokenAlgorithm) -> Result<Arc<Key>, TrustError> {
        self.key_after("nobody", u64::MAX, algorithm).await
    }

    /// From now on the realm has other keys, and the set does not show the old ones.
    pub(super) fn rotate(&self, realm: &str) {
        let mut rotations = lock(&self.rotations);
        if rotations.len() >= MOST && !rotations.contains_key(realm) {
            rotations.clear();
        }
        *rotations.entry(realm.to_owned()).or_insert(FIRST_ROTATION) += 1;
    }

    fn rotations(&self, realm: &str) -> u64 {
        lock(&self.rotations).get(realm).copied().unwrap_or(FIRST_ROTATION)
    }

    async fn key_after(&self, realm: &str, rotations: u64, algorithm: TokenAlgorithm) -> Result<Arc<Key>, TrustError> {
        match algorithm {
            TokenAlgorithm::Es256 => Ok(Arc::new(Keys::es256(&self.root, realm, rotations)?)),
            TokenAlgorithm::Rs256 => self.rs256(rotations).await,
        }
    }

    async fn rs256(&self, rotations: u64) -> Result<Arc<Key>, TrustError> {
        let cell = {
            let mut known = lock(&self.rsa);
            if known.len() >= MOST {
                known.clear();
            }
            Arc::clone(known.entry(rotations).or_default())
        };
        let root = self.root.clone();
        let make = || async move {
            let made = spawn_blocking(move || Key::rs256(&root, &format!("token {rotations}"))).await;
            made.map_err(|_| TrustError::Ended)?.map(Arc::new)
        };
        cell.get_or_try_init(make).await.cloned()
    }
}

/// The realm of a name; none: the one at the root.
pub(super) fn realm_or_first(realm: Option<&str>) -> &str {
    realm.unwrap_or(FIRST)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
