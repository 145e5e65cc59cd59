//! What must be so whatever comes in between: killed at any point, interrupted, restarted, beside another sandbox.
//! `AGW_SEED` repeats a run, `AGW_KILLS` says how many points are tried.

mod dump;
mod embedded;
mod on_kind;
mod points;
