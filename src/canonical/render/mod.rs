//! From the short form to the resources of a release line.

mod context;
mod dialect;
mod gateway;
mod names;
mod policy_view;
mod templates;
mod view;
mod wiring;

pub use context::{GatewayRef, MockHosts, RenderContext, Rendered, SecretSpec};
pub use gateway::{GatewaySpec, Listener, Logging, render_gateway};
pub use wiring::render;
