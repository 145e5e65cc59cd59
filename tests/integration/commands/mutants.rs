//! Every row can fail: each has a mutant of the gateway that it notices.

use crate::support::Sandbox;
use agw_sandbox::gateway::Mutant;

#[test]
fn each_row_kills_the_mutant_of_its_own() {
    let sandbox = Sandbox::up();
    for mutant in Mutant::ALL {
        let row = mutant.about().rsplit_once('(').unwrap().1.trim_end_matches(").");
        let run = sandbox.run(&format!("test {row} --mutant {mutant}")).exits(8);
        run.says(&format!("✘ {row}")).says("expected ").says("what the mock received");
        sandbox.run(&format!("test {row}")).succeeds();
    }
}

#[test]
fn a_mutant_that_is_not_there_is_answered_with_those_that_are() {
    let sandbox = Sandbox::up();
    sandbox.run("test --mutant limit-of-by-one").exits(2).says("USAGE-02").says("limit-off-by-one");
}
