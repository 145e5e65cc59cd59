//! The forwarding process itself.

use super::{
    Forward, ForwardError, ForwardTarget,
    call::{Answer, Call, hear, write_line},
    carry::Carrier,
    handshake::Handshake,
};
use crate::{cluster::Cluster, process::ProcessIdentity};
use std::{
    io,
    net::Ipv4Addr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{
    net::{TcpListener, UnixListener, UnixStream},
    sync::Semaphore,
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

/// The most ports that are forwarded.
const MOST_PORTS: usize = 64;
/// The most connections at a time.
const MOST_CONNECTIONS: usize = 256;
/// How many ports after the preferred one are tried.
const TO_TRY: u16 = 200;
/// The longest path that every system takes for a socket, in bytes.
const LONGEST_SOCKET: usize = 100;
/// How often is looked whether the sandbox is still there.
const LOOK: Duration = Duration::from_secs(2);

struct Forwarding {
    home: PathBuf,
    handshake: Handshake,
    cluster: Cluster,
    connections: Arc<Semaphore>,
    ports: JoinSet<()>,
}

/// Forwards until the token is cancelled or the sandbox's state is gone. Ports that a process before this one forwarded are
/// opened again.
///
/// # Errors
/// The cluster's kubeconfig or the state directory cannot be used.
pub async fn run(home: &Path, cancel: CancellationToken) -> Result<(), ForwardError> {
    let before = Handshake::read(home).map(|handshake| handshake.forwards).unwrap_or_default();
    let cluster = Cluster::for_streams(&home.join("kubeconfig")).await?;
    let (listener, socket, _folder) = listen(home)?;
    let state = |source| ForwardError::State { path: home.to_owned(), source };
    let process = ProcessIdentity::of(std::process::id()).ok_or_else(|| state(io::ErrorKind::NotFound.into()))?;
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let mut forwarding = Forwarding {
        home: home.to_owned(),
        handshake: Handshake { process, version, socket, forwards: Vec::new() },
        cluster,
        connections: Arc::new(Semaphore::new(MOST_CONNECTIONS)),
        ports: JoinSet::new(),
    };
    for forward in before {
        // A port that is in use now is given up; whoever needs it asks again.
        let _ = forwarding.open(forward.to, forward.here, 0).await;
    }
    forwarding.handshake.write(home)?;
    loop {
        tokio::select! {
            () = cancel.cancelled() => break,
            () = tokio::time::sleep(LOOK) => if !forwarding.is_wanted() { break },
            Ok((stream, _)) = listener.accept() => forwarding.answer(stream).await,
        }
    }
    let _ = std::fs::remove_file(&forwarding.handshake.socket);
    Ok(())
}

/// The socket is in the state directory, which is its user's own, or in a folder like it where that path is too long.
fn listen(home: &Path) -> Result<(UnixListener, PathBuf, Option<tempfile::TempDir>), ForwardError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| ForwardError::State { path, source }
    };
    let near = home.join("forward.sock");
    let (socket, folder) = if near.as_os_str().len() <= LONGEST_SOCKET {
        (near, None)
    } else {
        let folder = tempfile::Builder::new().prefix("agw").tempdir().map_err(failed(&near))?;
        (folder.path().join("forward.sock"), Some(folder))
    };
    // One that a killed process left behind.
    let _ = std::fs::remove_file(&socket);
    let listener = UnixListener::bind(&socket).map_err(failed(&socket))?;
    Ok((listener, socket, folder))
}

impl Forwarding {
    fn is_wanted(&self) -> bool {
        Handshake::read(&self.home).is_some_and(|there| there.process == self.handshake.process)
    }

    async fn answer(&mut self, mut stream: UnixStream) {
        let Ok(Call { to, prefer }) = hear(&mut stream).await else { return };
        let known = self.handshake.forwards.iter().find(|forward| forward.to == to).cloned();
        let answer = match known {
            Some(forward) => Answer::Open(forward),
            None => match self.open(to, prefer, TO_TRY).await {
                Ok(forward) => match self.handshake.write(&self.home) {
                    Ok(()) => Answer::Open(forward),
                    Err(error) => Answer::Refused(error.to_string()),
                },
                Err(why) => Answer::Refused(why),
            },
        };
        // Who asked may be gone; the port stays for the next who does.
        let _ = write_line(&mut stream, &answer).await;
    }

    async fn open(&mut self, to: ForwardTarget, first: u16, more: u16) -> Result<Forward, String> {
        if self.handshake.forwards.len() >= MOST_PORTS {
            return Err(format!("{MOST_PORTS} ports are forwarded already"));
        }
        let listener = bind(first, more).await.map_err(|error| error.to_string())?;
        let here = listener.local_addr().map_err(|error| error.to_string())?.port();
        let (cluster, connections) = (self.cluster.clone(), Arc::clone(&self.connections));
        self.ports.spawn(accept(listener, Carrier::new(to.clone()), cluster, connections));
        let forward = Forward { to, here };
        self.handshake.forwards.push(forward.clone());
        Ok(forward)
    }
}

/// Binds, instead of asking whether one could: nobody can come in between.
async fn bind(first: u16, more: u16) -> io::Result<TcpListener> {
    let mut last = io::Error::from(io::ErrorKind::AddrInUse);
    for port in first..=first.saturating_add(more) {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Ok(listener) => return Ok(listener),
            Err(error) => last = error,
        }
    }
    Err(last)
}

async fn accept(listener: TcpListener, carrier: Carrier, cluster: Cluster, connections: Arc<Semaphore>) {
    let carrier = Arc::new(carrier);
    let mut carried = JoinSet::new();
    loop {
        while carried.try_join_next().is_some() {}
        let Ok(permit) = Arc::clone(&connections).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            // Too many open files, most likely: a connection that ends makes room.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        // Small writes are what a stream of tokens is made of.
        let _ = stream.set_nodelay(true);
        let (carrier, cluster) = (Arc::clone(&carrier), cluster.clone());
        carried.spawn(async move {
            if let Err(why) = carrier.carry(stream, &cluster).await {
                tracing::warn!("{why}");
            }
            drop(permit);
        });
    }
}
