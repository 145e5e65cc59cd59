//! Waits that end at once where waiting does not help, and say what they saw: against the embedded API with hand-made Pods
//! and Events, and on a real cluster.

mod hand_made;
mod real;
