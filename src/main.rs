//! The command line of agw-sandbox.

fn main() {}
