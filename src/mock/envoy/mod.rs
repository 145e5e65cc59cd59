//! What Envoy's APIs share: headers, metadata, and how their messages are shown.

mod headers;
mod shown;
mod structs;

pub(super) use headers::{Append, option, options, pairs};
pub(super) use shown::{address, by_name, header_list, header_map, metadata, mutated, pruned, said};
pub(super) use structs::{json_of, struct_of};
