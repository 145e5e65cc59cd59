//! What became of a step: whether its expectations hold, or those that a known defect puts in their place.

use crate::event::Broken;
use crate::scenario::{
    expect::{Answer, Evidence, Expectation, Matcher, Subject, judge},
    spec::{Place, Release, Scenario, Step},
};

/// What became of a step.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    /// All holds.
    Holds,
    /// The gateway has the defect that this release is known to have.
    Defect(String),
    /// The gateway is right although this release is known to be wrong.
    Stale(Broken),
    /// An expectation does not hold.
    Broken(Vec<Broken>),
}

/// Expectations of a step that are judged together, for one release.
pub(super) struct Judge<'a> {
    scenario: &'a Scenario,
    step: &'a Step,
    release: Option<Release>,
}

/// What a step has brought to light: its answers, and everything else.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub answers: Vec<Answer>,
    pub evidence: Evidence,
}

impl<'a> Judge<'a> {
    pub fn new(scenario: &'a Scenario, step: &'a Step, release: Option<Release>) -> Self {
        Self { scenario, step, release }
    }

    /// The expectations that are most likely to hold: those of the defect where this release has it.
    pub fn likely(&self) -> Vec<&'a Expectation> {
        match self.step.defect_in(self.release) {
            None => self.step.expectations(self.release).collect(),
            Some(defect) => {
                let kept = self.step.expectations(self.release).filter(|of| !defect.replaces(of));
                kept.chain(defect.instead(self.release)).collect()
            }
        }
    }

    /// Whether it is too early to say that an answer is wrong.
    pub fn may_hold(&self, answer: &Answer) -> bool {
        let evidence = Evidence { answer: Some(answer.clone()), ..Evidence::default() };
        let holds = |expectations: &[&Expectation]| {
            expectations.iter().filter(|of| is_of_answers(of)).all(|of| judge(of, &evidence).is_none())
        };
        let right: Vec<&Expectation> = self.step.expectations(self.release).collect();
        holds(&self.likely()) || holds(&right)
    }

    /// The outcome of the step.
    pub fn outcome(&self, seen: &Seen) -> Outcome {
        let likely = self.broken(&self.likely(), seen);
        let defect = self.step.defect_in(self.release);
        match defect {
            None if likely.is_empty() => Outcome::Holds,
            None => Outcome::Broken(likely),
            Some(defect) if likely.is_empty() => Outcome::Defect(defect.about.clone()),
            Some(defect) => {
                let right: Vec<&Expectation> = self.step.expectations(self.release).collect();
                match self.broken(&right, seen).is_empty() {
                    true => Outcome::Stale(self.stale(&defect.place, &defect.about, &defect.releases)),
                    false => Outcome::Broken(likely),
                }
            }
        }
    }

    fn broken(&self, expectations: &[&Expectation], seen: &Seen) -> Vec<Broken> {
        let mut broken: Vec<Broken> = expectations.iter().filter_map(|of| self.first_broken(of, seen)).collect();
        broken.sort_by_key(|broken| broken.line);
        broken
    }

    fn first_broken(&self, expectation: &Expectation, seen: &Seen) -> Option<Broken> {
        let tell = |words: crate::scenario::expect::Words, which: &str| {
            broken_at(self.scenario, &expectation.place, words.expected, format!("{}{which}", words.got))
        };
        if !is_of_answers(expectation) || seen.answers.len() < 2 {
            return judge(expectation, &seen.evidence).map(|words| tell(words, ""));
        }
        seen.answers.iter().enumerate().find_map(|(index, answer)| {
            let evidence = Evidence { answer: Some(answer.clone()), ..Evidence::default() };
            let words = judge(expectation, &evidence)?;
            Some(tell(words, &format!(" (answer {} of {})", index + 1, self.step.times)))
        })
    }

    /// What to change where a defect is gone.
    fn stale(&self, place: &Place, about: &str, releases: &str) -> Broken {
        let (from, to) = self.scenario.text.lines_of(place);
        let expected = format!("the defect of {releases}: {about}");
        let got =
            format!("what is right: delete lines {from} to {to} of {}, or narrow `releases`", self.scenario.text.file);
        broken_at(self.scenario, place, expected, got)
    }
}

/// A broken expectation, with its line.
pub(super) fn broken_at(scenario: &Scenario, place: &Place, expected: String, got: String) -> Broken {
    let line = scenario.text.spot(place).line;
    Broken { line, text: scenario.text.line(line).to_owned(), expected, got }
}

/// Whether it is judged for each answer of a burst, from the answer alone.
fn is_of_answers(expectation: &Expectation) -> bool {
    let alone = matches!(
        expectation.subject,
        Subject::Status
            | Subject::Header(_)
            | Subject::Body
            | Subject::Json(_)
            | Subject::Took
            | Subject::FirstEvent
            | Subject::Gaps
            | Subject::End
    );
    alone && !matches!(expectation.matcher, Matcher::SentBy(_))
}

/// Whether the mocks have to be asked.
pub(super) fn needs_mocks(expectation: &Expectation) -> bool {
    expectation.subject.mock().is_some() || matches!(expectation.matcher, Matcher::SentBy(_))
}

/// How many exchanges have to end before a mock's record is complete: the count that is expected, or one.
pub(super) fn expected_count(expectations: &[&Expectation], mock: &str) -> usize {
    let mut least = 0;
    for expectation in expectations {
        match (&expectation.subject, &expectation.matcher) {
            (Subject::Count { mock: of }, Matcher::Literal(count)) if of == mock => {
                return count.as_u64().and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
            }
            (subject, _) if subject.mock() == Some(mock) => least = 1,
            (_, Matcher::SentBy(of)) if of == mock => least = 1,
            _ => {}
        }
    }
    least
}
