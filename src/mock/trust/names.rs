//! The names and addresses of the mocks.

use std::net::IpAddr;

/// The namespace of the mocks in a cluster.
const NAMESPACE: &str = "agw-mocks";
/// Names of this machine, from itself and from containers.
const MACHINE: [&str; 4] = ["localhost", "host.internal", "host.docker.internal", "host.orb.internal"];

/// Everything by which clients call a mock that listens at an address: its Service in a cluster in all its forms, the names
/// of this machine, the loopback addresses, and the address itself.
pub(super) fn names_of(mock: &str, address: IpAddr) -> Vec<String> {
    let service = ["", ".svc", ".svc.cluster.local"].map(|suffix| format!("{mock}.{NAMESPACE}{suffix}"));
    let mut names = vec![mock.to_owned()];
    names.extend(service);
    names.extend(MACHINE.map(str::to_owned));
    names.extend(["127.0.0.1", "::1"].map(str::to_owned));
    let address = address.to_string();
    if !names.contains(&address) {
        names.push(address);
    }
    names
}
