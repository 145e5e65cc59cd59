//! Typed, time-stamped facts about what happens. Steps and scenarios emit them; only reporters print them.

mod bus;
mod fact;
mod matrix;
mod scenario;

pub use bus::{Event, Events, Subscription};
pub use fact::{Change, CriticalPath, ErrorFact, Fact, Refusal, StepTime, UpFinished};
pub use matrix::{AuditedMutant, AuditedScenario, Matrix};
pub use scenario::{Broken, ClientExchange, Failure, ObjectState, ScenarioReport, Tally, Verdict};
