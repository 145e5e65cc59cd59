//! Files behind URLs.

use super::mirrors::Place;
use super::network::chain;
use super::{ChartError, Supply};
use futures_util::StreamExt;
use std::time::Duration;

/// Time for a whole file.
const DEADLINE: Duration = Duration::from_secs(120);

impl Supply {
    /// The file behind a URL, at most `limit` bytes, through its mirror. CHART-11 and CHART-16.
    pub(super) async fn download(&self, url: &str, limit: usize) -> Result<Vec<u8>, ChartError> {
        let place = match self.mirrors().for_url(url) {
            Place::Url(place) => place,
            Place::File(file) if !file.is_file() => return Err(ChartError::NotInFolder { what: url.to_owned(), file }),
            Place::File(file) => {
                return std::fs::read(&file).map_err(|source| ChartError::Unreadable { path: file, source });
            }
        };
        let client = self.http().await?;
        let loaded = tokio::time::timeout(DEADLINE, load(client, &place, limit)).await;
        let result =
            loaded.unwrap_or_else(|_| Err(format!("it is not there as a whole after {} s", DEADLINE.as_secs())));
        result.map_err(|why| ChartError::NoDownload { url: place, why })
    }
}

async fn load(client: &reqwest::Client, url: &str, limit: usize) -> Result<Vec<u8>, String> {
    let answer = client.get(url).send().await.map_err(|error| chain(&error))?;
    if !answer.status().is_success() {
        return Err(format!("the answer is {}", answer.status()));
    }
    let mut content = Vec::new();
    let mut pieces = answer.bytes_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| format!("it breaks off after {} bytes: {}", content.len(), chain(&error)))?;
        if content.len() + piece.len() > limit {
            return Err(format!("it is larger than {} MB", limit / 1_000_000));
        }
        content.extend_from_slice(&piece);
    }
    Ok(content)
}
