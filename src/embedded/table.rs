//! Server-side tables: what `kubectl get` prints.

use super::builtin_columns;
use super::call::Call;
use super::jsonpath;
use super::kind::Column;
use serde_json::{Value, json};
use std::sync::Arc;

/// A table of objects.
pub(super) fn table(call: &Call, items: &[Arc<Value>], metadata: &Value) -> Value {
    let columns = columns_of(call);
    let whole = call.query.get("includeObject") == Some("Object");
    let bare = call.query.get("includeObject") == Some("None");
    let rows: Vec<Value> = items
        .iter()
        .map(|object| {
            let mut row = json!({"cells": cells(&columns, object)});
            if whole {
                row["object"] = Value::clone(object);
            } else if !bare {
                row["object"] = partial(object);
            }
            row
        })
        .collect();
    json!({
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": metadata,
        "columnDefinitions": headers(&columns),
        "rows": rows,
    })
}

/// The table that a watch event carries; only the first of a watch has headers.
pub(super) fn one_row(call: &Call, object: Arc<Value>, with_headers: bool) -> Value {
    let metadata = json!({"resourceVersion": object["metadata"]["resourceVersion"]});
    let mut table = table(call, &[object], &metadata);
    if !with_headers {
        table["columnDefinitions"] = json!([]);
    }
    table
}

/// Only the metadata of an object.
pub(super) fn partial(object: &Value) -> Value {
    json!({"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"]})
}

fn columns_of(call: &Call) -> Vec<Column> {
    call.target.schema_version().map(|version| version.columns.clone()).unwrap_or_default()
}

fn headers(columns: &[Column]) -> Vec<Value> {
    let header = |column: &Column| {
        json!({"name": column.name, "type": column.column_type, "format": column.format,
            "description": column.description, "priority": column.priority})
    };
    columns.iter().map(header).collect()
}

fn cells(columns: &[Column], object: &Value) -> Vec<Value> {
    columns.iter().map(|column| cell(column, object)).collect()
}

fn cell(column: &Column, object: &Value) -> Value {
    if let Some(name) = column.path.strip_prefix('@') {
        return builtin_columns::cell(name, object);
    }
    let Some(value) = jsonpath::find(object, &column.path).into_iter().next() else {
        return Value::Null;
    };
    match (column.column_type.as_str(), value) {
        ("string", Value::String(text)) => text.clone().into(),
        ("string", Value::Null) => Value::Null,
        ("string", other) => other.to_string().into(),
        ("date", Value::String(time)) => age(time).into(),
        ("integer", Value::Number(number)) => {
            number.as_i64().or_else(|| number.as_f64().map(|float| float as i64)).into()
        }
        ("number", Value::Number(_)) | ("boolean", Value::Bool(_)) => value.clone(),
        _ => Value::Null,
    }
}

/// How long ago a time was, as `kubectl` says it; `<invalid>` where it is no time.
pub(super) fn age(time: &str) -> String {
    let Ok(then) = time.parse::<jiff::Timestamp>() else { return "<unknown>".to_owned() };
    let seconds = jiff::Timestamp::now().as_second() - then.as_second();
    human_duration(seconds)
}

/// Source: kubernetes/apimachinery `pkg/util/duration/duration.go`, `HumanDuration`.
fn human_duration(seconds: i64) -> String {
    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    const YEAR: i64 = 365 * DAY;
    let pair = |whole: i64, unit: &str, rest: i64, small: &str| {
        if rest == 0 { format!("{whole}{unit}") } else { format!("{whole}{unit}{rest}{small}") }
    };
    match seconds {
        i64::MIN..-1 => "<invalid>".to_owned(),
        -1..0 => "0s".to_owned(),
        0..120 => format!("{seconds}s"),
        120..600 => pair(seconds / MINUTE, "m", seconds % MINUTE, "s"),
        600..10_800 => format!("{}m", seconds / MINUTE),
        10_800..28_800 => pair(seconds / HOUR, "h", seconds % HOUR / MINUTE, "m"),
        28_800..172_800 => format!("{}h", seconds / HOUR),
        172_800..691_200 => pair(seconds / DAY, "d", seconds % DAY / HOUR, "h"),
        691_200..63_072_000 => format!("{}d", seconds / DAY),
        63_072_000..252_288_000 => pair(seconds / YEAR, "y", seconds % YEAR / DAY, "d"),
        _ => format!("{}y", seconds / YEAR),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_said_as_kubectl_says_them() {
        let cases = [
            (0, "0s"),
            (119, "119s"),
            (120, "2m"),
            (125, "2m5s"),
            (3_600, "60m"),
            (10_860, "3h1m"),
            (172_800, "2d"),
            (176_400, "2d1h"),
            (864_000, "10d"),
            (-5, "<invalid>"),
        ];
        for (seconds, expected) in cases {
            assert_eq!(human_duration(seconds), expected);
        }
    }
}
