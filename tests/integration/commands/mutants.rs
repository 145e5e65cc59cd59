//! Every row can fail: each has a mutant of the gateway that it notices.

use crate::support::Sandbox;

#[test]
fn each_row_is_killed_by_a_mutant_of_its_own_and_each_mutant_kills() {
    let sandbox = Sandbox::up();
    sandbox.run("scenarios audit --own").succeeds().says("survivors  none").says("idle       none");
}

#[test]
fn an_audit_names_what_is_missing() {
    let sandbox = Sandbox::up();
    let run = sandbox.run("scenarios audit NEG-04 POL-10 --mutant not-found-hidden").exits(8);
    run.says("not-found-hidden  1      NEG-04").says("idle       POL-10").says("survivors  none");
    let run = sandbox.run("scenarios audit POL-10 --mutant not-found-hidden --output json").exits(8);
    run.says("\"complete\":false").says("\"schema\":\"agw-sandbox/v1\"");
    sandbox.run("scenarios audit --mutant not-fund-hidden").exits(2).says("USAGE-02");
}

#[test]
fn a_mutant_that_is_not_there_is_answered_with_those_that_are() {
    let sandbox = Sandbox::up();
    sandbox.run("test --mutant limit-of-by-one").exits(2).says("USAGE-02").says("limit-off-by-one");
}
