//! What is installed, as commands.

use crate::{
    cluster::SANDBOX_LABEL,
    plan::ChartRelease,
    resolve::{BundleChoice, ImageChoice},
};

/// Pulls an image under its digest and gives it the name that pods use.
pub fn pull(image: &ImageChoice) -> String {
    let place = image.pull.as_deref().unwrap_or(&image.reference);
    let repository = match place.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => repository,
        _ => place,
    };
    let exactly = format!("{repository}@{}", image.digest);
    format!("docker pull {exactly} && docker tag {exactly} {}\n", image.reference)
}

/// Gives images to the nodes of a kind cluster.
pub fn load(references: &[String], sandbox: &str) -> String {
    format!("kind load docker-image {} --name agw-{sandbox}\n", references.join(" "))
}

/// Applies the definitions of Gateway API.
pub fn gateway_api(choice: &BundleChoice) -> String {
    let apply = format!("kubectl apply --server-side --force-conflicts -f {}   # {}\n", choice.source, choice.digest);
    apply + "kubectl wait --for=condition=Established --all crd --timeout=60s\n"
}

/// Installs a chart with Helm, which does the same as applying a plain one word for word.
pub fn chart(release: &ChartRelease) -> String {
    let choice = &release.choice;
    let values = choice.values.to_string();
    let mut text = format!(
        "kubectl create namespace {} --dry-run=client -o yaml | kubectl apply --server-side -f -\n",
        choice.namespace
    );
    text += &format!("kubectl label namespace {} {SANDBOX_LABEL}={}\n", choice.namespace, release.sandbox);
    let (source, version) = match choice.chart.source.rsplit_once(':') {
        Some((source, tag)) if choice.chart.source.starts_with("oci://") && !tag.contains('/') => {
            (source, format!(" --version {tag}"))
        }
        _ => (choice.chart.source.as_str(), String::new()),
    };
    text += &format!(
        "helm upgrade --install {} {source}{version} -n {} --values - <<'JSON'   # {}\n{values}\nJSON\n",
        choice.release, choice.namespace, choice.chart.digest
    );
    for key in &release.ready {
        let namespace = key.namespace.as_deref().unwrap_or_default();
        text +=
            &format!("kubectl -n {namespace} rollout status {}/{} --timeout=120s\n", key.kind.to_lowercase(), key.name);
    }
    text
}
