//! The controller's loop: see, compute, publish, write.

use super::{
    view::View,
    watch::Listing,
    write::{Memory, Write, is_outdated, plan},
};
use crate::gateway::{
    Mutant,
    controller::{
        line::{Family, Identity, ProxyImage},
        reconcile::{BoundPorts, Desired, Settings, reconcile},
        resource::Kind,
    },
    table::Table,
};
use futures_util::StreamExt;
use kube::Client;
use std::{collections::BTreeSet, net::IpAddr, sync::Arc, time::Duration};
use tokio::{
    sync::watch as state,
    time::{Instant, timeout_at},
};
use tokio_util::sync::CancellationToken;

/// Until a write that failed is tried again, the first time.
const RETRY: Duration = Duration::from_millis(50);

/// How often that time doubles at most.
const MOST_DOUBLINGS: u32 = 6;

/// Rounds of writing that may follow each other without a change from outside. Two are usual: objects, then what is said of
/// them.
const ROUNDS: usize = 5;

/// Longest time for the proxy, or all proxies, to serve a new table.
const SERVED_WITHIN: Duration = Duration::from_secs(5);

/// How many writes are under way at once.
const PARALLEL_WRITES: usize = 16;

/// How the controller plays its part.
#[derive(Debug, Clone)]
pub struct ControllerOptions {
    /// Release that is played, without `v`: `1.4.1`.
    pub release: String,
    /// Whether the proxy runs in this process: then the controller reports on Deployments and Services what a kubelet and a
    /// balancer would.
    pub in_process_proxy: bool,
    /// Address that Services of type LoadBalancer get with an in-process proxy.
    pub address: Option<IpAddr>,
    /// Image of the reference proxy, for one pod or more a Gateway. `None` leaves the image of the real proxy in Deployments.
    pub proxy_image: Option<ProxyImage>,
    /// As whom it acts.
    pub identity: Identity,
}

impl ControllerOptions {
    /// What is watched, and how it is listed. Lists as streams are the fastest way, which not every API server knows.
    fn watched(&self) -> (Vec<Kind>, Listing) {
        let mut kinds = Kind::ALL.to_vec();
        if self.proxy_image.is_some() {
            kinds.push(Kind::ClusterRoleBinding);
        }
        (kinds, if self.in_process_proxy { Listing::Stream } else { Listing::Pages })
    }
}

/// What controller and proxy tell each other.
#[derive(Debug)]
pub struct ProxyLink {
    /// What the proxy is to serve.
    pub table: state::Sender<Arc<Table>>,
    /// What it serves; nothing is reported before it does.
    pub served: state::Receiver<Arc<Table>>,
    /// Where it listens for each listener port.
    pub bound: state::Receiver<BoundPorts>,
}

/// How the controller is told to misbehave.
#[derive(Debug)]
pub struct Misbehaviour {
    /// The mutant that is wished.
    pub wanted: state::Receiver<Option<Mutant>>,
    /// The mutant under which all that is reported was computed.
    pub acting: state::Sender<Option<Mutant>>,
}

/// Runs the controller until it is cancelled. It waits for kinds that the API does not know yet, and writes only what differs.
pub async fn run(
    client: Client,
    options: ControllerOptions,
    proxy: ProxyLink,
    misbehaviour: Misbehaviour,
    cancel: CancellationToken,
) {
    let (kinds, listing) = options.watched();
    let controller = Controller {
        view: View::of(&client, Family::of(&options.release), kinds, listing),
        client,
        options,
        proxy,
        bound_lives: true,
        misbehaviour,
        mutant_lives: true,
        failures: 0,
        memory: Memory::default(),
        warned: BTreeSet::new(),
    };
    cancel.run_until_cancelled(controller.work()).await;
}

struct Controller {
    client: Client,
    options: ControllerOptions,
    proxy: ProxyLink,
    /// Whether `bound` can still change; a channel without a sender keeps its last value.
    bound_lives: bool,
    misbehaviour: Misbehaviour,
    mutant_lives: bool,
    /// Rounds of writing that failed one after the other.
    failures: u32,
    view: View,
    memory: Memory,
    warned: BTreeSet<String>,
}

impl Controller {
    async fn work(mut self) {
        let mut retry = None;
        loop {
            if !self.gather(retry).await {
                return;
            }
            retry = self.settle_down().await;
        }
    }

    /// Waits for a change and takes in all that come with it. `false` at the end.
    async fn gather(&mut self, retry: Option<Instant>) -> bool {
        let far = Instant::now() + Duration::from_secs(3600);
        tokio::select! {
            goes_on = self.view.change() => if !goes_on {
                return false;
            },
            changed = self.proxy.bound.changed(), if self.bound_lives => self.bound_lives = changed.is_ok(),
            changed = self.misbehaviour.wanted.changed(), if self.mutant_lives => self.mutant_lives = changed.is_ok(),
            () = tokio::time::sleep_until(retry.unwrap_or(far)) => {}
        }
        self.view.rest_of_burst().await;
        true
    }

