//! Events as JSON, one object a line, for scripts. Every line has `schema` and `event`.

use super::print_data;
use crate::event::Event;
use serde_json::{Map, Value, json};

/// The version of the lines' form.
pub const SCHEMA: &str = "agw-sandbox/v1";

/// Prints an event as one line.
pub fn show(event: &Event) {
    print_data(&line_of(event));
}

/// The line of an event.
pub fn line_of(event: &Event) -> String {
    let mut line = Map::new();
    line.insert("schema".into(), json!(SCHEMA));
    if let Ok(Value::Object(mut fields)) = serde_json::to_value(event) {
        if let Some(name) = fields.remove("event") {
            line.insert("event".into(), name);
        }
        line.extend(fields);
    }
    Value::Object(line).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Events, Fact, Tally};

    #[test]
    fn the_last_line_of_test_is_a_contract() {
        let (events, mut subscription) = Events::new();
        let tally = Tally { passed: 21, ..Tally::default() };
        events.emit(Fact::TestFinished { tally, error: None, exit: None });
        let event = subscription.try_recv().unwrap();
        let line: Value = serde_json::from_str(&line_of(&event)).unwrap();
        assert_eq!(line["schema"], "agw-sandbox/v1");
        assert_eq!(line["event"], "test.finished");
        for (field, count) in
            [("passed", 21), ("failed", 0), ("skipped", 0), ("expected", 0), ("stale", 0), ("flaky", 0)]
        {
            assert_eq!(line[field], count, "{field}");
        }
    }
}
