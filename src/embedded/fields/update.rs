//! Ownership after a write that is not an apply.

use super::compare::compare;
use super::managed::{Entry, Managed, Owner, unowned};
use super::set::FieldSet;
use super::shape::Shape;
use serde_json::Value;

/// Who owns what after `owner` has turned `old` into `new`.
pub(in crate::embedded) fn update(
    shape: Shape<'_>,
    old: &Value,
    new: &Value,
    mut managed: Managed,
    owner: &Owner,
    now: &str,
) -> Managed {
    let comparison = compare(shape, old, new);
    let changed = comparison.added.union(&comparison.modified).difference(&unowned());
    let lost = changed.union(&comparison.removed);
    for entry in &mut managed.entries {
        entry.set = entry.set.difference(&lost);
    }
    if changed.is_empty() {
        return managed;
    }
    let before = managed.take(owner).map_or_else(FieldSet::default, |entry| entry.set);
    let set = before.union(&changed);
    managed.entries.push(Entry { owner: owner.clone(), time: now.to_owned(), set });
    managed
}
