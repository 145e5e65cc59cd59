//! The claim on the body of a request while it arrives.

use super::store::Told;

/// The body of a request while it arrives; it may go on after the answer has ended.
#[derive(Debug, Clone)]
pub(in crate::mock) struct Receiving(Told);

impl Receiving {
    pub(super) fn new(exchange: Told) -> Self {
        Self(exchange)
    }

    /// A piece of it has arrived.
    pub(in crate::mock) fn add(&self, bytes: &[u8]) {
        self.0.change(|entry| entry.received_body.add(bytes));
    }
}
