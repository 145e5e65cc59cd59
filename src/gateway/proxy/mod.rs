//! The proxy: serves the routing table.
