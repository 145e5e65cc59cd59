//! Points in time at which a run is killed, drawn from a seed that is told.

use crate::support::Sandbox;
use std::{
    process::{Child, Stdio},
    time::Duration,
};

/// Draws; the same seed draws the same.
pub struct Draw(u64);

impl Draw {
    /// From `AGW_SEED`, else from anywhere; the seed is printed.
    pub fn new() -> Self {
        let said = std::env::var("AGW_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = said.unwrap_or_else(rand::random::<u64>);
        println!("  AGW_SEED={seed} draws the same points again");
        Self(seed)
    }

    /// The next number below a limit.
    pub fn below(&mut self, limit: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }

    /// A time up to a limit.
    pub fn within(&mut self, limit: Duration) -> Duration {
        Duration::from_millis(self.below(u64::try_from(limit.as_millis()).unwrap().max(1)))
    }
}

/// How many points are tried.
pub fn points(usual: usize) -> usize {
    std::env::var("AGW_KILLS").ok().and_then(|number| number.parse().ok()).unwrap_or(usual)
}

/// A command at work.
pub fn started(sandbox: &Sandbox, arguments: &str) -> Child {
    sandbox.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Starts a command and kills it at once after some time; whether it was still at work.
pub fn killed(sandbox: &Sandbox, arguments: &str, after: Duration) -> bool {
    let mut run = started(sandbox, arguments);
    std::thread::sleep(after);
    let at_work = run.try_wait().unwrap().is_none();
    run.kill().unwrap();
    run.wait().unwrap();
    at_work
}
