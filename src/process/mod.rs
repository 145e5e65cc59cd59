//! What the operating system offers: tools, background processes, ports, and the connection to Docker.

mod background;
mod cache_folder;
mod docker;
mod docker_address;
mod docker_exec;
mod docker_file;
mod docker_ping;
mod end;
mod identity;
mod port;
mod tool;

pub use background::{Background, BackgroundError};
pub use cache_folder::cache_folder;
pub use docker::{Docker, DockerError, connect_docker};
pub use docker_address::{DockerAddress, DockerEnvironment};
pub use docker_exec::ExecEnd;
pub use end::{EndError, Ended, end_process};
pub use identity::ProcessIdentity;
pub use port::{next_free_port, port_is_free};
pub use tool::{FoundTool, Tool, ToolError, find_tool};
