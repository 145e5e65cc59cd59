//! The two ends of the program: data goes to stdout, talk goes to stderr.

use std::io::Write;

/// Prints data. A reader that has gone away is no error.
pub fn print_data(text: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = writeln!(stdout, "{}", text.trim_end_matches('\n')).and_then(|()| stdout.flush());
}

/// Prints talk: progress, advice, errors.
pub fn print_talk(text: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = writeln!(stderr, "{}", text.trim_end_matches('\n')).and_then(|()| stderr.flush());
}
