//! Metrics in Prometheus' text form: samples, and which of them an expectation counts.

use std::{collections::BTreeMap, fmt};

/// Samples that are kept of one look; the rest is left out.
const MOST_SAMPLES: usize = 50_000;

/// Which samples are added up: those of a name whose labels have these values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metric {
    text: String,
    name: String,
    labels: BTreeMap<String, String>,
}

/// The samples of one look at a gateway.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Samples(Vec<Sample>);

#[derive(Debug, Clone, PartialEq)]
struct Sample {
    name: String,
    labels: BTreeMap<String, String>,
    value: f64,
}

impl Metric {
    /// Reads `name` or `name{label="value",…}`.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, labels, rest) = head(text)?;
        rest.trim().is_empty().then(|| Self { text: text.to_owned(), name, labels })
    }

    fn counts(&self, sample: &Sample) -> bool {
        self.name == sample.name && self.labels.iter().all(|(label, value)| sample.labels.get(label) == Some(value))
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl Samples {
    /// Reads what a gateway tells; lines that are no samples are left out.
    pub fn parse(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        Self(lines.filter_map(sample).take(MOST_SAMPLES).collect())
    }

    /// The sum of the samples that count; 0 where there are none.
    pub fn sum(&self, metric: &Metric) -> f64 {
        self.0.iter().filter(|sample| metric.counts(sample)).map(|sample| sample.value).sum()
    }
}

fn sample(line: &str) -> Option<Sample> {
    let (name, labels, rest) = head(line)?;
    let value = rest.split_whitespace().next()?.parse().ok()?;
    Some(Sample { name, labels, value })
}

/// Name and labels, and what stands behind them.
fn head(text: &str) -> Option<(String, BTreeMap<String, String>, &str)> {
    let text = text.trim_start();
    let end = text.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_' || letter == ':'));
    let (name, mut rest) = text.split_at(end.unwrap_or(text.len()));
    if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let mut labels = BTreeMap::new();
    if let Some(inside) = rest.strip_prefix('{') {
        rest = inside;
        loop {
            rest = rest.trim_start_matches([',', ' ']);
            if let Some(behind) = rest.strip_prefix('}') {
                rest = behind;
                break;
            }
            let (label, behind) = rest.split_once("=\"")?;
            let (value, behind) = quoted(behind)?;
            labels.insert(label.trim().to_owned(), value);
            rest = behind;
        }
    }
    Some((name.to_owned(), labels, rest))
}

/// Text up to the closing quotation mark, and what stands behind it.
pub(super) fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((position, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, &text[position + 1..])),
            '\\' => match letters.next()?.1 {
                'n' => value.push('\n'),
                't' => value.push('\t'),
                other => value.push(other),
            },
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_count_by_name_and_by_some_labels() {
        let text = "# TYPE a counter\na_total{b=\"x\",c=\"1\"} 2\na_total{b=\"y\",c=\"1\"} 3 1700\nb 7\nbroken{\n";
        let samples = Samples::parse(text);
        let sum = |metric: &str| samples.sum(&Metric::parse(metric).unwrap());
        assert!((sum("a_total{c=\"1\"}") - 5.0).abs() < f64::EPSILON);
        assert!((sum("a_total{b=\"y\"}") - 3.0).abs() < f64::EPSILON && (sum("b") - 7.0).abs() < f64::EPSILON);
        assert!(sum("a_total{b=\"z\"}").abs() < f64::EPSILON);
        assert!(["", "a{", "a{b=1}", "a b", "1a"].iter().all(|bad| Metric::parse(bad).is_none()));
    }
}
