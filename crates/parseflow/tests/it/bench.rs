//! The measurement still measures.

use std::path::PathBuf;

use parseflow_bench::{Plan, run};

use crate::process::root;

#[test]
fn a_quick_measurement_delivers_everything_and_fills_the_table() {
    let server = PathBuf::from(env!("CARGO_BIN_EXE_parseflow"));
    let report = run(&Plan::quick(server, root().join("samples"))).unwrap();
    assert!(report.figures.len() >= 10, "{report}");
    for figure in &report.figures {
        assert!(figure.median() > 0.0, "{} is nothing: {report}", figure.name);
    }
}
