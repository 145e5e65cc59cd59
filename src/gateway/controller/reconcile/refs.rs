//! Backend references of routes.

use super::{backend::ReadBackend, delegation, grant, policy_book::PolicyBook, service::dns_name};
use crate::gateway::{
    Mutant,
    controller::resource::{BackendRef, Kind, ObjectKey, Snapshot},
    table::{Backend, BackendFault, ObjectName, Policies, RouteGroup, ServiceBackend},
};
use std::{collections::BTreeMap, time::Duration};

/// Everything that references lead to.
#[derive(Debug)]
pub(super) struct Referents<'a> {
    /// The cluster.
    pub(super) snapshot: &'a Snapshot,
    /// Backends, read.
    pub(super) backends: &'a BTreeMap<ObjectName, ReadBackend>,
    /// Policies.
    pub(super) book: &'a PolicyBook,
    /// How the gateway misbehaves.
    pub(super) mutant: Option<Mutant>,
}

/// Why a reference is not resolved. Source: facts/controller.md 6.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unresolved {
    /// Reason of `ResolvedRefs`.
    pub(super) reason: &'static str,
    /// Its message.
    pub(super) message: String,
}

impl Unresolved {
    fn fault(&self) -> BackendFault {
        if self.reason == "BackendNotFound" { BackendFault::ServiceNotFound } else { BackendFault::DoesNotExist }
    }
}

enum Referent {
    Service(ObjectName, u16),
    Backend(ObjectName),
    Routes(ObjectName),
}

impl Referents<'_> {
    /// Whether the reference of a route in a namespace is good.
    pub(super) fn check(&self, reference: &BackendRef, namespace: &str) -> Option<Unresolved> {
        self.find(reference, namespace).err()
    }

    /// What a rule calls. `rule` and `listener` hold the policies of the rule's route and of the listener.
    pub(super) fn backend(
        &self,
        reference: &BackendRef,
        namespace: &str,
        rule: &Policies,
        listener: &Policies,
    ) -> Backend {
        match self.find(reference, namespace) {
            Err(unresolved) => Backend::Faulty(unresolved.fault()),
            Ok(Referent::Service(name, port)) => Backend::Service(ServiceBackend { host: dns_name(&name), port }),
            Ok(Referent::Routes(target)) => {
                // Whose rule it is, the route says.
                let parent = ObjectName { namespace: namespace.to_owned(), name: String::new() };
                Backend::Routes(RouteGroup { parent, rule: 0, target })
            }
            Ok(Referent::Backend(name)) => {
                let own = self.book.layer(&ObjectKey { kind: Kind::Backend, name: name.clone() }, None);
                let missing = Backend::Faulty(BackendFault::ServiceNotFound);
                self.backends.get(&name).map_or(missing, |backend| backend.for_rule(rule, &own, listener))
            }
        }
    }

    /// Time limit of calls, where the reference leads to a plain server that has one.
    pub(super) fn plain_timeout(&self, reference: &BackendRef, namespace: &str, rule: &Policies) -> Option<Duration> {
        let Ok(Referent::Backend(name)) = self.find(reference, namespace) else { return None };
        let own = self.book.layer(&ObjectKey { kind: Kind::Backend, name: name.clone() }, None);
        self.backends.get(&name)?.plain_timeout(rule, &own)
    }

    fn find(&self, reference: &BackendRef, namespace: &str) -> Result<Referent, Unresolved> {
        let unresolved = |reason, message| Err(Unresolved { reason, message });
        let group = reference.group.as_deref().unwrap_or_default();
        let kind = reference.kind.as_deref().unwrap_or("Service");
        let home = reference.namespace.as_deref().unwrap_or(namespace);
        let name = ObjectName { namespace: home.to_owned(), name: reference.name.clone() };
        if let Some(target) = delegation::target(reference, namespace) {
            return Ok(Referent::Routes(target));
        }
        let strict = self.mutant != Some(Mutant::GrantNotNeeded);
        if home != namespace && strict && !grant::permits(self.snapshot, namespace, home, group, kind, &name.name) {
            let message = format!(
                "backendRef {name} not accessible to a HTTPRoute in namespace \"{namespace}\" (missing a ReferenceGrant?)"
            );
            return unresolved("RefNotPermitted", message);
        }
        match Kind::of(group, kind) {
            Some(Kind::Service) if self.snapshot.services.contains_key(&name) => {
                Ok(Referent::Service(name, reference.port.unwrap_or(0)))
            }
            Some(Kind::Service) => unresolved("BackendNotFound", format!("backend({}) not found", dns_name(&name))),
            Some(Kind::Backend) if self.snapshot.backends.contains_key(&name) => Ok(Referent::Backend(name)),
            Some(Kind::Backend) => unresolved("BackendNotFound", format!("Backend not found: {name}")),
            _ => {
                let message = format!("referencing unsupported backendRef: group \"{group}\" kind \"{kind}\"");
                unresolved("InvalidKind", message)
            }
        }
    }
}
