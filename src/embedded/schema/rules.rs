//! Walks an object and judges it by the CEL rules of its schema.
//! Source: apiextensions-apiserver `pkg/apiserver/schema/cel/validation.go`.

use super::cel_value;
use super::field_error::FieldError;
use super::functions;
use super::node::{Kind, ListType, Node};
use super::old;
use super::path::Path;
use super::rule::Rule;
use kube_cel::cel::objects::OptionalValue;
use kube_cel::cel::{Context, Value as Cel};
use serde_json::Value;
use std::sync::Arc;

thread_local! {
    /// All functions that Kubernetes gives to CEL; building the set costs more than judging an object.
    static FUNCTIONS: Context<'static> = functions::all();
}

/// A value with the stored one that it replaces.
#[derive(Clone, Copy)]
struct Pair<'a> {
    new: &'a Value,
    old: Option<&'a Value>,
    /// A value around this one is as it was before: then only transition rules count.
    within_unchanged: bool,
}

impl<'a> Pair<'a> {
    fn member(self, name: &str, new: &'a Value) -> Self {
        Self { new, old: old::member(self.old, name), within_unchanged: self.within_unchanged }
    }

    fn is_unchanged(self, node: &Node) -> bool {
        self.within_unchanged || old::is_unchanged(node, self.old, self.new)
    }
}

/// The reasons against an object that its rules give; the object has to be structurally valid.
pub(super) fn check(root: &Node, object: &Value, stored: Option<&Value>, errors: &mut Vec<FieldError>) {
    let pair = Pair { new: object, old: stored, within_unchanged: false };
    FUNCTIONS.with(|functions| walk(root, pair, &Path::Root, functions, errors));
}

fn walk(node: &Node, pair: Pair<'_>, path: &Path<'_>, functions: &Context<'_>, errors: &mut Vec<FieldError>) {
    if !node.rules_within || pair.new.is_null() {
        return;
    }
    judge(node, pair, path, functions, errors);
    match pair.new {
        Value::Array(list) => {
            let Some(items) = node.items.as_deref().filter(|items| items.rules_within) else { return };
            let is_map = matches!(node.list_type, ListType::Map(_));
            for (index, item) in list.iter().enumerate() {
                let stored = old::element(node, pair.old, item);
                let within_unchanged = pair.within_unchanged || (!is_map && pair.is_unchanged(node));
                let element = Pair { new: item, old: stored, within_unchanged };
                walk(items, element, &path.index(index), functions, errors);
            }
        }
        Value::Object(map) => {
            for (name, child) in &node.properties {
                if let Some(value) = map.get(name) {
                    walk(child, pair.member(name, value), &path.field(name), functions, errors);
                }
            }
            let Some(additional) = node.additional.as_deref() else { return };
            for (name, value) in map.iter().filter(|(name, _)| !node.properties.contains_key(*name)) {
                walk(additional, pair.member(name, value), &path.key(name), functions, errors);
            }
        }
        _ => {}
    }
}

fn judge(node: &Node, pair: Pair<'_>, path: &Path<'_>, functions: &Context<'_>, errors: &mut Vec<FieldError>) {
    if node.rules.is_empty() {
        return;
    }
    let field = path.of_error();
    let kind = if node.kind == Kind::IntOrString { "" } else { node.kind.name() };
    let compares = node.rules.iter().any(Rule::is_transition);
    let stored = pair.old.filter(|_| compares).map(|value| cel_value::from_json(Some(node), value));
    let mut context = functions.new_inner_scope();
    context.add_variable_from_value("self", cel_value::from_json(Some(node), pair.new));
    for rule in &node.rules {
        let transition = rule.is_transition();
        if transition && !bind_old_self(&mut context, stored.as_ref(), rule.optional_old_self) {
            continue;
        }
        let Some(error) = rule.judge(&context, &field, kind) else { continue };
        if transition || !pair.is_unchanged(node) {
            errors.push(error);
        }
    }
}

/// Whether a transition rule has something to compare with.
fn bind_old_self(context: &mut Context<'_>, stored: Option<&Cel>, optional: bool) -> bool {
    let value = match (stored, optional) {
        (Some(value), false) => value.clone(),
        (Some(value), true) => Cel::Opaque(Arc::new(OptionalValue::of(value.clone()))),
        (None, true) => Cel::Opaque(Arc::new(OptionalValue::none())),
        (None, false) => return false,
    };
    context.add_variable_from_value("oldSelf", value);
    true
}
