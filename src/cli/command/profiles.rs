//! `agw-sandbox profiles`.

use crate::{
    cli::{Exit, Failure},
    profile::{Overrides, built_in, built_ins, load},
    report::{Table, print_data},
};

/// List or show profiles.
#[derive(Debug, clap::Args)]
pub struct Profiles {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// List the built-in profiles.
    List,
    /// Show a profile as it is after all its layers.
    Show {
        /// A built-in profile or a file.
        #[arg(value_name = "NAME|FILE")]
        profile: String,
    },
}

impl Profiles {
    /// Runs the command.
    pub fn run(self) -> Result<Exit, Failure> {
        match self.what {
            What::List => {
                let mut table = Table::headed(&["PROFILE", "ABOUT"]);
                for profile in built_ins() {
                    table.row([profile.name.to_owned(), built_in(profile.name)?.title]);
                }
                print_data(&table.to_string());
            }
            What::Show { profile } => {
                let profile = load(&profile, &Overrides::default())?;
                print_data(&serde_yaml::to_string(&profile).unwrap_or_default());
            }
        }
        Ok(Exit::Ok)
    }
}
