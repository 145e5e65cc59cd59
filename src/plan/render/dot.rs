//! A plan as a graph for Graphviz.

use crate::plan::Plan;

/// The graph: an arrow leads from a step to those that need it.
pub fn render(plan: &Plan) -> String {
    let mut text = "digraph plan {\n  rankdir=LR;\n  node [shape=box];\n".to_owned();
    for step in &plan.steps {
        let style = if step.optional { ", style=dashed" } else { "" };
        text += &format!("  \"{}\" [label=\"{}\\n{}\"{style}];\n", step.id, step.title, step.fingerprint);
        for need in &step.needs {
            text += &format!("  \"{need}\" -> \"{}\";\n", step.id);
        }
    }
    text + "}\n"
}
