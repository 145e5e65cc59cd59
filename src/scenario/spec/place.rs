//! Where something stands in a scenario file.

use std::fmt;

/// The way from the top of a file to a value in it: `steps[1].then.headers.retry-after`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Place(Vec<Part>);

/// One step of the way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Part {
    /// A key of a mapping.
    Key(String),
    /// A position in a list, from 0.
    Index(usize),
}

impl Place {
    /// The whole file.
    pub fn top() -> Self {
        Self::default()
    }

    /// The value of a key here.
    pub fn key(&self, key: &str) -> Self {
        self.and(Part::Key(key.to_owned()))
    }

    /// An item of the list here.
    pub fn index(&self, index: usize) -> Self {
        self.and(Part::Index(index))
    }

    /// A path in words, `routes[0].to`, from here on.
    pub fn path(&self, path: &str) -> Self {
        let mut place = self.clone();
        for word in path.split('.').filter(|word| !word.is_empty()) {
            let (key, indices) = word.split_once('[').unwrap_or((word, ""));
            if !key.is_empty() {
                place.0.push(Part::Key(key.to_owned()));
            }
            let indices = indices.split(['[', ']']).filter_map(|index| index.parse().ok());
            place.0.extend(indices.map(Part::Index));
        }
        place
    }

    /// The place above this one that ends with a key; this one where there is none.
    pub fn up_to(&self, key: &str) -> Self {
        let end = self.0.iter().position(|part| matches!(part, Part::Key(name) if name == key));
        Self(self.0[..end.map_or(self.0.len(), |end| end + 1)].to_vec())
    }

    /// The parts in order.
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    fn and(&self, part: Part) -> Self {
        let mut parts = self.0.clone();
        parts.push(part);
        Self(parts)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, part) in self.0.iter().enumerate() {
            match part {
                Part::Key(key) if position > 0 => write!(formatter, ".{key}")?,
                Part::Key(key) => formatter.write_str(key)?,
                Part::Index(index) => write!(formatter, "[{index}]")?,
            }
        }
        Ok(())
    }
}
