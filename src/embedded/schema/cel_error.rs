//! Why a CEL rule could not be evaluated, in cel-go's words.

use kube_cel::cel::common::ast::{CallExpr, Expr, operators};
use kube_cel::cel::{Context, ExecutionError, IdedExpr, Value as Cel};

/// The first error of a rule in reading order: where both sides of `||` fail, cel-go names the left one.
pub(super) fn words(rule: &IdedExpr, context: &Context<'_>, error: &ExecutionError) -> String {
    match first(rule, context) {
        Some(earlier) => in_go_words(&earlier),
        None => in_go_words(error),
    }
}

fn first(expression: &IdedExpr, context: &Context<'_>) -> Option<ExecutionError> {
    let Expr::Call(call) = &expression.expr else {
        return context.resolve(expression).err();
    };
    match call.func_name.as_str() {
        operators::LOGICAL_OR | operators::LOGICAL_AND => call.args.iter().find_map(|side| first(side, context)),
        operators::CONDITIONAL => first_of_conditional(call, context),
        _ => context.resolve(expression).err(),
    }
}

fn first_of_conditional(call: &CallExpr, context: &Context<'_>) -> Option<ExecutionError> {
    let [condition, yes, no] = call.args.as_slice() else {
        return None;
    };
    match context.resolve(condition) {
        Ok(Cel::Bool(true)) => first(yes, context),
        Ok(_) => first(no, context),
        Err(_) => first(condition, context),
    }
}

/// The errors of cel-go that people meet.
fn in_go_words(error: &ExecutionError) -> String {
    match error {
        ExecutionError::NoSuchKey(key) => format!("no such key: {key}"),
        ExecutionError::NoSuchOverload => "no such overload".to_owned(),
        ExecutionError::DivisionByZero(_) => "division by zero".to_owned(),
        ExecutionError::FunctionError { function, .. } if function == "duration" => {
            "type conversion error from 'string' to 'google.protobuf.Duration'".to_owned()
        }
        ExecutionError::FunctionError { function, .. } if function == "timestamp" => {
            "type conversion error from 'string' to 'google.protobuf.Timestamp'".to_owned()
        }
        ExecutionError::FunctionError { message, .. } => message.clone(),
        other => other.to_string(),
    }
}
