//! What a pod says in its log: one line an event.

use crate::report::print_talk;
use std::fmt::{self, Write};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

/// Prints events of this program, with their time, to standard error. Spans are not followed: no event here belongs to one.
struct Log {
    most: Level,
}

/// Prints what happens from now on, down to a level: `error`, `warn`, `info`, `debug` or `trace`; `info` where none or another
/// word is given.
pub fn begin(level: Option<&str>) {
    let most = level.and_then(|level| level.parse().ok()).unwrap_or(Level::INFO);
    // Only fails if there is a log already.
    let _ = tracing::subscriber::set_global_default(Log { most });
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= self.most && metadata.target().starts_with(env!("CARGO_CRATE_NAME"))
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line::default();
        event.record(&mut line);
        let time = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S.%3fZ");
        print_talk(&format!("{time} {} {}{}", event.metadata().level(), line.message, line.fields));
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// Message and fields of an event.
#[derive(Default)]
struct Line {
    message: String,
    fields: String,
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing to a String cannot fail.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }
}
