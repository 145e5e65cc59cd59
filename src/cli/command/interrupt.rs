//! Ctrl-C and SIGTERM: the first one ends work cleanly, the second one at once.

use tokio_util::sync::CancellationToken;

/// A token that is cancelled by the first signal. The second one ends the process with 130.
pub fn on_interrupt() -> CancellationToken {
    let cancel = CancellationToken::new();
    let told = cancel.clone();
    tokio::spawn(async move {
        signal().await;
        told.cancel();
        signal().await;
        std::process::exit(i32::from(crate::cli::Exit::Interrupted.code()));
    });
    cancel
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        // Where Ctrl-C cannot be heard, SIGTERM still can.
        Ok(()) = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
