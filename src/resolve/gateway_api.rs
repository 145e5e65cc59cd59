//! Which Gateway API a profile wishes for, and what its line was built with where it does not say.

use crate::{
    profile::{ChannelWish, GatewayApiWish},
    release::{Channel, ReleaseLine},
};
use semver::Version;

/// Version and channel. That a version can be read was checked with the profile.
pub fn wanted(wish: &GatewayApiWish, line: &ReleaseLine) -> (Version, Channel) {
    let said = wish.version.as_ref().and_then(|said| Version::parse(said.strip_prefix('v').unwrap_or(said)).ok());
    let channel = match wish.channel {
        ChannelWish::Standard => Channel::Standard,
        ChannelWish::Experimental => Channel::Experimental,
    };
    (said.unwrap_or_else(|| line.gateway_api_recommended.clone()), channel)
}
