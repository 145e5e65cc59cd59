//! Conditions that are no windows.

use super::{Channel, Installed, Minor, Wish, windows::windows};
use serde::Deserialize;

/// A condition that is no window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Circumstance {
    /// Kubernetes is outside of what the line documents.
    UndocumentedKubernetes,
    /// Gateway API is outside of what the line documents.
    UndocumentedGatewayApi,
    /// The Gateway has the name of the controller's Helm release.
    NamedLikeTheHelmRelease,
    /// The experimental channel is wanted where the standard one is, under an admission policy.
    ExperimentalOverStandard,
    /// An older bundle than the admission policy lets in.
    OlderThanThePolicyAllows,
    /// The bundle has no longer, or not yet, a version in which objects are stored.
    StoredVersionDropped,
    /// The GatewayClass has another controller's name in it.
    ClassOfAnotherController,
    /// Definitions of several bundles.
    MixedBundles,
}

impl Circumstance {
    /// What was found, where the condition holds; empty where there is nothing to name.
    pub(super) fn found(self, wish: &Wish) -> Option<String> {
        match self {
            Self::UndocumentedKubernetes => outside(&wish.line.kubernetes, wish.kubernetes?),
            Self::UndocumentedGatewayApi => outside(&wish.line.gateway_api, wish.gateway_api_minor()?),
            // Every line names its Helm release like the controller's Deployment.
            Self::NamedLikeTheHelmRelease => (wish.gateway == wish.line.deployment).then(String::new),
            Self::ExperimentalOverStandard => experimental_over_standard(wish, wish.installed?),
            Self::OlderThanThePolicyAllows => older_than_allowed(wish, wish.installed?),
            Self::StoredVersionDropped => dropped(wish, wish.installed?),
            Self::ClassOfAnotherController => {
                let controller = wish.installed?.class_controller.as_ref()?;
                (*controller != wish.line.controller_name).then(|| controller.clone())
            }
            Self::MixedBundles => {
                let installed = wish.installed?;
                (installed.bundles.len() > 1).then(|| installed.shown())
            }
        }
    }
}

fn outside(documented: &[String; 2], minor: Minor) -> Option<String> {
    let [oldest, newest] = [Minor::parse(&documented[0])?, Minor::parse(&documented[1])?];
    (minor < oldest || newest < minor).then(String::new)
}

/// Without the policy, which came with 1.5, nobody refuses it.
fn experimental_over_standard(wish: &Wish, installed: &Installed) -> Option<String> {
    wish.gateway_api.as_ref()?;
    installed.policy?;
    let refused = wish.channel == Channel::Experimental && installed.channel == Channel::Standard;
    (refused && !installed.bundles.is_empty()).then(|| installed.shown())
}

fn older_than_allowed(wish: &Wish, installed: &Installed) -> Option<String> {
    let (wanted, bundle) = (wish.gateway_api_minor()?, installed.policy?);
    // A policy that is newer than all that are known lets in no less than its own bundle.
    let known = windows().policies.iter().find(|one| one.bundle == bundle && one.channel == installed.channel);
    let oldest = known.map_or(bundle, |policy| policy.oldest);
    (wanted < oldest).then(|| installed.shown())
}

fn dropped(wish: &Wish, installed: &Installed) -> Option<String> {
    let wanted = wish.gateway_api_minor()?;
    let bundle = windows().bundles.iter().find(|one| one.minor == wanted && one.channel == wish.channel)?;
    let lost = bundle.versions.iter().flat_map(|(plural, versions)| {
        let stored = installed.stored_versions.get(plural).into_iter().flatten();
        stored.filter(|version| !versions.contains(version)).map(move |version| format!("{plural} {version}"))
    });
    let lost: Vec<String> = lost.collect();
    (!lost.is_empty()).then(|| lost.join(", "))
}
