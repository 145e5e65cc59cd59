//! Proxies of the environment, which must not stand between a sandbox and its own cluster.

use super::{Check, Verdict};
use miette::Diagnostic;
use std::collections::BTreeMap;
use thiserror::Error;

/// What must be reached without a proxy: this machine, and the Service and Pod networks of kind with the names in them. Source:
/// kind `pkg/apis/config/defaults` and `pkg/cluster/internal/providers/common/proxy.go`.
const DIRECT: &[&str] = &["localhost", "127.0.0.1", "10.96.0.0/16", "10.244.0.0/16", ".svc", ".cluster.local"];

#[derive(Debug, Error, Diagnostic)]
#[error("{variable} is set, and NO_PROXY lacks {missing}")]
#[diagnostic(code("MACHINE-08"), help("export NO_PROXY={all}"))]
struct ProxyInTheWay {
    variable: String,
    missing: String,
    all: String,
}

/// The variables of this process that may name proxies.
pub fn proxy_variables() -> BTreeMap<String, String> {
    let names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"];
    let spellings = names.into_iter().flat_map(|name| [name.to_owned(), name.to_lowercase()]);
    spellings.filter_map(|name| std::env::var(&name).ok().map(|value| (name, value))).collect()
}

/// Whether what is near is reached directly. The value of a proxy may hold a password and is not shown.
pub(super) async fn proxies(variables: &BTreeMap<String, String>) -> Check {
    let is_set = |(name, value): &(&String, &String)| !value.is_empty() && !name.eq_ignore_ascii_case("NO_PROXY");
    let Some((variable, _)) = variables.iter().find(is_set) else { return Check::ok("proxies", "none are set") };
    let said = ["NO_PROXY", "no_proxy"].iter().find_map(|name| variables.get(*name)).map_or("", String::as_str);
    let listed: Vec<&str> = said.split(',').map(str::trim).filter(|one| !one.is_empty()).collect();
    let missing: Vec<&str> = DIRECT.iter().copied().filter(|one| !covers(&listed, one)).collect();
    if missing.is_empty() {
        return Check::ok("proxies", format!("{variable} is set, what is near is reached directly"));
    }
    let all = listed.iter().chain(&missing).copied().collect::<Vec<_>>().join(",");
    let problem = ProxyInTheWay { variable: variable.clone(), missing: missing.join(", "), all };
    Check::problem("proxies", Verdict::Warning, &problem)
}

fn covers(listed: &[&str], wanted: &str) -> bool {
    let wider = wanted.starts_with("10.").then_some("10.0.0.0/8");
    let same =
        |one: &&str| *one == "*" || *one == wanted || Some(*one) == wider || one.trim_start_matches('*') == wanted;
    listed.iter().any(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn with(pairs: &[(&str, &str)]) -> Check {
        proxies(&pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()).await
    }

    #[tokio::test]
    async fn a_proxy_in_the_way_is_told_with_the_line_to_paste_and_without_its_password() {
        assert_eq!(with(&[]).await.verdict, Verdict::Ok);
        let check = with(&[("https_proxy", "http://me:geheim@proxy:3128"), ("NO_PROXY", "localhost,10.0.0.0/8")]).await;
        assert_eq!(check.id.as_deref(), Some("MACHINE-08"));
        assert_eq!(check.fix.as_deref(), Some("export NO_PROXY=localhost,10.0.0.0/8,127.0.0.1,.svc,.cluster.local"));
        assert!(!format!("{check:?}").contains("geheim"));
        assert_eq!(with(&[("HTTP_PROXY", "http://proxy:3128"), ("no_proxy", "*")]).await.verdict, Verdict::Ok);
    }
}
