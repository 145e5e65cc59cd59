//! The port of the gateway.

use super::{Check, Verdict};
use crate::process::{next_free_port, port_is_free};
use miette::Diagnostic;
use std::net::SocketAddr;
use thiserror::Error;

/// How many ports after the wanted one are looked at.
const PORTS_TO_TRY: u16 = 100;

#[derive(Debug, Error, Diagnostic)]
#[error("{wanted} is in use")]
#[diagnostic(code("MACHINE-03"), help("{}", what_then(*free)))]
struct PortTaken {
    wanted: SocketAddr,
    free: Option<u16>,
}

fn what_then(free: Option<u16>) -> String {
    match free {
        Some(free) => format!("`up` takes the next free one, {free}, unless the profile or --port says a port"),
        None => "say a free one: agw-sandbox up --port PORT".to_owned(),
    }
}

/// The port where the gateway would listen.
pub(super) async fn port(wanted: SocketAddr) -> Check {
    if port_is_free(wanted) {
        return Check::ok("port", format!("{wanted} is free"));
    }
    let free = next_free_port(wanted, PORTS_TO_TRY);
    Check::problem("port", Verdict::Warning, &PortTaken { wanted, free })
}
