//! The functions that Kubernetes gives to CEL rules.

use kube_cel::KubeCelExt as _;
use kube_cel::cel::{Context, ExecutionError, FunctionContext, Value as Cel};

/// A context with all functions and no variables.
pub(super) fn all() -> Context<'static> {
    let mut context = Context::default().with_all();
    context.add_function("size", size);
    context
}

/// The crate's `size` counts bytes, and hides which key an argument misses.
fn size(call: &FunctionContext<'_, '_>) -> Result<i64, ExecutionError> {
    let value = match (&call.this, call.args.first()) {
        (Some(this), _) => this.clone(),
        (None, Some(argument)) => call.ptx.resolve(argument)?,
        (None, None) => return Err(ExecutionError::missing_argument_or_target()),
    };
    let size = match value {
        Cel::List(list) => list.len(),
        Cel::Map(map) => map.map.len(),
        Cel::String(text) => text.chars().count(),
        Cel::Bytes(bytes) => bytes.len(),
        _ => return Err(ExecutionError::NoSuchOverload),
    };
    i64::try_from(size).map_err(|error| call.error(error))
}
