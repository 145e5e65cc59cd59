//! Parts of a run that take about as long as each other, for several machines.

use super::{ScenarioError, spec::Scenario};
use std::{collections::BTreeMap, str::FromStr, sync::Arc};

/// Seconds that a scenario takes whose cost nobody has measured.
const USUAL: f64 = 0.1;

/// One part of several, counted from 1: `1/4`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which one.
    pub part: usize,
    /// Of how many.
    pub parts: usize,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(part, parts)| Some((part.parse().ok()?, parts.parse().ok()?)));
        match numbers {
            Some((part, parts)) if (1..=parts).contains(&part) && parts <= 100 => Ok(Self { part, parts }),
            _ => Err("write one part of several, `1/4` to `4/4`".to_owned()),
        }
    }
}

/// Seconds that scenarios take on the embedded provider, by id.
#[derive(Debug, Clone, Default)]
pub struct Costs(BTreeMap<String, f64>);

impl Costs {
    /// Those that come with the program.
    ///
    /// # Errors
    /// The file is not what it should be.
    pub fn built_in() -> Result<Self, ScenarioError> {
        let costs = serde_json::from_str(include_str!("../../tests/scenarios/costs.json"));
        costs.map(Self).map_err(|error| ScenarioError::nowhere("SCENARIO-09", format!("costs.json: {error}")))
    }

    /// Seconds of a scenario.
    fn of(&self, scenario: &Scenario) -> f64 {
        self.0.get(&scenario.id).copied().unwrap_or(USUAL)
    }
}

/// The scenarios of one part: the same on every machine, whatever its seed.
pub fn shard(mut scenarios: Vec<Arc<Scenario>>, shard: Shard, costs: &Costs) -> Vec<Arc<Scenario>> {
    scenarios.sort_by(|a, b| costs.of(b).total_cmp(&costs.of(a)).then_with(|| a.id.cmp(&b.id)));
    let mut loads = vec![0.0_f64; shard.parts];
    let mut mine = Vec::new();
    for scenario in scenarios {
        let lightest = (0..shard.parts).min_by(|a, b| loads[*a].total_cmp(&loads[*b])).unwrap_or_default();
        loads[lightest] += costs.of(&scenario);
        if lightest + 1 == shard.part {
            mine.push(scenario);
        }
    }
    mine
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Catalogue;

    #[test]
    fn every_scenario_is_in_one_part_and_no_part_takes_much_longer_than_another() {
        let all = Catalogue::built_in().unwrap().all().to_vec();
        let costs = Costs::built_in().unwrap();
        let parts: Vec<_> = (1..=4).map(|part| shard(all.clone(), Shard { part, parts: 4 }, &costs)).collect();
        let mut ids: Vec<&str> = parts.iter().flatten().map(|scenario| scenario.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!((ids.len(), parts.iter().map(Vec::len).sum::<usize>()), (all.len(), all.len()));
        let load = |part: &Vec<Arc<Scenario>>| part.iter().map(|scenario| costs.of(scenario)).sum::<f64>();
        let loads: Vec<f64> = parts.iter().map(load).collect();
        let longest = all.iter().map(|scenario| costs.of(scenario)).fold(0.0, f64::max);
        let spread = loads.iter().copied().fold(0.0, f64::max) - loads.iter().copied().fold(f64::MAX, f64::min);
        assert!(spread <= longest + 1e-9, "{loads:?}");
        assert!("0/4".parse::<Shard>().is_err() && "5/4".parse::<Shard>().is_err() && "x".parse::<Shard>().is_err());
    }
}
