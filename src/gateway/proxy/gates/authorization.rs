//! Rules in CEL. Source: facts/manifests.md 2.4 and facts/controller.md 8.

use crate::gateway::{
    proxy::{refusal::Refusal, scope::Scope},
    table::Authorization,
};
use http::request;

/// Lets a request pass or not. What is denied does not, what is required must be; a list of what is allowed is complete.
pub fn check(rules: &Authorization, request: &request::Parts) -> Result<(), Refusal> {
    let scope = Scope::of(request, None);
    let denied = rules.deny.iter().any(|rule| scope.holds(rule));
    let met = rules.require.iter().all(|rule| scope.holds(rule));
    let allowed = rules.allow.is_empty() || rules.allow.iter().any(|rule| scope.holds(rule));
    match rules.broken || denied || !met || !allowed {
        true => Err(Refusal::Unauthorized),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::table::Cel;

    #[test]
    fn allow_is_either_and_require_is_both() {
        let rule = |name: &str| Cel::new(&format!(r#"request.headers["{name}"] == "1""#)).unwrap();
        let both = vec![rule("x-a"), rule("x-b")];
        let request = http::Request::builder().header("x-a", "1").body(()).unwrap().into_parts().0;
        let passes = |rules: Authorization| check(&rules, &request).is_ok();
        assert!(passes(Authorization { allow: both.clone(), ..Authorization::default() }));
        assert!(!passes(Authorization { require: both.clone(), ..Authorization::default() }));
        assert!(!passes(Authorization { deny: both, ..Authorization::default() }));
        assert!(passes(Authorization { deny: vec![rule("x-b")], ..Authorization::default() }));
        assert!(!passes(Authorization { broken: true, ..Authorization::default() }));
    }
}
