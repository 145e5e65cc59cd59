//! Whose a cluster is, and whether it is whole: decided from what was seen, without asking anybody.

use super::{
    nodes::Node,
    state::{Phase, Record},
};

/// How much older than its record a node may look, in seconds: Docker's clock may be that of a virtual machine.
const CLOCK_SKEW: i64 = 60;

/// What was seen of the marker in the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Marker {
    /// The API does not answer, or there is no way to it.
    Unknown,
    /// The API answers, and there is none.
    Missing,
    /// It carries this id.
    Of(String),
}

/// How a cluster stands to this sandbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// There is none.
    Absent,
    /// It is not ours, for this reason.
    Foreign(String),
    /// It is ours and never became whole, or is not whole any more, for this reason.
    HalfMade(String),
    /// It is ours, and some node containers do not run.
    Stopped,
    /// It is ours, its containers run, and it was not marked yet.
    Unmarked,
    /// It is ours, its containers run, and its API does not answer.
    Silent,
    /// It is ours and whole.
    Whole,
}

/// Judges. `has_kubeconfig`: kind wrote a kubeconfig, which is the last thing that it does; of a cluster that was made: it
/// is still there.
pub(super) fn judge(record: Option<&Record>, nodes: &[Node], marker: &Marker, has_kubeconfig: bool) -> Standing {
    if nodes.is_empty() {
        return Standing::Absent;
    }
    let Some(record) = record else {
        return Standing::Foreign("there is no record of having made it".to_owned());
    };
    if let Some(why) = why_foreign(record, nodes, marker) {
        return Standing::Foreign(why);
    }
    match &record.phase {
        Phase::Begun { .. } if !has_kubeconfig => Standing::HalfMade("kind was interrupted at work on it".to_owned()),
        Phase::Made { nodes: made } if made.len() != nodes.len() => {
            Standing::HalfMade(format!("{} of its {} nodes are there", nodes.len(), made.len()))
        }
        _ if !has_kubeconfig => Standing::HalfMade("its kubeconfig is gone".to_owned()),
        _ if nodes.iter().any(|node| !node.running) => Standing::Stopped,
        _ => match marker {
            Marker::Unknown => Standing::Silent,
            Marker::Missing => Standing::Unmarked,
            Marker::Of(_) => Standing::Whole,
        },
    }
}

fn why_foreign(record: &Record, nodes: &[Node], marker: &Marker) -> Option<String> {
    let strange = match &record.phase {
        Phase::Begun { .. } => {
            nodes.iter().find(|node| node.created + CLOCK_SKEW < record.began.as_second()).map(|node| (node, "older"))
        }
        Phase::Made { nodes: made } => nodes.iter().find(|node| !made.contains(&node.id)).map(|node| (node, "another")),
    };
    if let Some((node, how)) = strange {
        return Some(format!("its container {} is {how} than the one that was made", node.name));
    }
    match (marker, &record.phase) {
        (Marker::Of(id), _) if *id != record.id => Some("its marker carries another id".to_owned()),
        (Marker::Missing, Phase::Made { .. }) => Some("its marker, ConfigMap agw-sandbox/identity, is gone".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::kind::{NodeImage, NodeImageSource};

    fn record(phase: Phase) -> Record {
        Record {
            id: "me".to_owned(),
            began: jiff::Timestamp::from_second(1000).unwrap(),
            phase,
            image: NodeImage { reference: String::new(), id: None, kubernetes: None, source: NodeImageSource::Local },
            ports: Vec::new(),
            network_is_ours: false,
        }
    }

    fn node(id: &str, created: i64, running: bool) -> Node {
        Node {
            id: id.to_owned(),
            name: "agw-a-control-plane".to_owned(),
            created,
            running,
            paused: false,
            image: String::new(),
            ports: Vec::new(),
            api_port: None,
            network: None,
            gateway: None,
        }
    }

    fn begun() -> Record {
        record(Phase::Begun { kind: None })
    }

    fn made() -> Record {
        record(Phase::Made { nodes: vec!["n".to_owned()] })
    }

    fn ours() -> Marker {
        Marker::Of("me".to_owned())
    }

    #[test]
    fn what_we_cannot_prove_is_foreign() {
        let foreign = |record: Option<&Record>, node, marker: &Marker| {
            matches!(judge(record, &[node], marker, true), Standing::Foreign(_))
        };
        let there = || node("n", 1000, true);
        assert!(foreign(None, there(), &ours()), "no record");
        assert!(foreign(Some(&begun()), node("n", 900, true), &Marker::Unknown), "older than our beginning");
        assert!(foreign(Some(&made()), node("other", 1000, true), &ours()), "another container under that name");
        assert!(foreign(Some(&made()), there(), &Marker::Of("you".to_owned())), "another's marker");
        assert!(foreign(Some(&made()), there(), &Marker::Missing), "the marker was taken away");
        assert!(foreign(Some(&begun()), there(), &Marker::Of("you".to_owned())), "another's marker");
    }

    #[test]
    fn an_interrupted_creation_is_finished_or_recognised() {
        let there = [node("n", 1001, true)];
        assert!(matches!(judge(Some(&begun()), &there, &Marker::Unknown, false), Standing::HalfMade(_)));
        assert_eq!(judge(Some(&begun()), &there, &Marker::Missing, true), Standing::Unmarked);
        assert_eq!(judge(Some(&begun()), &there, &ours(), true), Standing::Whole);
        assert_eq!(judge(Some(&begun()), &[], &Marker::Unknown, false), Standing::Absent);
    }

    #[test]
    fn a_made_cluster_is_whole_stopped_or_silent() {
        assert_eq!(judge(Some(&made()), &[node("n", 0, true)], &ours(), true), Standing::Whole);
        assert_eq!(judge(Some(&made()), &[node("n", 0, false)], &Marker::Unknown, true), Standing::Stopped);
        assert_eq!(judge(Some(&made()), &[node("n", 0, true)], &Marker::Unknown, true), Standing::Silent);
        assert!(matches!(judge(Some(&made()), &[node("n", 0, true)], &Marker::Unknown, false), Standing::HalfMade(_)));
    }
}
