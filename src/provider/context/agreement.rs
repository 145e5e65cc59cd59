//! Whether the user agreed that a cluster is used.

use super::{ContextError, ContextSight, SharedMarker, record::Record};

/// How a sandbox stands to a cluster of the user's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Agreement {
    /// The user agreed to exactly this cluster.
    Given,
    /// Nobody did; what changed since somebody did, after a colon, else empty.
    Missing(String),
}

/// Judges. PROVIDER-33: another sandbox uses the cluster.
pub(super) fn judge(record: Option<&Record>, sight: &ContextSight) -> Result<Agreement, ContextError> {
    if let SharedMarker::Of { id, sandbox, since } = &sight.marker
        && record.is_none_or(|record| record.id != *id)
    {
        return Err(ContextError::Taken {
            context: sight.context.clone(),
            api: sight.api.clone(),
            holder: format!("{sandbox}, since {since} (id {id})"),
        });
    }
    let Some(record) = record else { return Ok(Agreement::Missing(String::new())) };
    Ok(match (record.api == sight.api, record.cluster == sight.cluster) {
        (true, true) => Agreement::Given,
        (false, _) => Agreement::Missing(format!(": it led to {} then", record.api)),
        (true, false) => Agreement::Missing(": another cluster answers at that address now".to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::{ProviderName, context::record::Phase};

    fn record() -> Record {
        Record {
            id: "me".to_owned(),
            provider: ProviderName::Context,
            context: "c".to_owned(),
            api: "https://a".to_owned(),
            cluster: "uid".to_owned(),
            agreed: jiff::Timestamp::UNIX_EPOCH,
            phase: Phase::Marked,
            nodes: Vec::new(),
            classes: Vec::new(),
        }
    }

    fn sight(api: &str, cluster: &str, marker: SharedMarker) -> ContextSight {
        let (api, cluster) = (api.to_owned(), cluster.to_owned());
        ContextSight { context: "c".to_owned(), api, cluster, marker, classes: Vec::new() }
    }

    #[test]
    fn an_agreement_is_for_one_cluster_and_not_for_its_name() {
        let seen = |api, cluster| judge(Some(&record()), &sight(api, cluster, SharedMarker::Missing)).unwrap();
        assert_eq!(seen("https://a", "uid"), Agreement::Given);
        assert!(matches!(seen("https://b", "uid"), Agreement::Missing(why) if why.contains("https://a")));
        assert!(matches!(seen("https://a", "other"), Agreement::Missing(why) if why.contains("another cluster")));
        let never = judge(None, &sight("https://a", "uid", SharedMarker::Missing)).unwrap();
        assert_eq!(never, Agreement::Missing(String::new()));
    }

    #[test]
    fn a_cluster_that_another_sandbox_uses_is_not_asked_for() {
        let of = |id: &str| SharedMarker::Of { id: id.to_owned(), sandbox: "s".to_owned(), since: "then".to_owned() };
        let taken = |record: Option<&Record>, id| judge(record, &sight("https://a", "uid", of(id))).is_err();
        assert!(taken(None, "you") && taken(None, "") && taken(Some(&record()), "you"));
        assert!(!taken(Some(&record()), "me"));
    }
}
