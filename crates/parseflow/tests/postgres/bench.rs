//! The measurement at scale still measures, on both databases.

use std::path::PathBuf;

use parseflow_bench::{Database, Plan, run_at_scale};

use crate::process::root;

#[test]
fn a_quick_measurement_at_scale_delivers_everything_on_both_databases() {
    let server = std::env::var("PARSEFLOW_TEST_POSTGRES_URL").unwrap();
    let plan = Plan::quick(PathBuf::from(env!("CARGO_BIN_EXE_parseflow")), root().join("samples"));
    for database in [Database::Embedded, Database::Postgres(server)] {
        let report = run_at_scale(&plan, &database).unwrap();
        assert!(report.figures.len() >= 15, "{report}");
        for figure in &report.figures {
            // So little work may use less than the system counts.
            let counts = !figure.name.contains("processor time");
            assert!(!counts || figure.median() > 0.0, "{} is nothing: {report}", figure.name);
        }
    }
}
