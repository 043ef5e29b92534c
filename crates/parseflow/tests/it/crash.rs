//! The real binary is killed under load and loses its power; a few rounds here, hundreds by
//! `cargo xtask crash`.

use parseflow_sim::crash::{Figures, Power, Trial, try_crashes};

fn trial(kills: u32, power: Power) -> Result<Figures, String> {
    let folder = tempfile::tempdir().unwrap();
    try_crashes(&Trial {
        binary: env!("CARGO_BIN_EXE_parseflow").into(),
        folder: folder.path().to_owned(),
        kills,
        power,
        database_url: None,
        seed: 7,
    })
}

#[test]
fn kills_under_load_lose_nothing_that_was_acknowledged() {
    let figures = trial(6, Power::Stays).unwrap();
    assert!(figures.acknowledged > 0, "{figures}");
    assert!(figures.received >= figures.acknowledged, "{figures}");
}

#[test]
fn losses_of_power_lose_nothing_that_was_acknowledged() {
    let figures = trial(6, Power::Lost).unwrap();
    assert!(figures.acknowledged > 0, "{figures}");
    assert!(figures.received >= figures.acknowledged, "{figures}");
}

#[test]
fn a_disk_that_lies_about_flushing_is_noticed() {
    // Otherwise the test above would say nothing.
    let said = trial(4, Power::LostWithFlushed).unwrap_err();
    assert!(said.contains("lost") || said.contains("damaged") || said.contains("start"), "{said}");
}
