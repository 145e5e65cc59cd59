//! What happens next in an answer that is played.

use crate::exchange::{Fault, Moment};
use bytes::Bytes;
use http::HeaderMap;
use std::time::Duration;

/// The next thing that happens.
#[derive(Debug)]
pub(super) enum Step {
    /// These bytes go out.
    Send(Bytes),
    /// These headers go out, and the answer ends.
    Trail(HeaderMap),
    /// So many bytes of white space go out.
    Pad(u64),
    /// Nothing happens for a while.
    Wait(Duration),
    /// Something ends it.
    End(Ending),
}

/// What ends an answer early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// It seems whole.
    Truncate,
    /// The connection is closed.
    Cut,
    /// The connection is reset.
    Reset,
    /// Silence.
    Hang,
}

/// What ends the answer, and when.
pub(super) fn endings(fault: &Fault) -> impl Iterator<Item = (Moment, Ending)> {
    let old = fault.cut_after_events.map(Moment::AfterEvents);
    let all = [
        (fault.truncate, Ending::Truncate),
        (fault.cut.or(old), Ending::Cut),
        (fault.reset, Ending::Reset),
        (fault.hang, Ending::Hang),
    ];
    all.into_iter().filter_map(|(moment, ending)| moment.map(|moment| (moment, ending)))
}
