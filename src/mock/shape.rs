//! The shapes of requests as their vendors describe them, and a walk that holds a JSON value against one.
//!
//! The walk finds what does not fit; each vendor says it in its own words.

use serde_json::{Map, Value};

/// How many faults of a request are told at most.
const MOST_FAULTS: usize = 16;

/// What a value may be. `null` stands for a value that was left out.
#[derive(Debug)]
pub(super) enum Shape {
    Text,
    Flag,
    Integer,
    Decimal,
    /// Base64.
    Bytes,
    Any,
    /// One of these words; the first text names the type.
    Word(&'static str, &'static [&'static str]),
    List(&'static Shape),
    /// An object with keys of the client's choice.
    Map(&'static Shape),
    Object(&'static Object),
}

/// An object with fields.
#[derive(Debug)]
pub(super) struct Object {
    /// The vendor's name of the type.
    pub(super) name: &'static str,
    pub(super) fields: &'static [(&'static str, Shape)],
    pub(super) required: &'static [&'static str],
    /// Whether exactly one of the fields has to be there.
    pub(super) is_union: bool,
}

/// What a vendor does where others differ.
pub(super) struct Rules {
    /// Whether a key of the request names this field.
    pub(super) names: fn(field: &str, key: &str) -> bool,
    /// Whether a number may come as text.
    pub(super) takes_numbers_as_text: bool,
    /// Whether one value may stand for a list of one.
    pub(super) takes_one_for_list: bool,
}

/// One step from a value to a part of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// Something in a request that does not fit.
#[derive(Debug)]
pub(super) struct Fault {
    /// The way to the value, from the root.
    pub(super) path: Vec<Step>,
    pub(super) problem: Problem,
}

/// What is wrong.
#[derive(Debug)]
pub(super) enum Problem {
    /// The object has no such field.
    Unknown(String),
    /// The field has to be there.
    Missing(&'static str),
    /// None or several of the fields are there where exactly one has to be.
    NotOne(&'static Object),
    /// The value is of another type.
    Wrong { expected: &'static Shape, found: Value },
}

/// The value with the vendor's names of the fields, and all that does not fit, in order.
pub(super) fn read(object: &'static Object, value: &Value, rules: &Rules) -> (Value, Vec<Fault>) {
    let mut walk = Walk { rules, path: Vec::new(), faults: Vec::new() };
    let read = walk.object(object, value);
    (read, walk.faults)
}

struct Walk<'a> {
    rules: &'a Rules,
    path: Vec<Step>,
    faults: Vec<Fault>,
}

impl Walk<'_> {
    fn value(&mut self, shape: &'static Shape, value: &Value) -> Value {
        match (shape, value) {
            (_, Value::Null) | (Shape::Any, _) => value.clone(),
            (Shape::Object(object), Value::Object(_)) => self.object(object, value),
            (Shape::List(shape), Value::Array(items)) => {
                let items = items.iter().enumerate();
                items.map(|(index, item)| self.within(Step::Index(index), |walk| walk.value(shape, item))).collect()
            }
            (Shape::List(shape), _) if self.rules.takes_one_for_list => {
                Value::Array(vec![self.within(Step::Index(0), |walk| walk.value(shape, value))])
            }
            (Shape::Map(shape), Value::Object(fields)) => fields
                .iter()
                .map(|(key, value)| (key.clone(), self.within(Step::Key(key.clone()), |walk| walk.value(shape, value))))
                .collect(),
            _ if self.fits(shape, value) => value.clone(),
            _ => {
                self.fault(Problem::Wrong { expected: shape, found: value.clone() });
                Value::Null
            }
        }
    }

    fn object(&mut self, object: &'static Object, value: &Value) -> Value {
        let Value::Object(given) = value else { return Value::Null };
        let mut read = Map::new();
        for (key, value) in given {
            let known = object.fields.iter().find(|(field, _)| (self.rules.names)(field, key));
            match known {
                Some((field, shape)) => {
                    let step = Step::Key((*field).to_owned());
                    let value = self.within(step, |walk| walk.value(shape, value));
                    read.insert((*field).to_owned(), value);
                }
                None => self.fault(Problem::Unknown(key.clone())),
            }
        }
        for field in object.required {
            if given.iter().all(|(key, value)| value.is_null() || !(self.rules.names)(field, key)) {
                self.fault(Problem::Missing(field));
            }
        }
        if object.is_union && read.values().filter(|value| !value.is_null()).count() != 1 && given.len() == read.len() {
            self.fault(Problem::NotOne(object));
        }
        Value::Object(read)
    }

    fn fits(&self, shape: &Shape, value: &Value) -> bool {
        let is_number = |text: &str| self.rules.takes_numbers_as_text && text.parse::<f64>().is_ok();
        match (shape, value) {
            (Shape::Text, Value::String(_)) | (Shape::Flag, Value::Bool(_)) | (Shape::Decimal, Value::Number(_)) => {
                true
            }
            (Shape::Bytes, Value::String(text)) => is_base64(text),
            (Shape::Integer, Value::Number(number)) => number.as_f64().is_some_and(|number| number.fract() == 0.0),
            (Shape::Integer | Shape::Decimal, Value::String(text)) => is_number(text),
            (Shape::Word(_, words), Value::String(word)) => words.contains(&word.as_str()),
            _ => false,
        }
    }

    fn within<T>(&mut self, step: Step, go: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step);
        let result = go(self);
        self.path.pop();
        result
    }

    fn fault(&mut self, problem: Problem) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(Fault { path: self.path.clone(), problem });
        }
    }
}

fn is_base64(text: &str) -> bool {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};
    STANDARD.decode(text).is_ok() || URL_SAFE.decode(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    static LEAF: Object =
        Object { name: "Leaf", fields: &[("size", Shape::Integer)], required: &["size"], is_union: false };
    static TREE: Object = Object {
        name: "Tree",
        fields: &[("leaves", Shape::List(&Shape::Object(&LEAF))), ("tree", Shape::Object(&TREE))],
        required: &[],
        is_union: false,
    };

    #[test]
    fn names_are_the_vendors_and_faults_say_where() {
        let rules = Rules {
            names: |field, key| field.eq_ignore_ascii_case(key),
            takes_numbers_as_text: true,
            takes_one_for_list: false,
        };
        let (read, faults) = read(&TREE, &json!({ "Tree": { "LEAVES": [{ "size": "3" }, { "x": 1 }] } }), &rules);
        assert_eq!(read["tree"]["leaves"][0]["size"], "3");
        let told: Vec<String> = faults.iter().map(|fault| format!("{:?}", fault.problem)).collect();
        assert_eq!(told, ["Unknown(\"x\")", "Missing(\"size\")"]);
        let way = [Step::Key("tree".into()), Step::Key("leaves".into()), Step::Index(1)];
        assert_eq!(faults[0].path, way);
    }
}
