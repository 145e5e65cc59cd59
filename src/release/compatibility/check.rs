//! Judging a wish.

use super::{Conflict, Conflicts, Severity, Wish, conflict::Because, rule::Rule, windows::windows};

/// All that does not work together, in the order of the rules. What is known to be broken is not told again as not documented.
pub fn check(wish: &Wish) -> Vec<Conflict> {
    let mut conflicts = Vec::new();
    let mut replaced: Vec<&String> = Vec::new();
    for rule in &windows().rules {
        let found = match rule.circumstance {
            _ if !rule.fits(wish) => None,
            Some(circumstance) => circumstance.found(wish),
            None => Some(String::new()),
        };
        if let Some(found) = found.filter(|_| !replaced.contains(&&rule.id)) {
            conflicts.push(conflict(rule, wish, &found));
            replaced.extend(&rule.replaces);
        }
    }
    conflicts
}

/// Errors refuse the wish, all together; otherwise the warnings are returned.
pub fn refuse_conflicts(conflicts: Vec<Conflict>) -> Result<Vec<Conflict>, Box<Conflicts>> {
    let (errors, warnings): (Vec<_>, Vec<_>) =
        conflicts.into_iter().partition(|conflict| conflict.severity == Severity::Error);
    let mut errors = errors.into_iter();
    match errors.next() {
        Some(first) => Err(Box::new(Conflicts { first, others: errors.collect() })),
        None => Ok(warnings),
    }
}

fn conflict(rule: &'static Rule, wish: &Wish, found: &str) -> Conflict {
    let said = |text: &str| filled(text, wish, found);
    Conflict {
        id: &rule.id,
        severity: rule.severity,
        problem: said(&rule.problem),
        because: Because { reason: said(&rule.because), evidence: rule.evidence.clone() },
        right: said(&rule.right),
    }
}

/// The text of a rule with the values of the wish.
fn filled(text: &str, wish: &Wish, found: &str) -> String {
    let line = wish.line;
    let shown = |value: Option<String>| value.unwrap_or_else(|| "of unknown version".to_owned());
    [
        ("{release}", format!("{} {}", line.product, wish.version)),
        ("{line}", line.name.clone()),
        ("{kubernetes}", shown(wish.kubernetes.map(|minor| minor.to_string()))),
        ("{gatewayApi}", shown(wish.gateway_api.as_ref().map(ToString::to_string))),
        ("{channel}", wish.channel.to_string()),
        ("{gateway}", wish.gateway.to_owned()),
        ("{documentedKubernetes}", line.kubernetes.join(" to ")),
        ("{documentedGatewayApi}", line.gateway_api.join(" to ")),
        ("{newestKubernetes}", line.kubernetes[1].clone()),
        ("{recommendedGatewayApi}", line.gateway_api_recommended.to_string()),
        ("{found}", found.to_owned()),
    ]
    .iter()
    .fold(text.to_owned(), |text, (place, value)| text.replace(place, value))
}
