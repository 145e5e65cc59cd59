//! Where things come from, one layer over another: charts, images and mirrors by name, values of charts key by key.

use super::SupplyWish;
use super::document::{ChartPart, GatewayApiPart};
use super::layer::Layer;
use super::merge::{put, put_some};
use serde_json::{Map, Value};

/// Puts what a layer says over what is there. Returns whether it says anything.
pub(super) fn merge_supply(supply: &mut SupplyWish, layer: &Layer) -> bool {
    let document = layer.document.clone();
    let mut said = merge_gateway_api(supply, document.gateway_api, layer);
    said |= document.charts.is_some() || document.images.is_some() || document.mirrors.is_some();
    for (name, part) in document.charts.into_iter().flatten() {
        merge_chart(supply, name, part, layer);
    }
    supply.images.extend(document.images.into_iter().flatten());
    for (host, mut mirror) in document.mirrors.into_iter().flatten() {
        mirror.folder = mirror.folder.map(|folder| layer.beside(&folder.to_string_lossy()));
        supply.mirrors.insert(host, mirror);
    }
    let certificates = document.certificates.map(|files| files.iter().map(|file| layer.beside(file)).collect());
    said | put(&mut supply.certificates, certificates)
}

fn merge_gateway_api(supply: &mut SupplyWish, part: GatewayApiPart, layer: &Layer) -> bool {
    let wish = &mut supply.gateway_api;
    let from = part.from.map(|from| located(from, layer));
    let said = [
        put_some(&mut wish.version, part.version),
        put(&mut wish.channel, part.channel),
        put_some(&mut wish.from, from),
        put_some(&mut wish.sha256, part.sha256),
    ];
    said.contains(&true)
}

fn merge_chart(supply: &mut SupplyWish, name: String, part: ChartPart, layer: &Layer) {
    let chart = supply.charts.entry(name).or_default();
    put_some(&mut chart.from, part.from.map(|from| located(from, layer)));
    put_some(&mut chart.version, part.version);
    merge_values(&mut chart.values, part.values.unwrap_or_default());
}

/// A URL as it is, a path relative to the file that says it.
fn located(from: String, layer: &Layer) -> String {
    if from.contains("://") { from } else { layer.beside(&from).to_string_lossy().into_owned() }
}

/// Puts values of a chart over others: maps are merged key by key, as Helm does it; everything else is replaced.
pub fn merge_values(below: &mut Map<String, Value>, above: Map<String, Value>) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(Value::Object(inner)), Value::Object(value)) => merge_values(inner, value),
            (_, value) => drop(below.insert(key, value)),
        }
    }
}
