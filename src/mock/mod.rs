//! Servers that play upstreams, one folder a protocol.
