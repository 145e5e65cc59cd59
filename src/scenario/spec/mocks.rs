//! Names of mocks in expectations are those of mocks that the scenario has.

use super::{
    action::Action,
    document::Document,
    mistake::{Mistake, Parsed},
    step::Step,
};
use crate::canonical::Rendered;

/// Finds a name that nobody has. A scenario that names hosts or objects by itself may have any mock.
pub(super) fn check_mocks(document: &Document, rendered: &Rendered, steps: Vec<Step>) -> Parsed<Vec<Step>> {
    let given = &document.given;
    let open = given.backends.values().any(|backend| backend.http.is_some())
        || !given.manifests.is_empty()
        || steps.iter().any(|step| matches!(step.action, Action::Apply(_)));
    let told = steps.iter().filter_map(|step| match &step.action {
        Action::Mock(mocks) => Some(mocks.keys()),
        _ => None,
    });
    let known: Vec<&str> =
        rendered.mocks.iter().chain(given.mocks.keys()).chain(told.flatten()).map(String::as_str).collect();
    if open || known.is_empty() {
        return Ok(steps);
    }
    let unknown = steps.iter().flat_map(Step::all_expectations).find_map(|expectation| {
        let mock = expectation.subject.mock().filter(|mock| !known.contains(mock))?;
        Some(Mistake::unknown(&expectation.place.up_to(mock), "mock", mock, &known))
    });
    unknown.map_or(Ok(steps.clone()), Err)
}
