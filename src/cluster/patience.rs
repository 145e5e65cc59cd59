//! An API server that is away for a while: calls that can be repeated are.

use kube::Error;
use std::time::{Duration, Instant};

/// First pause before a call is repeated; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Repeats a call that may be repeated until somebody answers, or patience ends; the last error is returned then.
pub(super) async fn patiently<T, Called>(patience: Duration, call: impl Fn() -> Called) -> Result<T, Error>
where
    Called: Future<Output = Result<T, Error>>,
{
    let began = Instant::now();
    let mut pause = FIRST_PAUSE;
    loop {
        match call().await {
            Err(error) if is_away(&error) && began.elapsed() + pause < patience => {
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            ended => return ended,
        }
    }
}

/// Whether nobody answered, or one who is just starting or stopping.
fn is_away(error: &Error) -> bool {
    match error {
        Error::Service(_) | Error::HyperError(_) => true,
        Error::Api(status) => matches!(status.code, 429 | 502 | 503 | 504),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    fn away() -> Error {
        Error::Service("connection refused".into())
    }

    #[tokio::test]
    async fn a_call_is_repeated_until_somebody_answers() {
        let calls = AtomicU32::new(0);
        let call = async || if calls.fetch_add(1, Ordering::Relaxed) < 2 { Err(away()) } else { Ok(7) };
        assert_eq!(patiently(Duration::from_secs(60), call).await.unwrap(), 7);
        assert_eq!(calls.load(Ordering::Relaxed), 3);
    }

    #[tokio::test]
    async fn without_patience_and_for_a_refusal_once_is_enough() {
        let calls = AtomicU32::new(0);
        let call = async || {
            calls.fetch_add(1, Ordering::Relaxed);
            Err::<(), _>(away())
        };
        assert!(patiently(Duration::ZERO, call).await.is_err());
        let refused = async || {
            calls.fetch_add(1, Ordering::Relaxed);
            Err::<(), _>(Error::LinesCodecMaxLineLengthExceeded)
        };
        assert!(patiently(Duration::from_secs(60), refused).await.is_err());
        assert_eq!(calls.load(Ordering::Relaxed), 2);
    }
}
