//! Exit codes: what a script may rely on.

/// How a command ends. The numbers are a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// All went well.
    Ok = 0,
    /// A bug in agw-sandbox.
    Bug = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// A profile, a scenario or a lock file is invalid.
    Invalid = 3,
    /// The machine is not ready; `agw-sandbox doctor` says why.
    Machine = 4,
    /// The provider of the cluster failed.
    Provider = 5,
    /// Something could not be installed.
    Install = 6,
    /// A wait came to its deadline.
    TimedOut = 7,
    /// Scenarios failed.
    ScenariosFailed = 8,
    /// Refused: the cluster is not ours.
    Refused = 9,
    /// Another run holds this sandbox.
    Busy = 10,
    /// Interrupted by the user.
    Interrupted = 130,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The exit code that belongs to an error id. Ids are grouped by area, so the area decides unless one id stands out.
    pub fn of_error(id: &str) -> Self {
        match id {
            "CLUSTER-04" | "EXECUTE-02" | "EXECUTE-06" | "PROVIDER-13" | "PROVIDER-20" | "IMAGE-09" => {
                return Self::TimedOut;
            }
            "CLUSTER-06" | "PROVIDER-14" => return Self::Refused,
            "CHART-01" | "CHART-02" | "CHART-10" | "CHART-15" | "CHART-17" => return Self::Invalid,
            "CHART-12" => return Self::Machine,
            "PROVIDER-10" | "PROVIDER-11" => return Self::Invalid,
            "SANDBOX-02" => return Self::Busy,
            "EXECUTE-03" => return Self::Interrupted,
            "EXECUTE-05" => return Self::Machine,
            _ => {}
        }
        match id.split('-').next().unwrap_or_default() {
            "USAGE" => Self::Usage,
            "PROFILE" | "SCENARIO" | "WIRING" | "RELEASE" | "RESOLVE" | "LOCK" => Self::Invalid,
            "HOST" | "DOCKER" | "TOOL" | "PORT" | "SANDBOX" | "PROCESS" | "MACHINE" => Self::Machine,
            "PROVIDER" | "EMBED" => Self::Provider,
            "CLUSTER" | "INSTALL" | "CHART" | "HELM" | "EXECUTE" | "IMAGE" | "MOCK" | "GATEWAY" | "TRAFFIC" => {
                Self::Install
            }
            _ => Self::Bug,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_of_an_id_decides_unless_the_id_stands_out() {
        assert_eq!(Exit::of_error("PROFILE-03").code(), 3);
        assert_eq!(Exit::of_error("CLUSTER-04").code(), 7);
        assert_eq!(Exit::of_error("SANDBOX-02").code(), 10);
        assert_eq!(Exit::of_error("").code(), 1);
    }
}
