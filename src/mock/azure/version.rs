//! The version of the API that a request asks for.

use super::refusal::AzureRefusal;

/// Lets the paths of deployments pass with a dated version.
pub(super) fn check_dated(query: Option<&str>) -> Result<(), AzureRefusal> {
    match version(query) {
        None => Err(AzureRefusal::not_found()),
        Some(version) if is_dated(version) => Ok(()),
        Some(_) => Err(AzureRefusal::bad_version()),
    }
}

/// Lets the v1 paths pass without a version, or with one of their own.
pub(super) fn check_v1(query: Option<&str>) -> Result<(), AzureRefusal> {
    match version(query) {
        None | Some("" | "preview" | "latest" | "v1") => Ok(()),
        Some(_) => Err(AzureRefusal::bad_version()),
    }
}

fn version(query: Option<&str>) -> Option<&str> {
    query?.split('&').find_map(|parameter| parameter.strip_prefix("api-version="))
}

/// A date, which `-preview` may follow.
fn is_dated(version: &str) -> bool {
    let date = version.strip_suffix("-preview").unwrap_or(version);
    let parts: Vec<&str> = date.split('-').collect();
    let is_number = |part: &str, digits: usize| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
    matches!(parts.as_slice(), [year, month, day] if is_number(year, 4) && is_number(month, 2) && is_number(day, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dated_versions_for_deployments_and_others_for_v1() {
        assert!(check_dated(Some("a=b&api-version=2024-10-21")).is_ok());
        assert!(check_dated(Some("api-version=2025-04-01-preview")).is_ok());
        assert!(check_dated(Some("api-version=preview")).is_err());
        assert!(check_dated(None).is_err());
        assert!(check_v1(None).is_ok() && check_v1(Some("api-version=preview")).is_ok());
        assert!(check_v1(Some("api-version=2024-10-21")).is_err());
    }
}
