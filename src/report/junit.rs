//! JUnit: one suite, one case a scenario. The file is written whole or not at all, and is never an empty green one.

use crate::event::{ScenarioReport, Verdict};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::{io, path::Path, time::Duration};

/// What a JUnit file tells.
pub struct Suite<'a> {
    /// Name of the suite: sandbox and provider.
    pub name: &'a str,
    /// Scenarios in the order of their end.
    pub scenarios: &'a [ScenarioReport],
    /// Why the run as a whole failed before any scenario could.
    pub setup_error: Option<String>,
}

/// Writes the file atomically.
pub fn write_junit(path: &Path, suite: &Suite<'_>) -> io::Result<()> {
    let text = report_of(suite).to_string().map_err(io::Error::other)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    io::Write::write_all(&mut file, text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

fn report_of(suite: &Suite<'_>) -> Report {
    let mut report = Report::new("agw-sandbox");
    let mut cases = TestSuite::new(suite.name);
    cases.add_test_cases(suite.scenarios.iter().map(case_of));
    if let Some(error) = &suite.setup_error {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(error.clone());
        cases.add_test_case(TestCase::new("set-up", status));
    }
    report.add_test_suite(cases);
    report
}

fn case_of(scenario: &ScenarioReport) -> TestCase {
    let mut status = match scenario.verdict {
        Verdict::Pass => TestCaseStatus::success(),
        Verdict::Skip | Verdict::ExpectedDefect => TestCaseStatus::skipped(),
        Verdict::Fail | Verdict::Stale | Verdict::Flaky => TestCaseStatus::non_success(NonSuccessKind::Failure),
    };
    if let Some(reason) = &scenario.reason {
        status.set_message(reason.clone());
    }
    if let Some(failure) = &scenario.failure {
        if let Some(first) = failure.broken.first() {
            status.set_message(format!("expected {}, got {}", first.expected, first.got));
        }
        status.set_description(console::strip_ansi_codes(&super::failure::failure_text(scenario)).into_owned());
    }
    let mut case = TestCase::new(format!("{} {}", scenario.id, scenario.title), status);
    case.set_classname(scenario.id.split('-').next().unwrap_or_default());
    case.set_time(Duration::from_secs_f64(scenario.seconds.max(0.0)));
    case
}
