//! A plan as a table for a document.

use super::text::about;
use crate::plan::Plan;

/// The table.
pub fn render(plan: &Plan) -> String {
    let mut text = format!("# Plan of sandbox {} on {}\n\n", plan.sandbox, plan.provider);
    text += "| step | what | needs | fingerprint |\n|---|---|---|---|\n";
    for step in &plan.steps {
        let needs: Vec<&str> = step.needs.iter().map(|need| need.as_str()).collect();
        text += &format!("| {} | {} | {} | `{}` |\n", step.id, about(&step.step), needs.join(", "), step.fingerprint);
    }
    text
}