    /// What should be, once the proxy serves it: a status that speaks of a route means that requests find it. What changes
    /// meanwhile is taken in, because proxies in pods of their own see it as well and then serve a newer table.
    async fn served(&mut self) -> Option<Desired> {
        let deadline = Instant::now() + SERVED_WITHIN;
        loop {
            let desired = self.desired()?;
            let wanted = Arc::clone(&self.proxy.table.borrow());
            let serves = self.proxy.served.wait_for(|served| Arc::ptr_eq(served, &wanted));
            tokio::select! {
                // A proxy that has ended serves nothing any more, and late news are better than none.
                _ = timeout_at(deadline, serves) => return Some(desired),
                goes_on = self.view.change() => if !goes_on {
                    return None;
                },
            }
            self.view.rest_of_burst().await;
        }
    }

    /// Writes until nothing differs. Gives the time of the next try where writes fail.
    async fn settle_down(&mut self) -> Option<Instant> {
        self.view.read_addresses().await;
        for _ in 0..ROUNDS {
            let desired = self.served().await?;
            let writes = plan(&desired, &self.view.snapshot, &self.memory, &now());
            if writes.is_empty() {
                self.failures = 0;
                self.misbehaviour.acting.send_replace(*self.misbehaviour.wanted.borrow());
                return None;
            }
            // Pods that start before what they mount wait longer than it takes to make that first.
            let (pods, others): (Vec<_>, Vec<_>) =
                writes.into_iter().partition(|write| write.key().kind == Kind::Deployment);
            if !(self.write(others).await && self.write(pods).await) {
                break;
            }
        }
        let patience = RETRY * 2_u32.pow(self.failures.min(MOST_DOUBLINGS));
        self.failures = self.failures.saturating_add(1);
        Some(Instant::now() + patience)
    }

    /// What should be, published as far as the proxy needs it. `None` while not all kinds have been seen.
    fn desired(&mut self) -> Option<Desired> {
        let settings = Settings {
            release: self.options.release.clone(),
            in_process_proxy: self.options.in_process_proxy,
            address: self.options.address,
            proxy_image: self.options.proxy_image.clone(),
            identity: self.options.identity.clone(),
            bound: self.proxy.bound.borrow_and_update().clone(),
            mutant: *self.misbehaviour.wanted.borrow_and_update(),
            fresh: rand::random(),
        };
        if !self.view.is_complete() {
            return self.class_only(&settings);
        }
        let mut desired = reconcile(&self.view.snapshot, &settings);
        self.view.fetch_keys(&desired);
        let fresh = std::mem::take(&mut desired.table);
        self.proxy.table.send_if_modified(|table| {
            let differs = **table != fresh;
            if differs {
                *table = Arc::new(fresh);
            }
            differs
        });
        for warning in desired.warnings.difference(&self.warned) {
            tracing::warn!("{warning}");
        }
        self.warned.clone_from(&desired.warnings);
        Some(desired)
    }

    /// As soon as Gateway API is there, the class is made and accepted; everything else waits for all kinds.
    fn class_only(&self, settings: &Settings) -> Option<Desired> {
        if !self.view.knows(Kind::GatewayClass) {
            return None;
        }
        let mut desired = reconcile(&self.view.snapshot, settings);
        desired.statuses.retain(|key, _| key.kind == Kind::GatewayClass);
        desired.objects.retain(|key, _| key.kind == Kind::GatewayClass);
        desired.doomed.clear();
        Some(desired)
    }

    /// Carries writes out, and takes in what the API answers. `false` if one of them failed.
    async fn write(&mut self, writes: Vec<Write>) -> bool {
        let (client, family) = (&self.client, self.view.family());
        let results: Vec<_> = futures_util::stream::iter(writes)
            .map(|write| async move {
                let result = write.carry_out(client, family).await;
                (write, result)
            })
            .buffer_unordered(PARALLEL_WRITES)
            .collect()
            .await;
        let mut fine = true;
        for (write, result) in results {
            let key = write.key().clone();
            match result {
                Ok(Some(object)) => {
                    self.memory.record(write, &object);
                    self.view.insert(key.kind, object);
                }
                Ok(None) => self.view.snapshot.remove(&key),
                Err(error) => {
                    fine = false;
                    if !is_outdated(&error) {
                        tracing::warn!(%key, %error, "the API did not take a write");
                    }
                }
            }
        }
        self.memory.retain(|key| self.view.snapshot.live(key).is_some());
        fine
    }
}

/// The time as Kubernetes writes it: whole seconds.
fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
