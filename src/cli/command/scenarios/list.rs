//! `agw-sandbox scenarios list`.

use crate::{
    cli::{Exit, Failure},
    release,
    report::{Format, SCHEMA, Table, print_data},
    scenario::{Catalogue, Scenario, TargetFacts, reason_to_skip, spec::Release},
};
use serde_json::{Map, json};

/// List scenarios, and where each of them runs.
#[derive(Debug, clap::Args)]
pub struct List {
    /// Ids, patterns or tags; none: all.
    #[arg(value_name = "PATTERN")]
    patterns: Vec<String>,
    /// Form of the output.
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
}

/// A place where scenarios run: its head in the table, and what is known of it.
type Place = (String, TargetFacts);

/// What is known of a scenario at a place before it runs.
enum State {
    Runs,
    Defect,
    Skip(String),
}

impl State {
    fn of(scenario: &Scenario, facts: &TargetFacts) -> Self {
        match reason_to_skip(scenario, facts) {
            Some(reason) => Self::Skip(reason),
            None => {
                let release = Release::parse(&facts.release);
                let has_defect = scenario.steps.iter().any(|step| step.defect_in(release).is_some());
                if has_defect { Self::Defect } else { Self::Runs }
            }
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Runs => "pass",
            Self::Defect => "defect",
            Self::Skip(_) => "skip",
        }
    }
}

impl List {
    /// Runs the command.
    pub fn run(self) -> Result<Exit, Failure> {
        let scenarios = Catalogue::built_in()?.select(&self.patterns)?;
        let places = places();
        let mut head = vec!["ID"];
        head.extend(places.iter().map(|(name, _)| name.as_str()));
        head.push("TITLE");
        let mut table = Table::headed(&head);
        let mut counts = vec![[0_usize; 3]; places.len()];
        let mut skips = Vec::new();
        for scenario in &scenarios {
            let states: Vec<State> = places.iter().map(|(_, facts)| State::of(scenario, facts)).collect();
            for (index, state) in states.iter().enumerate() {
                match state {
                    State::Runs => counts[index][0] += 1,
                    State::Defect => counts[index][1] += 1,
                    State::Skip(reason) => {
                        counts[index][2] += 1;
                        skips.push(format!("  {} on {}: {reason}", scenario.id, places[index].0));
                    }
                }
            }
            match self.output {
                Format::Json => print_data(&line_of(scenario, &places, &states)),
                Format::Human => {
                    let words = states.iter().map(State::word).map(str::to_owned);
                    table.row([scenario.id.clone()].into_iter().chain(words).chain([scenario.title.clone()]));
                }
            }
        }
        if self.output == Format::Human {
            for (index, what) in ["expected to pass", "with a known defect", "skipped"].iter().enumerate() {
                let sums = counts.iter().map(|count| count[index].to_string());
                table.row([String::new()].into_iter().chain(sums).chain([(*what).to_owned()]));
            }
            print_data(&format!("{table}\nskipped, and why\n{}", skips.join("\n")));
        }
        Ok(Exit::Ok)
    }
}

fn line_of(scenario: &Scenario, places: &[Place], states: &[State]) -> String {
    let states: Map<_, _> = places
        .iter()
        .zip(states)
        .map(|((name, _), state)| {
            let mut told = json!({"state": state.word()});
            if let State::Skip(reason) = state {
                told["reason"] = json!(reason);
            }
            (name.clone(), told)
        })
        .collect();
    json!({
        "schema": SCHEMA,
        "event": "scenario",
        "id": scenario.id,
        "title": scenario.title,
        "file": scenario.text.file,
        "capability": scenario.requires.capability,
        "states": states,
    })
    .to_string()
}

/// The embedded provider, and a cluster with the newest release of each line.
fn places() -> Vec<Place> {
    let facts = |provider: &str, line: &str, release: &str, implementation: &str| TargetFacts {
        line: line.to_owned(),
        release: release.to_owned(),
        provider: provider.to_owned(),
        implementation: implementation.to_owned(),
    };
    let mut places = Vec::new();
    if let Ok(newest) = release::line(crate::resolve::PLAYED_LINE) {
        let release = newest.newest.to_string();
        places.push(("EMBEDDED".to_owned(), facts("embedded", &newest.name, &release, "reference")));
        places.push(("KIND".to_owned(), facts("kind", &newest.name, &release, "reference")));
    }
    for line in release::lines().iter().rev() {
        let short = line.name.replace("agentgateway-", "AGW-").replace("kgateway-", "KGW-");
        places.push((short, facts("kind", &line.name, &line.newest.to_string(), "real")));
    }
    places
}
