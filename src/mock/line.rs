//! The connection behind a request, as far as a fault has to reach it.

use super::tls_session::TlsSession;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

/// How the connection of a request is to end. It is an extension of every request.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    is_reset: Arc<AtomicBool>,
    leaves: CancellationToken,
    tls: Option<Arc<TlsSession>>,
    client: Option<SocketAddr>,
}

impl Line {
    /// The line to a client.
    pub(super) fn to(client: Option<SocketAddr>) -> Self {
        Self { client, ..Self::default() }
    }

    /// The client's address.
    pub(super) fn client(&self) -> Option<SocketAddr> {
        self.client
    }

    /// The same line, encrypted.
    pub(super) fn over(self, tls: TlsSession) -> Self {
        Self { tls: Some(Arc::new(tls)), ..self }
    }

    /// What the handshake of TLS agreed on, where there was one.
    pub(super) fn tls(&self) -> Option<&TlsSession> {
        self.tls.as_deref()
    }

    /// From now on the connection ends with a reset.
    pub(super) fn reset_at_end(&self) {
        self.is_reset.store(true, Ordering::Relaxed);
    }

    /// From now on no more requests are taken: GOAWAY in HTTP/2, `connection: close` before.
    pub(super) fn leave(&self) {
        self.leaves.cancel();
    }

    /// Waits until [`Self::leave`] is called.
    pub(super) async fn left(&self) {
        self.leaves.cancelled().await;
    }
}

/// An extension of a response that is never sent: the connection ends instead.
#[derive(Debug, Clone, Copy)]
pub(super) struct HangUp;

/// A connection that is reset at its end if its line says so.
pub(super) struct Socket {
    stream: TcpStream,
    line: Line,
}

impl Socket {
    pub(super) fn new(stream: TcpStream, line: Line) -> Self {
        Self { stream, line }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.line.is_reset.load(Ordering::Relaxed) {
            // A socket that cannot be told ends in the ordinary way.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // A goodbye would come before the reset.
        if self.line.is_reset.load(Ordering::Relaxed) {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
