//! The lines in CoreDNS' configuration by which pods know this machine as `host.internal`.

use super::KindError;
use std::net::IpAddr;

/// The names that lead to this machine.
const NAMES: &str = "host.internal host.docker.internal";
/// Every line that is ours ends so; CoreDNS reads it as a comment.
const OURS: &str = "# agw-sandbox";

/// What `host.internal` stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostTarget {
    /// An address of this machine.
    Address(IpAddr),
    /// A name that the container engine knows already.
    Name(String),
}

impl std::fmt::Display for HostTarget {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Address(address) => write!(formatter, "{address}"),
            Self::Name(name) => formatter.write_str(name),
        }
    }
}

/// The configuration with our lines for `target`, in place of any that we put there before. Applying it again changes
/// nothing. PROVIDER-19 where there is no place for them.
pub(super) fn with_alias(corefile: &str, target: &HostTarget) -> Result<String, KindError> {
    let plain = without_alias(corefile);
    let lines: Vec<&str> = plain.split('\n').collect();
    let unusable = |why: &str| KindError::Corefile { why: why.to_owned() };
    let opening = lines.iter().position(|line| serves_port_53(line));
    let opening = opening.ok_or_else(|| unusable("there is no server block for port 53"))?;
    let closing = end_of_block(&lines, opening).ok_or_else(|| unusable("its braces do not match"))?;
    let hosts = (opening + 1..closing).find(|at| lines[*at].split_whitespace().next() == Some("hosts"));
    let (at, added) = match (target, hosts) {
        (HostTarget::Name(name), _) => (opening, vec![ours(4, &format!("rewrite name host.internal {name}"))]),
        (HostTarget::Address(address), Some(at)) if lines[at].trim_end().ends_with('{') => {
            (at, vec![ours(8, &format!("{address} {NAMES}"))])
        }
        (HostTarget::Address(_), Some(_)) => return Err(unusable("its `hosts` has no block of its own")),
        (HostTarget::Address(address), None) => (
            opening,
            vec![ours(4, "hosts {"), ours(8, &format!("{address} {NAMES}")), ours(8, "fallthrough"), ours(4, "}")],
        ),
    };
    let mut all: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    all.splice(at + 1..=at, added);
    Ok(all.join("\n"))
}

/// The configuration without our lines.
pub(super) fn without_alias(corefile: &str) -> String {
    corefile.split('\n').filter(|line| !line.trim_end().ends_with(OURS)).collect::<Vec<_>>().join("\n")
}

fn ours(indent: usize, text: &str) -> String {
    format!("{}{text} {OURS}", " ".repeat(indent))
}

fn serves_port_53(line: &str) -> bool {
    let Some(addresses) = line.trim_end().strip_suffix('{') else { return false };
    addresses.split([' ', ',']).any(|address| matches!(address, ".:53" | "." | "dns://.:53"))
}

/// The line that closes the block which `opening` opens.
fn end_of_block(lines: &[&str], opening: usize) -> Option<usize> {
    let mut depth = 0_i32;
    for (at, line) in lines.iter().enumerate().skip(opening) {
        let code = line.split('#').next().unwrap_or_default();
        for word in code.split_whitespace() {
            depth += i32::from(word == "{") - i32::from(word == "}");
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KIND: &str = ".:53 {\n    errors\n    health {\n       lameduck 5s\n    }\n    ready\n    \
        kubernetes cluster.local in-addr.arpa ip6.arpa {\n       pods insecure\n       fallthrough in-addr.arpa ip6.arpa\n    \
        }\n    forward . /etc/resolv.conf {\n       max_concurrent 1000\n    }\n    reload\n}\n";

    fn address(text: &str) -> HostTarget {
        HostTarget::Address(text.parse().unwrap())
    }

    #[test]
    fn the_lines_stand_at_the_head_of_the_block() {
        let edited = with_alias(KIND, &address("172.18.0.1")).unwrap();
        let head = ".:53 {\n    hosts { # agw-sandbox\n        172.18.0.1 host.internal host.docker.internal # agw-sandbox\n\
                            \x20       fallthrough # agw-sandbox\n    } # agw-sandbox\n    errors\n";
        assert!(edited.starts_with(head), "{edited}");
        let named = with_alias(&edited, &HostTarget::Name("host.docker.internal".to_owned())).unwrap();
        assert!(
            named
                .starts_with(".:53 {\n    rewrite name host.internal host.docker.internal # agw-sandbox\n    errors\n")
        );
    }

    #[test]
    fn a_block_of_hosts_that_is_there_is_extended() {
        let corefile = ".:53 {\n    hosts /etc/hosts {\n        10.0.0.1 mine\n        fallthrough\n    }\n}\n";
        let edited = with_alias(corefile, &address("10.0.0.2")).unwrap();
        assert_eq!(edited.matches("hosts").count(), corefile.matches("hosts").count());
        assert!(edited.contains("10.0.0.1 mine") && edited.contains("10.0.0.2 host.internal"));
        for hopeless in [".:53 {\n    hosts /etc/hosts\n}\n", "example.org {\n}\n", ".:53 {\n"] {
            assert!(with_alias(hopeless, &address("10.0.0.2")).is_err(), "{hopeless}");
        }
    }

    fn corefiles() -> impl Strategy<Value = String> {
        let plugin = prop_oneof![
            Just("errors".to_owned()),
            Just("health {\n       lameduck 5s\n    }".to_owned()),
            Just("hosts {\n        10.0.0.1 mine\n        fallthrough\n    }".to_owned()),
            "[a-z]{1,8} [a-z./]{1,8}",
            "# [a-z {}]{0,12}",
        ];
        (prop::collection::vec(plugin, 0..6), prop::bool::ANY).prop_map(|(plugins, ends)| {
            let body: String = plugins.iter().map(|plugin| format!("    {plugin}\n")).collect();
            format!("example.org {{\n    errors\n}}\n.:53 {{\n{body}}}{}", if ends { "\n" } else { "" })
        })
    }

    fn targets() -> impl Strategy<Value = HostTarget> {
        prop_oneof![
            any::<std::net::Ipv4Addr>().prop_map(|address| HostTarget::Address(address.into())),
            "[a-z]{1,8}\\.internal".prop_map(HostTarget::Name),
        ]
    }

    proptest! {
        #[test]
        fn applying_again_changes_nothing_and_the_last_one_counts(corefile in corefiles(), one in targets(), other in targets()) {
            prop_assume!(!corefile.contains("    hosts /") );
            let Ok(once) = with_alias(&corefile, &one) else { return Ok(()) };
            prop_assert_eq!(&with_alias(&once, &one).unwrap(), &once);
            prop_assert_eq!(with_alias(&once, &other).unwrap(), with_alias(&corefile, &other).unwrap());
            prop_assert_eq!(without_alias(&once), corefile);
        }

        #[test]
        fn no_text_is_a_reason_to_panic(text in "\\PC{0,200}") {
            let _ = with_alias(&text, &HostTarget::Name("x".to_owned()));
        }
    }
}
