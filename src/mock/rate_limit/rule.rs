//! Which limit a descriptor has.

use crate::exchange::{DescriptorEntry, Limit, Window};
use crate::mock::orders::Orders;
use envoy_types::pb::envoy::extensions::common::ratelimit::v3::RateLimitDescriptor;
use envoy_types::pb::envoy::extensions::common::ratelimit::v3::rate_limit_descriptor::Entry;
use envoy_types::pb::envoy::service::ratelimit::v3::rate_limit_response::rate_limit::Unit;
use envoy_types::pb::envoy::r#type::v3::RateLimitUnit;
use std::time::Duration;

/// How many hits a descriptor has in a minute, where nothing else is said.
const HITS: u32 = 10;
const DAY: u64 = 24 * 60 * 60;

/// What a descriptor may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    /// How many hits there may be.
    pub(super) hits: u32,
    /// In which time.
    pub(super) unit: Unit,
    /// With which body the gateway is to refuse.
    pub(super) body: String,
}

impl Rule {
    /// The rule for a descriptor; `None` when it is not limited.
    pub(super) fn of(orders: &Orders, domain: &str, descriptor: &RateLimitDescriptor) -> Option<Self> {
        if let Some(limits) = &orders.limits {
            let limit = limits.iter().find(|limit| fits(limit, domain, descriptor))?;
            let body = limit.body.clone().unwrap_or_default();
            return Some(Self { hits: limit.hits, unit: unit_of(limit.per), body });
        }
        let own = descriptor.limit.as_ref().map(|limit| (limit.requests_per_unit, own_unit(limit.unit())));
        let (hits, unit) = own.unwrap_or((HITS, Unit::Minute));
        Some(Self { hits, unit, body: String::new() })
    }

    /// How long a window is.
    pub(super) fn length(&self) -> Duration {
        Duration::from_secs(match self.unit {
            Unit::Second => 1,
            Unit::Unknown | Unit::Minute => 60,
            Unit::Hour => 60 * 60,
            Unit::Day => DAY,
            Unit::Week => 7 * DAY,
            Unit::Month => 30 * DAY,
            Unit::Year => 365 * DAY,
        })
    }
}

fn fits(limit: &Limit, domain: &str, descriptor: &RateLimitDescriptor) -> bool {
    let is_of_domain = limit.domain.as_ref().is_none_or(|wanted| wanted == domain);
    let is_same = |(wanted, found): (&DescriptorEntry, &Entry)| {
        wanted.key == found.key && wanted.value.as_ref().is_none_or(|value| *value == found.value)
    };
    is_of_domain
        && (limit.descriptor.is_empty()
            || limit.descriptor.len() == descriptor.entries.len()
                && limit.descriptor.iter().zip(&descriptor.entries).all(is_same))
}

fn unit_of(window: Window) -> Unit {
    match window {
        Window::Second => Unit::Second,
        Window::Minute => Unit::Minute,
        Window::Hour => Unit::Hour,
        Window::Day => Unit::Day,
    }
}

fn own_unit(unit: RateLimitUnit) -> Unit {
    match unit {
        RateLimitUnit::Unknown => Unit::Unknown,
        RateLimitUnit::Second => Unit::Second,
        RateLimitUnit::Minute => Unit::Minute,
        RateLimitUnit::Hour => Unit::Hour,
        RateLimitUnit::Day => Unit::Day,
        RateLimitUnit::Month => Unit::Month,
        RateLimitUnit::Year => Unit::Year,
    }
}
