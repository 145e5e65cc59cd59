//! Counters and histograms, as text.

use std::{
    collections::HashMap,
    fmt::Write,
    sync::{Mutex, PoisonError},
};

/// Series that one family may have: labels come from clients too.
const MOST_SERIES: usize = 10_000;

/// What all families of metrics have in common: a name, and values by their labels.
#[derive(Debug)]
struct Family<V> {
    name: &'static str,
    about: &'static str,
    series: Mutex<HashMap<String, V>>,
}

impl<V: Clone> Family<V> {
    fn new(name: &'static str, about: &'static str) -> Self {
        Self { name, about, series: Mutex::default() }
    }

    fn change(&self, labels: &str, first: impl FnOnce() -> V, change: impl FnOnce(&mut V)) {
        let mut series = self.series.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = series.get_mut(labels) {
            return change(value);
        }
        if series.len() < MOST_SERIES {
            change(series.entry(labels.to_owned()).or_insert_with(first));
        }
    }

    fn head(&self, kind: &str, out: &mut String) {
        let (name, about) = (self.name, self.about);
        // Writing into a String does not fail.
        let _ = writeln!(out, "# HELP agentgateway_{name} {about}.\n# TYPE agentgateway_{name} {kind}");
    }

    fn sorted(&self) -> Vec<(String, V)> {
        let series = self.series.lock().unwrap_or_else(PoisonError::into_inner);
        let mut sorted: Vec<_> = series.iter().map(|(labels, value)| (labels.clone(), value.clone())).collect();
        sorted.sort_by(|one, other| one.0.cmp(&other.0));
        sorted
    }
}

/// Counts.
#[derive(Debug)]
pub struct Counter(Family<u64>);

impl Counter {
    /// Without any series.
    pub fn new(name: &'static str, about: &'static str) -> Self {
        Self(Family::new(name, about))
    }

    /// Adds to a series.
    pub fn add(&self, labels: &str, amount: u64) {
        self.0.change(labels, || 0, |value| *value = value.saturating_add(amount));
    }

    /// Writes all series.
    pub fn render(&self, out: &mut String) {
        self.0.head("counter", out);
        for (labels, value) in self.0.sorted() {
            let _ = writeln!(out, "agentgateway_{}_total{{{labels}}} {value}", self.0.name);
        }
    }
}

/// Counts values by their size.
#[derive(Debug)]
pub struct Histogram {
    family: Family<Observed>,
    bounds: &'static [f64],
}

#[derive(Debug, Clone)]
struct Observed {
    counts: Vec<u64>,
    sum: f64,
}

impl Histogram {
    /// Without any series. `bounds` are upper ones, in order.
    pub fn new(name: &'static str, about: &'static str, bounds: &'static [f64]) -> Self {
        Self { family: Family::new(name, about), bounds }
    }

    /// Adds a value to a series.
    pub fn observe(&self, labels: &str, value: f64) {
        let at = self.bounds.iter().position(|bound| value <= *bound).unwrap_or(self.bounds.len());
        let first = || Observed { counts: vec![0; self.bounds.len() + 1], sum: 0.0 };
        self.family.change(labels, first, |observed| {
            observed.counts[at] += 1;
            observed.sum += value;
        });
    }

    /// Writes all series.
    pub fn render(&self, out: &mut String) {
        self.family.head("histogram", out);
        let name = self.family.name;
        for (labels, observed) in self.family.sorted() {
            let count: u64 = observed.counts.iter().sum();
            let _ = writeln!(out, "agentgateway_{name}_sum{{{labels}}} {:?}", observed.sum);
            let _ = writeln!(out, "agentgateway_{name}_count{{{labels}}} {count}");
            let mut below = 0;
            for (at, count) in observed.counts.iter().enumerate() {
                below += count;
                let bound = self.bounds.get(at).map_or_else(|| "+Inf".to_owned(), |bound| format!("{bound:?}"));
                let _ = writeln!(out, "agentgateway_{name}_bucket{{{labels},le=\"{bound}\"}} {below}");
            }
        }
    }
}

/// Labels as a series has them; a value that is not known is `unknown`.
#[derive(Debug, Clone, Default)]
pub struct Labels(String);

impl Labels {
    /// With one more.
    pub fn with(mut self, name: &str, value: Option<&str>) -> Self {
        if !self.0.is_empty() {
            self.0.push(',');
        }
        self.0.push_str(name);
        self.0.push_str("=\"");
        for letter in value.unwrap_or("unknown").chars() {
            match letter {
                '\\' => self.0.push_str("\\\\"),
                '"' => self.0.push_str("\\\""),
                '\n' => self.0.push_str("\\n"),
                other => self.0.push(other),
            }
        }
        self.0.push('"');
        self
    }

    /// Followed by others.
    pub fn and(mut self, others: &Self) -> Self {
        if !self.0.is_empty() && !others.0.is_empty() {
            self.0.push(',');
        }
        self.0.push_str(&others.0);
        self
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_are_written_as_prometheus_reads_them() {
        let (counter, labels) = (Counter::new("requests", "Requests"), Labels::default());
        let labels = labels.with("status", Some("200")).with("model", Some("a\"b\\")).with("rule", None);
        counter.add(labels.text(), 2);
        counter.add(labels.text(), 1);
        let mut out = String::new();
        counter.render(&mut out);
        let expected = "# HELP agentgateway_requests Requests.\n# TYPE agentgateway_requests counter\n\
            agentgateway_requests_total{status=\"200\",model=\"a\\\"b\\\\\",rule=\"unknown\"} 3\n";
        assert_eq!(out, expected);

        let histogram = Histogram::new("took", "Time", &[0.5, 1.0]);
        [0.25, 1.0, 7.0].into_iter().for_each(|value| histogram.observe("a=\"b\"", value));
        let mut out = String::new();
        histogram.render(&mut out);
        let lines: Vec<_> = out.lines().skip(2).collect();
        let expected = [
            "agentgateway_took_sum{a=\"b\"} 8.25",
            "agentgateway_took_count{a=\"b\"} 3",
            "agentgateway_took_bucket{a=\"b\",le=\"0.5\"} 1",
            "agentgateway_took_bucket{a=\"b\",le=\"1.0\"} 2",
            "agentgateway_took_bucket{a=\"b\",le=\"+Inf\"} 3",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn clients_cannot_make_series_without_end() {
        let counter = Counter::new("requests", "Requests");
        (0..MOST_SERIES + 10).for_each(|number| counter.add(&format!("n=\"{number}\""), 1));
        assert_eq!(counter.0.sorted().len(), MOST_SERIES);
    }
}
