//! `agw-sandbox cache`.

use crate::{
    chart::{Cache, Imported},
    cli::{Exit, Failure},
    process::cache_folder,
    report::{Format, SCHEMA, Table, print_data},
    sandbox::SandboxError,
};
use serde::Serialize;
use serde_json::{Value, json};
use std::{path::PathBuf, time::Duration};

/// Show, fill or prune the cache of downloads, which all sandboxes share.
#[derive(Debug, clap::Args)]
pub struct CacheCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Show what is kept, and which name led to which digest.
    Status {
        /// Form of the output.
        #[arg(long, short, value_enum, default_value_t)]
        output: Format,
    },
    /// Remove what was not used for some time.
    Prune {
        /// How long something must have been without use.
        #[arg(long, value_name = "TIME", default_value = "30d", value_parser = humantime::parse_duration)]
        unused_for: Duration,
        /// Form of the output.
        #[arg(long, short, value_enum, default_value_t)]
        output: Format,
    },
    /// Take charts and bundles of Gateway API from files, for machines without a network.
    Import {
        /// A packed chart, the folder of a chart, a bundle, or a folder of these.
        #[arg(value_name = "PATH", required = true)]
        paths: Vec<PathBuf>,
        /// Form of the output.
        #[arg(long, short, value_enum, default_value_t)]
        output: Format,
    },
}

impl CacheCommand {
    /// Runs the command.
    pub fn run(self) -> Result<Exit, Failure> {
        let cache = Cache::at(cache_folder().ok_or(SandboxError::NoHome)?);
        match self.what {
            What::Status { output } => show(&cache, output)?,
            What::Prune { unused_for, output } => prune(&cache, unused_for, output)?,
            What::Import { paths, output } => import(&cache, &paths, output)?,
        }
        Ok(Exit::Ok)
    }
}

fn show(cache: &Cache, output: Format) -> Result<(), Failure> {
    let status = cache.status()?;
    if output == Format::Json {
        print_line("cache.status", &status);
        return Ok(());
    }
    let mut table = Table::headed(&["NAME", "DIGEST"]);
    for (name, digest) in &status.names {
        table.row([name.clone(), digest.to_string()]);
    }
    let known = if status.names.is_empty() { String::new() } else { format!("{table}\n") };
    let (count, size) = (status.count, megabytes(status.bytes));
    print_data(&format!("{known}{count} downloads, {size}, in {}", status.folder.display()));
    Ok(())
}

fn prune(cache: &Cache, unused_for: Duration, output: Format) -> Result<(), Failure> {
    let pruned = cache.prune(unused_for)?;
    match output {
        Format::Json => print_line("cache.pruned", &pruned),
        _ => print_data(&format!("{} downloads removed, {}", pruned.count, megabytes(pruned.bytes))),
    }
    Ok(())
}

fn import(cache: &Cache, paths: &[PathBuf], output: Format) -> Result<(), Failure> {
    for path in paths {
        for imported in cache.import(path)? {
            match output {
                Format::Json => print_line("cache.imported", &imported),
                _ => print_data(&told(&imported)),
            }
        }
    }
    Ok(())
}

fn told(imported: &Imported) -> String {
    format!("{}  {}  from {}", imported.name, imported.digest, imported.file.display())
}

fn print_line(event: &str, fields: &impl Serialize) {
    let mut line = json!({"schema": SCHEMA, "event": event});
    if let (Some(line), Ok(Value::Object(fields))) = (line.as_object_mut(), serde_json::to_value(fields)) {
        line.extend(fields);
    }
    print_data(&line.to_string());
}

fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10)
}
