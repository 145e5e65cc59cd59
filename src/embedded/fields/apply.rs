//! Server-side apply: merge, prune, and who owns what afterwards.

use super::compare::compare;
use super::extract::field_set;
use super::managed::{Entry, Managed, Owner, unowned};
use super::merge::merge;
use super::remove::remove;
use super::set::FieldSet;
use super::shape::Shape;
use serde_json::Value;

/// The outcome of an apply.
#[derive(Debug)]
pub(in crate::embedded) struct Applied {
    pub object: Value,
    pub managed: Managed,
}

/// Applies `config` as `owner`. The error lists the conflicts: manager and path.
pub(in crate::embedded) fn apply(
    shape: Shape<'_>,
    live: &Value,
    config: &Value,
    managed: Managed,
    owner: &Owner,
    force: bool,
    now: &str,
) -> Result<Applied, Vec<(String, String)>> {
    let mut managed = managed;
    let merged = merge(shape, live, config);
    let set = field_set(shape, config);
    let last = managed.take(owner);
    managed.entries.push(Entry { owner: owner.clone(), time: now.to_owned(), set: set.clone() });
    let object = match &last {
        Some(last) if !last.set.is_empty() => prune(shape, merged, &managed, &last.set),
        _ => merged,
    };
    settle(shape, live, &object, &mut managed, owner, force)?;
    // Only now: while pruning, the name belongs to the configuration like everything else in it.
    let set = set.difference(&unowned());
    if let Some(entry) = managed.entries.iter_mut().find(|entry| entry.owner == *owner) {
        entry.set = set;
    }
    if *live == object
        && let Some(entry) = managed.entries.iter_mut().find(|entry| entry.owner == *owner)
    {
        // Only an apply that changes the object has a time.
        entry.time = last.map(|last| last.time).unwrap_or_default();
    }
    Ok(Applied { object, managed })
}

/// Takes away what the manager applied last time, does not any more, and nobody else owns.
fn prune(shape: Shape<'_>, merged: Value, managed: &Managed, last: &FieldSet) -> Value {
    let named = |set: &FieldSet| set.with_named_fields(shape);
    let without = |set: &FieldSet| remove(shape, &merged, set).unwrap_or(Value::Null);
    let everything = named(&field_set(shape, &merged));
    let last = named(last);
    let pruned = without(&last);
    let owned = managed.entries.iter().fold(FieldSet::default(), |all, entry| all.union(&entry.set));
    let kept = named(&field_set(shape, &pruned)).union(&named(&owned));
    let with_owned = without(&everything.difference(&kept));
    let kept = named(&field_set(shape, &with_owned));
    without(&everything.difference(&kept).intersection(&last))
}

/// Finds conflicts with other managers; with `force`, takes the fields over.
fn settle(
    shape: Shape<'_>,
    live: &Value,
    object: &Value,
    managed: &mut Managed,
    owner: &Owner,
    force: bool,
) -> Result<(), Vec<(String, String)>> {
    let comparison = compare(shape, live, object);
    let changed = comparison.added.union(&comparison.modified);
    let mut conflicts = Vec::new();
    for entry in managed.entries.iter_mut().filter(|entry| entry.owner != *owner) {
        let contested = entry.set.intersection(&changed);
        if !contested.is_empty() {
            let who = entry.owner.describe();
            conflicts.extend(contested.paths().into_iter().map(|path| (who.clone(), path)));
        }
        entry.set = entry.set.difference(&contested).difference(&comparison.removed);
    }
    if conflicts.is_empty() || force { Ok(()) } else { Err(conflicts) }
}
