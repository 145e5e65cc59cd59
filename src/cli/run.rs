//! From the command line to an exit code.

use super::{Arguments, Command, Exit, Failure};
use crate::report::{print_error, print_talk};
use clap::{Parser, error::ErrorKind};

/// Runs the program.
pub fn run() -> Exit {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return answer(&error),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            print_talk(&format!("error: the runtime could not be started: {error}"));
            return Exit::Bug;
        }
    };
    let result = runtime.block_on(dispatch(arguments));
    runtime.shutdown_background();
    result.unwrap_or_else(|failure| {
        print_error(failure.error.as_ref(), failure.exit.code());
        failure.exit
    })
}

/// Help and version are answers, not mistakes.
fn answer(error: &clap::Error) -> Exit {
    // Nobody to print to is no reason for another exit code.
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Ok,
        _ => Exit::Usage,
    }
}

async fn dispatch(arguments: Arguments) -> Result<Exit, Failure> {
    let sandbox = arguments.sandbox;
    match arguments.command {
        Command::Up(command) => command.run(sandbox).await,
        Command::List(command) => command.run().await,
        Command::Status(command) => command.run(sandbox).await,
        Command::Test(command) => command.run(sandbox).await,
        Command::Down(command) => command.run(sandbox).await,
        Command::Plan(command) => command.run(sandbox).await,
        Command::Doctor(command) => command.run().await,
        Command::Env(command) => command.run(sandbox).await,
        Command::Kubeconfig(command) => command.run(sandbox).await,
        Command::Scenarios(command) => command.run(sandbox).await,
        Command::Profiles(command) => command.run(),
        Command::Mock(command) => command.run(sandbox).await,
        Command::Token(command) => command.run(sandbox).await,
        Command::Trust(command) => command.run(sandbox).await,
        Command::Cache(command) => command.run(),
        Command::Explain(command) => command.run(),
        Command::Definitions(command) => command.run(),
        Command::Completions(command) => command.run(),
        Command::Version(command) => command.run(),
        Command::Serve(command) => command.run().await,
        Command::Forward(command) => command.run().await,
        Command::Gateway(command) => command.run().await,
    }
}
