//! Where the time of a run went: the chain of steps in which each waited for the one before it.

use crate::{
    event::Change,
    plan::{Plan, StepId},
};
use std::{collections::HashMap, time::Duration};

/// The chain that took longest, in order, with the time of each step. No run of this plan can be faster than this chain
/// unless one of its steps is.
pub fn critical_path(plan: &Plan, ended: &[(StepId, Change, Duration)]) -> Vec<(StepId, Duration)> {
    let took: HashMap<&StepId, Duration> = ended.iter().map(|(step, _, took)| (step, *took)).collect();
    // When each step would end on a machine that starts it at once, and after which other step it began.
    let mut ends: HashMap<&StepId, (Duration, Option<&StepId>)> = HashMap::new();
    for step in &plan.steps {
        let Some(took) = took.get(&step.id) else { continue };
        let last = step.needs.iter().filter(|need| ends.contains_key(need)).max_by_key(|need| ends[need].0);
        let began = last.map_or(Duration::ZERO, |need| ends[need].0);
        ends.insert(&step.id, (began + *took, last));
    }
    let mut at = ends.iter().max_by_key(|(_, (end, _))| *end).map(|(step, _)| *step);
    let mut path = Vec::new();
    while let Some(step) = at {
        path.push((step.clone(), took[step]));
        at = ends[step].1;
    }
    path.reverse();
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{PlannedStep, Step};

    fn plan(steps: &[(&str, &[&str])]) -> Plan {
        let step = |(id, needs): &(&str, &[&str])| PlannedStep::new(id, id, needs, Duration::from_secs(1), Step::Nodes);
        let steps = steps.iter().map(step).collect();
        Plan { schema: "", sandbox: String::new(), provider: String::new(), steps }
    }

    fn ended(times: &[(&str, u64)]) -> Vec<(StepId, Change, Duration)> {
        times.iter().map(|(id, seconds)| (StepId::new(*id), Change::Made, Duration::from_secs(*seconds))).collect()
    }

    fn path_of(plan: &Plan, times: &[(&str, u64)]) -> Vec<(String, u64)> {
        critical_path(plan, &ended(times)).iter().map(|(step, took)| (step.to_string(), took.as_secs())).collect()
    }

    const STEPS: &[(&str, &[&str])] = &[
        ("cluster", &[]),
        ("image", &[]),
        ("load", &["image"]),
        ("definitions", &["cluster"]),
        ("controller", &["definitions", "load"]),
        ("host", &["cluster"]),
    ];

    #[test]
    fn the_slowest_chain_is_found_not_the_slowest_step() {
        let plan = plan(STEPS);
        let times = [("image", 4), ("load", 9), ("cluster", 10), ("definitions", 2), ("host", 1), ("controller", 3)];
        assert_eq!(path_of(&plan, &times), [("image".into(), 4), ("load".into(), 9), ("controller".into(), 3)]);
        let times = [("image", 4), ("load", 5), ("cluster", 10), ("definitions", 2), ("host", 1), ("controller", 3)];
        let path = [("cluster".into(), 10), ("definitions".into(), 2), ("controller".into(), 3)];
        assert_eq!(path_of(&plan, &times), path);
    }

    #[test]
    fn of_a_run_that_ended_early_only_what_ended_counts() {
        let plan = plan(STEPS);
        assert_eq!(path_of(&plan, &[("cluster", 10), ("image", 4)]), [("cluster".into(), 10)]);
        assert_eq!(path_of(&plan, &[]), []);
    }
}
