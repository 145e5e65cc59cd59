//! Waiting until objects are gone, and saying what keeps them.

use crate::{
    cluster::{Cluster, ObjectKey, Telling, conditions_of},
    execute::ExecuteError,
};
use futures_util::future::try_join_all;
use serde_json::Value;
use std::time::{Duration, Instant};

/// Pause between two looks at what has to go.
const LOOK: Duration = Duration::from_millis(100);
/// The finalizer that every namespace has until it is empty; it explains nothing.
const OF_NAMESPACES: &str = "kubernetes";
/// So many objects are named while they are waited for.
const NAMED: usize = 3;

/// An object that is still there, and what keeps it; empty: nothing that is known.
type Staying = (String, String);

/// Waits until all are gone, and tells what is left meanwhile.
///
/// # Errors
/// SHARED-02: one does not go in time; its finalizers are named.
pub(super) async fn await_gone(
    cluster: &Cluster,
    objects: &[ObjectKey],
    deadline: Duration,
    telling: Telling<'_>,
) -> Result<(), ExecuteError> {
    let began = Instant::now();
    let mut left: Vec<&ObjectKey> = objects.iter().collect();
    loop {
        let seen = try_join_all(left.iter().map(|key| cluster.get(key))).await?;
        let seen: Vec<_> = left.into_iter().zip(seen).filter_map(|(key, object)| Some((key, object?))).collect();
        let mut staying: Vec<Staying> = seen.iter().map(|(key, object)| (key.to_string(), held_by(object))).collect();
        // Those with something to say first.
        staying.sort_by_key(|(_, held_by)| held_by.is_empty());
        let Some((object, held_by)) = staying.first() else { return Ok(()) };
        if began.elapsed() > deadline {
            let (object, held_by) = (object.clone(), held_by.clone());
            return Err(ExecuteError::Stays { object, seconds: deadline.as_secs(), held_by });
        }
        telling(in_words(&staying));
        left = seen.into_iter().map(|(key, _)| key).collect();
        tokio::time::sleep(LOOK).await;
    }
}

/// `Namespace a (finalizers x), Namespace b and 2 more to go`.
fn in_words(staying: &[Staying]) -> String {
    let named = staying.iter().take(NAMED).map(|(object, held_by)| match held_by.as_str() {
        "" => object.clone(),
        held_by => format!("{object} ({held_by})"),
    });
    let named = named.collect::<Vec<_>>().join(", ");
    match staying.len().saturating_sub(NAMED) {
        0 => format!("{named} to go"),
        more => format!("{named} and {more} more to go"),
    }
}

/// What keeps an object from going.
fn held_by(object: &Value) -> String {
    let finalizers =
        ["/metadata/finalizers", "/spec/finalizers"].into_iter().filter_map(|pointer| object.pointer(pointer));
    let names = finalizers.filter_map(Value::as_array).flatten().filter_map(Value::as_str);
    let names: Vec<&str> = names.filter(|name| *name != OF_NAMESPACES).collect();
    let conditions = conditions_of(object);
    let told = conditions.iter().filter(|condition| condition.status == "True" && !condition.message.is_empty());
    let mut parts: Vec<String> =
        told.filter(|told| told.kind.starts_with("Namespace")).map(|told| told.message.clone()).collect();
    if !names.is_empty() {
        parts.push(format!("finalizers {}", names.join(", ")));
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_namespace_says_what_in_it_stays() {
        let condition =
            |kind: &str, status: &str, message: &str| json!({"type": kind, "status": status, "message": message});
        let namespace = json!({
            "spec": {"finalizers": ["kubernetes"]},
            "status": {"conditions": [
                condition("NamespaceDeletionContentFailure", "False", "All content successfully deleted"),
                condition("NamespaceFinalizersRemaining", "True", "example.test/hold in 1 resource instances"),
            ]},
        });
        assert_eq!(held_by(&namespace), "example.test/hold in 1 resource instances");
        assert_eq!(held_by(&json!({"metadata": {"finalizers": ["a/b", "c/d"]}})), "finalizers a/b, c/d");
        assert_eq!(held_by(&json!({"spec": {"finalizers": ["kubernetes"]}})), "");
    }

    #[test]
    fn few_are_named_and_the_rest_is_counted() {
        let staying = |name: &str, held_by: &str| (name.to_owned(), held_by.to_owned());
        assert_eq!(in_words(&[staying("Namespace a", "finalizers x")]), "Namespace a (finalizers x) to go");
        let many = ["a", "b", "c", "d", "e"].map(|name| staying(name, ""));
        assert_eq!(in_words(&many), "a, b, c and 2 more to go");
    }
}
