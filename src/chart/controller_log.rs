//! Why a controller that runs is of no use, in the words of its log.

use miette::Diagnostic;
use regex::Regex;
use std::sync::LazyLock;
use thiserror::Error;

/// Why a controller that runs is of no use. Sources: `facts/controller.md` 11 and 13 (measured), `facts/lifecycle.md`
/// A.2 and E.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum ControllerProblem {
    /// Its own definitions are not there.
    #[error("the controller waits for definitions that the cluster does not have: {kinds}")]
    #[diagnostic(
        code("CHART-18"),
        help("install the chart whose name ends with -crds; the controller looks again within a minute")
    )]
    DefinitionsMissing {
        /// The kinds, as the log has them.
        kinds: String,
    },

    /// Gateway API is not there.
    #[error("the controller cannot make its GatewayClass: the cluster has no Gateway API")]
    #[diagnostic(code("CHART-19"), help("install Gateway API; the GatewayClass follows within seconds"))]
    GatewayApiMissing,

    /// Gateway API does not serve a version that it watches.
    #[error("the controller waits for {kinds}, which this Gateway API does not serve in its version")]
    #[diagnostic(
        code("CHART-20"),
        help(
            "agentgateway up to 1.3 never becomes ready with Gateway API 1.6 standard: take 1.5, or agentgateway 1.4"
        )
    )]
    GatewayApiUnfit {
        /// The kinds, as the log has them.
        kinds: String,
    },

    /// It refuses the version of Gateway API.
    #[error("the controller refuses Gateway API {version}")]
    #[diagnostic(code("CHART-21"), help("kgateway 2.2 takes Gateway API 1.2 to 1.4"))]
    GatewayApiRefused {
        /// The version, as the log has it.
        version: String,
    },

    /// Its ServiceAccount was taken by a Gateway.
    #[error("the controller has lost its ServiceAccount")]
    #[diagnostic(
        code("CHART-22"),
        help("a Gateway with the name of the helm release took it: rename the Gateway, then `agw-sandbox up`")
    )]
    AccountLost,
}

/// What the log of a controller tells; `None` where it tells nothing that is known.
pub fn controller_problem(log: &str) -> Option<ControllerProblem> {
    static REFUSED: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"installed Gateway API version (\S+) is not supported").ok());
    if let Some(found) = REFUSED.as_ref().and_then(|refused| refused.captures(log)) {
        return Some(ControllerProblem::GatewayApiRefused { version: found[1].to_owned() });
    }
    if log.contains("serviceaccount/token: no such file") || log.contains("err in main: Unauthorized") {
        return Some(ControllerProblem::AccountLost);
    }
    let waiting = informers(log);
    let (own, foreign): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|kind| kind.starts_with("Agentgateway"));
    if !own.is_empty() {
        return Some(ControllerProblem::DefinitionsMissing { kinds: own.join(", ") });
    }
    let routes: Vec<_> = foreign.into_iter().filter(|kind| kind.contains("Route")).collect();
    if !routes.is_empty() {
        return Some(ControllerProblem::GatewayApiUnfit { kinds: routes.join(", ") });
    }
    let classless =
        log.contains("error applying GatewayClass") && log.contains("could not find the requested resource");
    classless.then_some(ControllerProblem::GatewayApiMissing)
}

/// The kinds after `informer/` in the last line that waits for any, each once.
fn informers(log: &str) -> Vec<String> {
    static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"informer/(\w+)").ok());
    let Some(named) = NAMED.as_ref() else { return Vec::new() };
    let waits = |line: &&str| line.contains("waiting for sync");
    let last = log.lines().rev().find(waits).unwrap_or_default();
    let mut kinds: Vec<_> = named.captures_iter(last).map(|found| found[1].to_owned()).collect();
    kinds.dedup();
    kinds
}

#[cfg(test)]
mod tests {
    use super::{ControllerProblem, controller_problem};
    use miette::Diagnostic;

    #[test]
    fn what_the_log_tells_has_its_id() {
        for (log, id) in [
            ("waiting for sync... names=[informer/AgentgatewayPolicies informer/AgentgatewayBackends]", "CHART-18"),
            ("error applying GatewayClass agentgateway: the server could not find the requested resource", "CHART-19"),
            ("waiting for sync... informer/TCPRoutes", "CHART-20"),
            ("installed Gateway API version v1.5.1 is not supported by this release of kgateway", "CHART-21"),
            ("open /var/run/secrets/kubernetes.io/serviceaccount/token: no such file or directory", "CHART-22"),
            ("err in main: Unauthorized", "CHART-22"),
        ] {
            let problem = controller_problem(log).unwrap_or_else(|| panic!("{log}"));
            assert_eq!(problem.code().unwrap().to_string(), id, "{log}");
        }
        assert_eq!(
            controller_problem(
                "starting\nwaiting for sync... informer/AgentgatewayPolicies\nwaiting for sync...\nready"
            ),
            None
        );
    }

    #[test]
    fn what_it_waits_for_is_named() {
        let log = "waiting for sync... informer/AgentgatewayPolicies,informer/AgentgatewayBackends";
        let ControllerProblem::DefinitionsMissing { kinds } = controller_problem(log).unwrap() else { panic!() };
        assert_eq!(kinds, "AgentgatewayPolicies, AgentgatewayBackends");
    }
}
