//! Routes that lead to other routes.

use super::{
    directory::{Desk, Entry},
    matcher::Laxity,
    refusal::Refusal,
};
use crate::gateway::table::Backend;
use http::request;

/// What answers a request, and whose turn it is there where that was already decided.
#[derive(Debug, Clone, Copy)]
pub struct Found<'d> {
    /// The listener.
    pub desk: &'d Desk,
    /// The match.
    pub entry: &'d Entry,
    /// Which of its backends.
    pub turn: Option<usize>,
}

/// Follows routes that lead to others until one leads to a backend.
///
/// # Errors
/// No route of a group fits, or the way leads in a circle.
pub fn follow<'d>(
    desk: &'d Desk,
    mut entry: &'d Entry,
    host: &str,
    request: &request::Parts,
    laxity: Laxity,
) -> Result<Found<'d>, Refusal> {
    let mut seen = vec![entry];
    loop {
        let backends = &entry.rule.rule.backends;
        if !backends.iter().any(|backend| matches!(*backend.backend, Backend::Routes(_))) {
            return Ok(Found { desk, entry, turn: None });
        }
        let turn = entry.rule.balance.next(backends.iter().map(|backend| backend.weight));
        let Some(Backend::Routes(group)) = turn.and_then(|turn| backends.get(turn)).map(|chosen| &*chosen.backend)
        else {
            return Ok(Found { desk, entry, turn });
        };
        let entries = desk.groups.get(group).ok_or(Refusal::RouteNotFound)?;
        let fitting = entries.iter().find(|entry| entry.host.fits(host) && entry.matcher.fits(request, laxity));
        entry = fitting.ok_or(Refusal::RouteNotFound)?;
        if seen.iter().any(|known| std::ptr::eq(*known, entry)) {
            return Err(Refusal::RouteCycle);
        }
        seen.push(entry);
    }
}
