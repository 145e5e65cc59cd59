//! Names behind one endpoint of several servers: `<target>_<tool>` and `<target>+<uri>`.

use crate::gateway::table::{McpBackend, McpTarget};
use serde_json::{Map, Value};

/// What a list method lists: field of the list, field of its entries that names them, and the mark between target and name.
pub struct Listing {
    /// Field of the result.
    pub list: &'static str,
    key: &'static str,
    mark: char,
}

/// How a method lists, if it is one that lists.
pub fn listing(method: &str) -> Option<Listing> {
    Some(match method {
        "tools/list" => Listing { list: "tools", key: "name", mark: '_' },
        "prompts/list" => Listing { list: "prompts", key: "name", mark: '_' },
        "resources/list" => Listing { list: "resources", key: "uri", mark: '+' },
        "resources/templates/list" => Listing { list: "resourceTemplates", key: "uriTemplate", mark: '+' },
        _ => return None,
    })
}

impl Listing {
    /// Puts the target in front of the name of an entry.
    pub fn prefix(&self, target: &str, entry: &mut Value) {
        if let Some(name) = entry.get_mut(self.key) {
            let full = format!("{target}{}{}", self.mark, name.as_str().unwrap_or_default());
            *name = full.into();
        }
    }
}

/// Finds the target that a request names, and takes its prefix away.
pub fn addressed<'b>(backend: &'b McpBackend, method: &str, params: &mut Map<String, Value>) -> Option<&'b McpTarget> {
    let (name, mark) = match method {
        "tools/call" | "prompts/get" => (params.get_mut("name")?, '_'),
        "resources/read" | "resources/subscribe" | "resources/unsubscribe" => (params.get_mut("uri")?, '+'),
        "completion/complete" => {
            let reference = params.get_mut("ref")?.as_object_mut()?;
            let by_name = reference.contains_key("name");
            (reference.get_mut(if by_name { "name" } else { "uri" })?, if by_name { '_' } else { '+' })
        }
        _ => return None,
    };
    let full = name.as_str()?;
    // The longest name first: a target may be called like the beginning of another.
    let fitting = backend.targets.iter().filter_map(|target| {
        let bare = full.strip_prefix(target.name.as_str())?.strip_prefix(mark)?;
        Some((target, bare))
    });
    let (target, bare) = fitting.max_by_key(|(target, _)| target.name.len())?;
    *name = bare.to_owned().into();
    Some(target)
}
