//! An error as people see it: kind and id, what went wrong, where, why, and what to do.

use super::print_talk;
use crate::event::ErrorFact;
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};
use std::fmt;

/// Widest line of an error.
const WIDTH: usize = 120;

/// The stable id of an error, empty where it has none.
pub fn id_of(error: &dyn Diagnostic) -> String {
    error.code().map(|code| code.to_string()).unwrap_or_default()
}

/// The error in short, for JSON.
pub fn error_fact(error: &dyn Diagnostic) -> ErrorFact {
    let mut message = error.to_string();
    for cause in causes(error) {
        message += &format!(": {cause}");
    }
    let parts: Vec<String> = error.related().into_iter().flatten().map(titled).collect();
    if !parts.is_empty() {
        message += &format!(": {}", parts.join("; "));
    }
    ErrorFact { id: id_of(error), message }
}

/// Prints an error with its exit code.
pub fn print_error(error: &dyn Diagnostic, exit: u8) {
    print_talk(&format!("\n{}\n  exit {exit}", error_text(error)));
}

/// The text of an error.
pub fn error_text(error: &dyn Diagnostic) -> String {
    let id = id_of(error);
    let mut text = if id.is_empty() { format!("error: {error}") } else { format!("error[{id}]: {error}") };
    if let Some(snippet) = snippet_of(error) {
        text += &format!("\n{snippet}");
    }
    for cause in causes(error) {
        text += &format!("\n  cause  {cause}");
    }
    for part in error.related().into_iter().flatten() {
        text += &format!("\n  part   {}", titled(part));
        text += &help_of(part, "\n         ");
    }
    text + &help_of(error, "\n  fix    ")
}

fn help_of(error: &dyn Diagnostic, before: &str) -> String {
    let help = error.help().map(|help| help.to_string().replace('\n', "\n         "));
    help.map(|help| format!("{before}{help}")).unwrap_or_default()
}

/// Id and message of one of several errors that are told together.
fn titled(error: &dyn Diagnostic) -> String {
    format!("{error} ({})", id_of(error))
}

fn causes(error: &dyn Diagnostic) -> Vec<String> {
    let mut found = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        found.push(cause.to_string());
        next = cause.source();
    }
    found
}

/// File, line and caret, where the error has a source text.
fn snippet_of(error: &dyn Diagnostic) -> Option<String> {
    error.source_code()?;
    error.labels()?.next()?;
    let mut rendered = String::new();
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(WIDTH);
    handler.render_report(&mut rendered, &SnippetOnly(error)).ok()?;
    let lines = rendered.lines().skip_while(|line| !line.contains('╭'));
    Some(lines.collect::<Vec<_>>().join("\n").trim_end().to_owned())
}

/// The same error without its words, so that only the source text is drawn.
struct SnippetOnly<'a>(&'a dyn Diagnostic);

impl fmt::Debug for SnippetOnly<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("snippet")
    }
}

impl fmt::Display for SnippetOnly<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("here")
    }
}

impl std::error::Error for SnippetOnly<'_> {}

impl Diagnostic for SnippetOnly<'_> {
    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.0.source_code()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = miette::LabeledSpan> + '_>> {
        self.0.labels()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error, Diagnostic)]
    #[error("unknown key `realease`")]
    #[diagnostic(code("demo"), help("did you mean `release`?"))]
    struct Unknown {
        #[source_code]
        text: miette::NamedSource<String>,
        #[label("here")]
        at: miette::SourceSpan,
    }

    #[derive(Debug, thiserror::Error, Diagnostic)]
    #[error("2 things are missing")]
    #[diagnostic(code("demo-2"), help("nothing was created"))]
    struct Several(#[related] Vec<Missing>);

    #[derive(Debug, thiserror::Error, Diagnostic)]
    #[error("{0} is missing")]
    #[diagnostic(code("demo-3"), help("look for {0}"))]
    struct Missing(&'static str);

    #[test]
    fn errors_that_are_told_together_are_all_told() {
        let several = Several(vec![Missing("a"), Missing("b")]);
        let shown = error_text(&several);
        let parts = "\n  part   a is missing (demo-3)\n         look for a\n  part   b is missing (demo-3)\n         look for b";
        assert_eq!(shown, format!("error[demo-2]: 2 things are missing{parts}\n  fix    nothing was created"));
        assert!(error_fact(&several).message.ends_with(": a is missing (demo-3); b is missing (demo-3)"));
    }

    #[test]
    fn an_error_shows_id_place_and_fix() {
        let text = miette::NamedSource::new("team.yaml", "a: 1\nrealease: x\n".to_owned());
        let shown = error_text(&Unknown { text, at: (5, 8).into() });
        assert!(shown.starts_with("error[demo]: unknown key `realease`\n"), "{shown}");
        assert!(shown.contains("[team.yaml:2:1]") && shown.contains("realease: x"), "{shown}");
        assert!(shown.ends_with("  fix    did you mean `release`?"), "{shown}");
    }
}
