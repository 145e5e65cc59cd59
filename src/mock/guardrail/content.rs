//! The texts of a call.

use serde_json::Value;

/// The texts of a prompt, or of an answer.
pub(super) struct Texts<'a> {
    /// `messages` or `choices`.
    name: &'static str,
    items: &'a mut Vec<Value>,
}

impl<'a> Texts<'a> {
    /// Those of a prompt; the error says what is wrong with it.
    pub(super) fn of_request(call: &'a mut Value) -> Result<Self, String> {
        Self::of(call, "messages", "")
    }

    /// Those of an answer.
    pub(super) fn of_response(call: &'a mut Value) -> Result<Self, String> {
        Self::of(call, "choices", "/message")
    }

    fn of(call: &'a mut Value, name: &'static str, inner: &str) -> Result<Self, String> {
        let place = format!("/body/{name}");
        let items = call.pointer_mut(&place).and_then(Value::as_array_mut);
        let items = items.ok_or_else(|| format!("there is no array at {place}"))?;
        for (number, item) in items.iter().enumerate() {
            for field in ["role", "content"] {
                if !item.pointer(&format!("{inner}/{field}")).is_some_and(Value::is_string) {
                    return Err(format!("there is no text at {place}/{number}{inner}/{field}"));
                }
            }
        }
        Ok(Self { name, items })
    }

    /// What they are the texts of.
    pub(super) fn what(&self) -> &'static str {
        if self.name == "messages" { "request" } else { "response" }
    }

    /// Whether one of them is such.
    pub(super) fn any(&mut self, is_such: impl Fn(&str) -> bool) -> bool {
        self.contents().any(|content| content.as_str().is_some_and(&is_such))
    }

    /// Changes all; whether one is another now.
    pub(super) fn change(&mut self, change: impl Fn(&str) -> String) -> bool {
        let mut is_changed = false;
        for content in self.contents() {
            let text = content.as_str().unwrap_or_default();
            let changed = change(text);
            is_changed |= changed != text;
            *content = changed.into();
        }
        is_changed
    }

    /// They as they are sent back.
    pub(super) fn written(&self) -> (String, Value) {
        (self.name.to_owned(), Value::Array(self.items.clone()))
    }

    fn contents(&mut self) -> impl Iterator<Item = &mut Value> {
        let place = if self.name == "messages" { "/content" } else { "/message/content" };
        self.items.iter_mut().filter_map(move |item| item.pointer_mut(place))
    }
}
