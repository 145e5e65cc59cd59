//! Which process a number stands for: numbers are used again, a start time is not.

use rustix::process::{Pid, test_kill_process};
use serde::{Deserialize, Serialize};

/// A process and when it started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcessIdentity {
    /// Its number.
    pub pid: u32,
    /// When it started, in the words of the operating system: clock ticks since boot, or a date.
    pub started: String,
}

impl ProcessIdentity {
    /// The living process of that number.
    pub fn of(pid: u32) -> Option<Self> {
        exists(pid).then(|| started(pid)).flatten().map(|started| Self { pid, started })
    }

    /// Whether that very process lives. One that has ended and waits for its parent does not.
    pub fn is_alive(&self) -> bool {
        Self::of(self.pid).as_ref() == Some(self)
    }

    pub(super) fn number(&self) -> Option<Pid> {
        number(self.pid)
    }
}

fn number(pid: u32) -> Option<Pid> {
    i32::try_from(pid).ok().filter(|pid| *pid > 0).and_then(Pid::from_raw)
}

/// A process of somebody else exists too: only `ESRCH` says that there is none.
fn exists(pid: u32) -> bool {
    number(pid).is_some_and(|pid| !matches!(test_kill_process(pid), Err(rustix::io::Errno::SRCH)))
}

#[cfg(target_os = "linux")]
fn started(pid: u32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    started_in(&stat)
}

/// Field 22 of `/proc/PID/stat`; none for a zombie. The name in field 2 may hold anything, so fields are counted from
/// its closing bracket on.
#[cfg(any(target_os = "linux", test))]
fn started_in(stat: &str) -> Option<String> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    if matches!(state, "Z" | "X") {
        return None;
    }
    fields.nth(18).map(str::to_owned)
}

#[cfg(not(target_os = "linux"))]
fn started(pid: u32) -> Option<String> {
    let output = std::process::Command::new("ps")
        .args(["-o", "stat=,lstart=", "-p", &pid.to_string()])
        .env("LC_ALL", "C")
        .stdin(std::process::Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (state, started) = text.trim().split_once(char::is_whitespace)?;
    (!state.starts_with('Z')).then(|| started.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::{ProcessIdentity, started_in};

    #[test]
    fn this_process_lives_and_another_start_is_another_process() {
        let me = ProcessIdentity::of(std::process::id()).unwrap();
        assert!(me.is_alive());
        assert!(!ProcessIdentity { started: "0".to_owned(), ..me }.is_alive());
        assert_eq!(ProcessIdentity::of(0), None);
        assert_eq!(ProcessIdentity::of(u32::MAX), None);
    }

    #[test]
    fn a_name_with_brackets_moves_no_field() {
        let rest = (4..=22).map(|field| field.to_string()).collect::<Vec<_>>().join(" ");
        assert_eq!(started_in(&format!("7 (a) b) S {rest} 23")).as_deref(), Some("22"));
        assert_eq!(started_in(&format!("7 (a) Z {rest} 23")), None);
        assert_eq!(started_in("7"), None);
    }
}
