//! Clusters that we did not make: refused without consent, used as they are, left as they were.

mod audit;
mod charts;
mod orbstack;
mod refused;
mod shared;
mod stand;
