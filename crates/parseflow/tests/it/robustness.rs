//! A share of `cargo xtask robustness`: bad files through the workers of the real binary.

#[path = "../../../parseflow-reader/examples/robustness/campaign.rs"]
mod campaign;
#[path = "../../../parseflow-reader/examples/robustness/mutations.rs"]
mod mutations;

use std::path::PathBuf;

use campaign::{CODES, mutated, samples};
use parseflow_reader::{PoolSettings, ProcessPool};

use crate::process::root;

#[tokio::test]
async fn bad_files_end_in_a_result_or_a_code_and_cut_ones_are_told() {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_parseflow"));
    let settings =
        PoolSettings { idle_max: 1, ..PoolSettings::new(program, vec!["worker".into()]) };
    let pool = ProcessPool::start(settings).await.unwrap();
    // Pictures take long in a build for tests; the whole campaign has them.
    let mut samples = samples(&root().join("samples")).unwrap();
    samples.retain(|sample| !sample.is_picture());
    assert!(samples.len() >= 7, "{}", samples.len());
    let tallies = mutated(&pool, &samples, (0, 1, 100), 7, 4 * 1024 * 1024).await;
    let files: usize = tallies.iter().map(|tally| tally.files).sum();
    assert_eq!(files, 100);
    for tally in &tallies {
        assert!(tally.bad.is_empty(), "{:?}", tally.bad);
        let failed: usize = tally.failed.values().sum();
        assert_eq!(tally.read + tally.doubted + failed, tally.files);
        assert!(tally.longest < std::time::Duration::from_secs(60), "{:?}", tally.longest);
        assert!(tally.failed.keys().all(|code| CODES.contains(&code.as_str())));
    }
    let (told, cut) = tallies[0].flagged;
    assert!(cut > 10 && told * 100 >= cut * 95, "{told} of {cut} cut files were told");
}
