//! What becomes of requests and answers on their way.

use super::{Cel, HeaderChange};

/// `traffic.headerModifiers`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct HeaderModifiers {
    /// Of requests.
    pub request: Option<HeaderChange>,
    /// Of answers.
    pub response: Option<HeaderChange>,
}

/// `traffic.transformation`.
#[derive(Debug, Clone, Default, PartialEq, Hash)]
pub struct Transformation {
    /// Of requests.
    pub request: Option<Transform>,
    /// Of answers.
    pub response: Option<Transform>,
}

/// What is made anew by expressions. Source: facts/manifests.md 3.4.
#[derive(Debug, Clone, Default, PartialEq, Hash)]
pub struct Transform {
    /// Headers that are replaced or made; `:path` is the path.
    pub set: Vec<(String, Cel)>,
    /// Headers that are added.
    pub add: Vec<(String, Cel)>,
    /// Headers that are taken away.
    pub remove: Vec<String>,
    /// The body.
    pub body: Option<Cel>,
}

/// What becomes of the body of a call of a model. Source: facts/manifests.md 4.3.
#[derive(Debug, Clone, Default, PartialEq, Hash)]
pub struct ModelRequest {
    /// Fields that are set where the client does not: name and JSON text.
    pub defaults: Vec<(String, String)>,
    /// Fields that are set whatever the client says.
    pub overrides: Vec<(String, String)>,
    /// Fields that are computed; one without a value is taken away.
    pub computed: Vec<(String, Cel)>,
    /// Messages before those of the client: role and content.
    pub prepend: Vec<(String, String)>,
    /// Messages after them.
    pub append: Vec<(String, String)>,
    /// Models by the name that clients use; `*` stands for anything.
    pub aliases: Vec<(String, String)>,
}
