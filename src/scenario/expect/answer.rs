//! An answer to the scenario's client.

use serde_json::Value;

/// An answer to the scenario's client.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// Status; `None`: no answer came.
    pub status: Option<u16>,
    /// Headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body as far as it came, or what went wrong.
    pub body: String,
    /// The JSON that `json` looks into.
    pub json: Option<Value>,
    /// How long it took, in milliseconds.
    pub milliseconds: f64,
    /// When each event of a stream came, in milliseconds after the request.
    pub event_times: Vec<f64>,
    /// How the body ended.
    pub end: End,
}

/// How a body ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum End {
    /// As the framing of the message says.
    #[default]
    Complete,
    /// Before that.
    Cut,
    /// It was longer than is read.
    TooLong,
    /// It went on when the client's time was over.
    TooLate,
    /// The client went away on purpose.
    Left,
}

impl End {
    /// Its word in scenario files and in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Cut => "cut",
            Self::TooLong => "longer than the client reads",
            Self::TooLate => "still going on when the client's time was over",
            Self::Left => "the client left",
        }
    }
}

impl Answer {
    /// The 99th percentile of the times between events, in milliseconds; `None`: there were fewer than two events.
    pub fn gap(&self) -> Option<f64> {
        let mut gaps: Vec<f64> = self.event_times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        gaps.sort_by(f64::total_cmp);
        // The smallest gap that is not exceeded by 99 of 100.
        let position = (gaps.len() * 99).div_ceil(100).checked_sub(1)?;
        gaps.get(position).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_gap_of_a_few_and_the_99th_of_many() {
        let answer = |event_times: Vec<f64>| Answer { event_times, ..Answer::default() };
        assert_eq!(answer(vec![1.0]).gap(), None);
        assert_eq!(answer(vec![0.0, 1.0, 5.0]).gap(), Some(4.0));
        let mut times: Vec<f64> = (0..=200).map(f64::from).collect();
        times.push(900.0);
        assert_eq!(answer(times).gap(), Some(1.0));
    }
}
