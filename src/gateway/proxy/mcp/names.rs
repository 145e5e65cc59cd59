//! Names behind one endpoint of several servers: `<target>_<tool>` and `<target>+<uri>`.

use super::failure::Failure;
use crate::gateway::table::{McpBackend, McpTarget};
use serde_json::{Map, Value};

/// What a list method lists: field of the list, field of its entries that names them, and the mark between target and name.
pub struct Listing {
    /// Field of the result.
    pub list: &'static str,
    /// What its entries are, in the words of rules.
    pub kind: &'static str,
    /// Field of an entry that names it.
    pub key: &'static str,
    mark: char,
}

/// How a method lists, if it is one that lists.
pub fn listing(method: &str) -> Option<Listing> {
    Some(match method {
        "tools/list" => Listing { list: "tools", kind: "tool", key: "name", mark: '_' },
        "prompts/list" => Listing { list: "prompts", kind: "prompt", key: "name", mark: '_' },
        "resources/list" => Listing { list: "resources", kind: "resource", key: "uri", mark: '+' },
        "resources/templates/list" => {
            Listing { list: "resourceTemplates", kind: "resource", key: "uriTemplate", mark: '+' }
        }
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

/// What a request is about, in the words of rules and errors, and the name it has for it.
pub fn subject<'p>(method: &str, params: &'p Value) -> Option<(&'static str, &'p str)> {
    let (kind, key) = match method {
        "tools/call" => ("tool", "name"),
        "prompts/get" => ("prompt", "name"),
        "resources/read" | "resources/subscribe" | "resources/unsubscribe" => ("resource", "uri"),
        _ => return None,
    };
    Some((kind, params.get(key)?.as_str()?))
}

/// Finds the target that a request names, and takes its prefix away.
pub fn addressed<'b>(
    backend: &'b McpBackend,
    method: &str,
    params: &mut Map<String, Value>,
) -> Result<&'b McpTarget, Failure> {
    let nameless = || Failure::unsendable("invalid request: invalid resource name");
    let (name, mark) = name_in(method, params).ok_or_else(nameless)?;
    let (service, bare) = name.as_str().and_then(|full| full.split_once(mark)).ok_or_else(nameless)?;
    let target = backend.targets.iter().find(|target| target.name == service);
    let target = target.ok_or_else(|| Failure::unsendable(&format!("invalid request: unknown service {service}")))?;
    *name = bare.to_owned().into();
    Ok(target)
}

/// Where a request says a name, and the mark between target and name.
fn name_in<'p>(method: &str, params: &'p mut Map<String, Value>) -> Option<(&'p mut Value, char)> {
    Some(match method {
        "tools/call" | "prompts/get" => (params.get_mut("name")?, '_'),
        "resources/read" | "resources/subscribe" | "resources/unsubscribe" => (params.get_mut("uri")?, '+'),
        "completion/complete" => {
            let reference = params.get_mut("ref")?.as_object_mut()?;
            let by_name = reference.contains_key("name");
            (reference.get_mut(if by_name { "name" } else { "uri" })?, if by_name { '_' } else { '+' })
        }
        _ => return None,
    })
}
