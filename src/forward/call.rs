//! One call to the forwarding process: a line of JSON there, a line back.

use super::{Forward, ForwardTarget};
use serde::{Deserialize, Serialize};
use std::{io, path::Path, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::UnixStream,
};

/// Time for a call.
const CALL: Duration = Duration::from_secs(5);
/// The longest line, in bytes.
const LONGEST: u64 = 4096;

/// What can be asked: a port that leads to a Service; the one that does already, if one does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Call {
    /// Where it shall lead.
    pub to: ForwardTarget,
    /// The port of this machine that is tried first.
    pub prefer: u16,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Answer {
    /// It is forwarded.
    Open(Forward),
    /// It is not; why.
    Refused(String),
}

/// Asks the process behind a socket.
pub(super) async fn ask(socket: &Path, call: &Call) -> io::Result<Answer> {
    let exchange = async {
        let mut stream = UnixStream::connect(socket).await?;
        write_line(&mut stream, call).await?;
        read_line(&mut stream).await
    };
    tokio::time::timeout(CALL, exchange).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// Hears one call.
pub(super) async fn hear(stream: &mut UnixStream) -> io::Result<Call> {
    tokio::time::timeout(CALL, read_line(stream)).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// Writes one value on a line.
pub(super) async fn write_line(stream: &mut UnixStream, value: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    stream.write_all(&line).await
}

async fn read_line<T: for<'de> Deserialize<'de>>(stream: &mut UnixStream) -> io::Result<T> {
    let mut line = Vec::new();
    BufReader::new(stream.take(LONGEST)).read_until(b'\n', &mut line).await?;
    Ok(serde_json::from_slice(&line)?)
}
