//! A scenario that was read and checked.

use super::{
    action::Action,
    check::{check_given, check_head},
    document::{Document, Given, Requires},
    mcp_suite::SuiteCall,
    mistake::{Mistake, Parsed},
    mocks::check_mocks,
    place::Place,
    step::{Step, read_step},
    text::Text,
};
use crate::scenario::ScenarioError;
use serde_json::Value;
use std::time::Duration;

/// What is asked of a gateway.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Id, `POL-10`.
    pub id: String,
    /// Title.
    pub title: String,
    /// Where the expectation comes from.
    pub source: Vec<String>,
    /// Words to select it by, its folder among them.
    pub tags: Vec<String>,
    /// Where it can run.
    pub requires: Requires,
    /// What is there before the first step.
    pub given: Given,
    /// What is done, in order and once.
    pub steps: Vec<Step>,
    /// Its file.
    pub text: Text,
}

impl Scenario {
    /// Reads a scenario file; its folder becomes a tag.
    ///
    /// # Errors
    /// The first mistake, with its place.
    pub fn parse(file: &str, text: &str) -> Result<Self, ScenarioError> {
        let text = Text::new(file, text);
        let document: Document =
            serde_yaml::from_str(&text.text).map_err(|error| ScenarioError::yaml(&text, &error))?;
        check_head(&document).map_err(|mistake| placed(&text, mistake))?;
        let rendered = check_given(&document, &text)?;
        let steps = document
            .steps
            .iter()
            .enumerate()
            .map(|(index, step)| read_step(step, &Place::top().key("steps").index(index)))
            .collect::<Parsed<Vec<_>>>()
            .and_then(|steps| check_mocks(&document, &rendered, steps))
            .map_err(|mistake| placed(&text, mistake))?;
        let Document { id, title, source, mut tags, requires, given, .. } = document;
        if let Some((folder, _)) = file.rsplit_once('/') {
            tags.insert(0, folder.to_owned());
        }
        Ok(Self { id, title, source, tags, requires, given, steps, text })
    }

    /// The namespace, lane and first label of the host name that belong to it alone.
    pub fn slug(&self) -> String {
        self.id.to_lowercase()
    }

    /// The namespaces that it makes: its own, and those that its manifests name.
    pub fn namespaces(&self) -> Vec<String> {
        let named = |manifests: &[Value]| {
            let namespaces = manifests.iter().filter(|manifest| manifest["kind"] == "Namespace");
            let names = namespaces.filter_map(|manifest| manifest["metadata"]["name"].as_str());
            names.map(str::to_owned).collect::<Vec<_>>()
        };
        let mut names = vec![self.slug()];
        names.extend(named(&self.given.manifests));
        for step in &self.steps {
            if let Action::Apply(call) = &step.action {
                names.extend(named(&call.manifests));
            }
        }
        names.dedup();
        names
    }

    /// The host name that its routes and its client use unless they say otherwise.
    pub fn host(&self) -> String {
        format!("{}.test", self.slug())
    }

    /// How long its steps may wait, all together: beyond what it costs to do them.
    pub fn waits(&self) -> Duration {
        let of_step = |step: &Step| {
            let action = match &step.action {
                Action::Read(_, within) => *within,
                Action::Wait(time) => *time,
                Action::McpSuite(_) => SuiteCall::LONGEST,
                _ => Duration::ZERO,
            };
            action + step.eventually.map_or(Duration::ZERO, |repeat| repeat.within)
        };
        self.steps.iter().map(of_step).sum()
    }

    /// Names of mocks that it looks at or tells how to behave.
    pub fn observed_mocks(&self) -> impl Iterator<Item = &str> {
        let observed = self.steps.iter().flat_map(Step::all_expectations).filter_map(|of| of.subject.mock());
        let behaving = self.steps.iter().filter_map(|step| match &step.action {
            Action::Mock(mocks) => Some(mocks.keys().map(String::as_str)),
            _ => None,
        });
        self.given.mocks.keys().map(String::as_str).chain(behaving.flatten()).chain(observed)
    }
}

fn placed(text: &Text, mistake: Mistake) -> ScenarioError {
    ScenarioError::at(text, &mistake.place, mistake.code, mistake.message).with_help(mistake.help)
}
