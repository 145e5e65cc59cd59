//! What has arrived.

use super::ring::Ring;
use crate::exchange::{Lane, LogRecord, Metric, Origin, Span, Telemetry};
use crate::mock::behaviours::Forgets;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// What has arrived at all ways into the sink; clones share it.
#[derive(Debug, Clone)]
pub(in crate::mock) struct Sink {
    kept: Arc<Mutex<Kept>>,
    arrived: Arc<watch::Sender<()>>,
}

#[derive(Debug, Default)]
struct Kept {
    spans: Ring<Span>,
    logs: Ring<LogRecord>,
    metrics: Ring<Metric>,
}

/// Which of the things that arrived are wanted.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    /// Of this lane only.
    pub(super) lane: Option<Lane>,
    /// Of this trace only, in lower case.
    pub(super) trace: Option<String>,
    /// Behind this place in the order of arrival.
    pub(super) after: u64,
}

impl Wanted {
    fn has(&self, origin: &Origin, trace: &str) -> bool {
        origin.sequence > self.after
            && self.lane.as_ref().is_none_or(|lane| *lane == origin.lane)
            && self.trace.as_ref().is_none_or(|wanted| wanted == trace)
    }
}

impl Default for Sink {
    fn default() -> Self {
        Self { kept: Arc::default(), arrived: Arc::new(watch::Sender::new(())) }
    }
}

impl Sink {
    /// Keeps spans, which get their numbers here.
    pub(super) fn add_spans(&self, spans: Vec<Span>) {
        let mut kept = self.lock();
        for mut span in spans {
            span.origin.sequence = kept.spans.next();
            kept.spans.add(span);
        }
        drop(kept);
        self.arrived.send_replace(());
    }

    /// Keeps log records.
    pub(super) fn add_logs(&self, records: Vec<LogRecord>) {
        let mut kept = self.lock();
        for mut record in records {
            record.origin.sequence = kept.logs.next();
            kept.logs.add(record);
        }
    }

    /// Keeps metrics.
    pub(super) fn add_metrics(&self, metrics: Vec<Metric>) {
        let mut kept = self.lock();
        for mut metric in metrics {
            metric.origin.sequence = kept.metrics.next();
            kept.metrics.add(metric);
        }
    }

    /// The spans that are wanted; waits until there are some, but no longer than this.
    pub(super) async fn spans(&self, wanted: &Wanted, wait: Duration) -> Telemetry<Span> {
        let mut changes = self.arrived.subscribe();
        let some = async { while self.found_spans(wanted).items.is_empty() && changes.changed().await.is_ok() {} };
        // Either way the caller gets what there is.
        let _ = tokio::time::timeout(wait, some).await;
        self.found_spans(wanted)
    }

    fn found_spans(&self, wanted: &Wanted) -> Telemetry<Span> {
        let kept = self.lock();
        let found = kept.spans.found(|span| wanted.has(&span.origin, &span.trace_id));
        Telemetry { items: found.cloned().collect(), dropped: kept.spans.dropped() }
    }

    /// The log records that are wanted.
    pub(super) fn logs(&self, wanted: &Wanted) -> Telemetry<LogRecord> {
        let kept = self.lock();
        let found = kept.logs.found(|record| wanted.has(&record.origin, &record.trace_id));
        Telemetry { items: found.cloned().collect(), dropped: kept.logs.dropped() }
    }

    /// The metrics that are wanted; they belong to no trace.
    pub(super) fn metrics(&self, wanted: &Wanted) -> Telemetry<Metric> {
        let wanted = Wanted { trace: None, ..wanted.clone() };
        let kept = self.lock();
        let found = kept.metrics.found(|metric| wanted.has(&metric.origin, ""));
        Telemetry { items: found.cloned().collect(), dropped: kept.metrics.dropped() }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Forgets for Sink {
    fn forget(&self, lane: &Lane) {
        let mut kept = self.lock();
        kept.spans.retain(|span| span.origin.lane != *lane);
        kept.logs.retain(|record| record.origin.lane != *lane);
        kept.metrics.retain(|metric| metric.origin.lane != *lane);
    }
}
