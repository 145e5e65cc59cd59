//! Whole commands as a user types them, on the embedded provider.

mod bad_input;
mod bad_machine;
mod bad_registry;
mod bad_weather;
mod bystander;
mod json;
mod kubectl;
mod life;
mod mutants;
mod ollama;
mod plan;
mod scenarios;
mod tries;
