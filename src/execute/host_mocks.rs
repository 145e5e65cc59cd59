//! Mocks as a process of this machine, for clusters whose nodes cannot run an image of ours. The sandbox owns it: `up`
//! starts it, and starts it again if it died; `down` ends it.

use super::ExecuteError;
use crate::{
    exchange::MockAdmin,
    plan::MOCKS_NAMESPACE,
    process::{Background, ProcessIdentity, end_process, next_free_port},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// The first port that is tried for the admin API.
const ADMIN_PORT: u16 = 9290;
/// How many further ports are tried.
const TRIES: u16 = 100;
/// Time for the process to say that it is ready.
const READY: Duration = Duration::from_secs(15);
/// Time for it to end by itself.
const GRACE: Duration = Duration::from_secs(3);
/// Pause between two looks.
const LOOK: Duration = Duration::from_millis(20);

/// The mocks of a sandbox on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HostMocks {
    process: ProcessIdentity,
    /// The address at which pods reach them.
    pub address: IpAddr,
    /// The port of each.
    pub ports: BTreeMap<String, u16>,
    admin_port: u16,
}

impl HostMocks {
    /// Those that a sandbox's state speaks of, alive or not.
    pub fn recorded(home: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(record(home)).ok()?).ok()
    }

    /// Sees to it that they serve at an address. Returns them, and whether they had to be started.
    pub async fn ensure(home: &Path, address: IpAddr) -> Result<(Self, bool), ExecuteError> {
        if let Some(there) = Self::recorded(home) {
            if there.address == address && there.process.is_alive() {
                return Ok((there, false));
            }
            Self::end(home).await?;
        }
        let started = start(home, address).await.map_err(|why| ExecuteError::Mock { mock: "admin".to_owned(), why })?;
        Ok((started, true))
    }

    /// Ends them and forgets them. Returns whether there were any.
    pub async fn end(home: &Path) -> Result<bool, ExecuteError> {
        let Some(there) = Self::recorded(home) else { return Ok(false) };
        let failed = |why: String| ExecuteError::Mock { mock: "admin".to_owned(), why };
        end_process(&there.process, GRACE).await.map_err(|error| failed(error.to_string()))?;
        for path in [token_file(home), log(home), record(home)] {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error.to_string())),
                _ => {}
            }
        }
        Ok(true)
    }

    /// The way to their admin API.
    pub fn admin(&self, home: &Path) -> Result<MockAdmin, ExecuteError> {
        let failed = |why: String| ExecuteError::Mock { mock: "admin".to_owned(), why };
        let token = fs::read_to_string(token_file(home)).map_err(|error| failed(error.to_string()))?;
        let url = format!("http://{}", SocketAddr::new(self.address, self.admin_port));
        MockAdmin::new(&url, Some(token)).map_err(|error| failed(error.to_string()))
    }
}

fn record(home: &Path) -> PathBuf {
    home.join("mocks.json")
}

fn token_file(home: &Path) -> PathBuf {
    home.join("mocks.token")
}

fn log(home: &Path) -> PathBuf {
    home.join("mocks.log")
}

async fn start(home: &Path, address: IpAddr) -> Result<HostMocks, String> {
    let admin_port = next_free_port(SocketAddr::new(address, ADMIN_PORT), TRIES)
        .ok_or_else(|| format!("no port of {address} from {ADMIN_PORT} on is free"))?;
    let token = hex::encode(rand::random::<[u8; 24]>());
    write(&token_file(home), token.as_bytes()).map_err(|error| error.to_string())?;
    // What an earlier one said is not what this one says.
    let _ = fs::remove_file(log(home));
    let (place, port) = (address.to_string(), admin_port.to_string());
    // The Service's name, as in every sandbox: what gateways are told as issuer is the same with all providers.
    let issuer = format!("http://identity.{MOCKS_NAMESPACE}.svc.cluster.local");
    let words =
        ["mock", "--address", &place, "--any-ports", "--output", "json", "--issuer", &issuer, "--admin-port", &port];
    let mut arguments: Vec<_> = words.iter().map(Into::into).collect();
    arguments.extend(["--admin-token-file".into(), token_file(home).into_os_string()]);
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let background = Background { program, arguments, environment: Vec::new(), log: log(home) };
    let process = background.start().map_err(|error| error.to_string())?;
    let ports = match ready(home, &process).await {
        Ok(ports) => ports,
        Err(why) => {
            // It is of no use; that it is gone already is fine.
            let _ = end_process(&process, GRACE).await;
            return Err(why);
        }
    };
    let started = HostMocks { process, address, ports, admin_port };
    let text = serde_json::to_vec_pretty(&started).map_err(|error| error.to_string())?;
    write(&record(home), &text).map_err(|error| error.to_string())?;
    Ok(started)
}

/// Waits for the line that says which mock is at which port.
async fn ready(home: &Path, process: &ProcessIdentity) -> Result<BTreeMap<String, u16>, String> {
    let began = Instant::now();
    loop {
        let said = fs::read_to_string(log(home)).unwrap_or_default();
        if let Some(ports) = said.lines().find_map(ports_in) {
            return Ok(ports);
        }
        if !process.is_alive() || began.elapsed() > READY {
            let last = said.lines().last().unwrap_or("it said nothing");
            return Err(format!("the mocks on this machine did not start: {last}"));
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn ports_in(line: &str) -> Option<BTreeMap<String, u16>> {
    let said: Value = serde_json::from_str(line).ok().filter(|said: &Value| said["event"] == "mock.ready")?;
    let port = |url: &Value| url.as_str()?.split('/').nth(2)?.rsplit(':').next()?.parse().ok();
    Some(said["urls"].as_object()?.iter().filter_map(|(name, url)| Some((name.clone(), port(url)?))).collect())
}

/// Writes a file as a whole, for its owner's eyes only.
fn write(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))?;
    file.write_all(text)?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ports_are_those_that_the_mocks_say() {
        let line = r#"{"schema":"agw-sandbox/v1","event":"mock.ready","urls":{"openai":"http://172.18.0.1:9101/v1","toolbox":"http://172.18.0.1:40001/mcp"}}"#;
        let ports = ports_in(line).unwrap();
        assert_eq!(ports, BTreeMap::from([("openai".to_owned(), 9101), ("toolbox".to_owned(), 40001)]));
        assert_eq!(ports_in("error[MOCK-03]: the admin API cannot listen"), None);
    }

    #[tokio::test]
    async fn what_died_is_not_taken_for_alive() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!HostMocks::end(folder.path()).await.unwrap());
        let process = ProcessIdentity { pid: std::process::id(), started: "another time".to_owned() };
        let address = "127.0.0.1".parse().unwrap();
        let dead = HostMocks { process, address, ports: BTreeMap::new(), admin_port: 1 };
        write(&record(folder.path()), &serde_json::to_vec(&dead).unwrap()).unwrap();
        assert!(!HostMocks::recorded(folder.path()).unwrap().process.is_alive());
        assert!(HostMocks::end(folder.path()).await.unwrap(), "its record goes");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
