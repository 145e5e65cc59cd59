//! Conformance scenarios: what is asked of a gateway, and how it is judged.
