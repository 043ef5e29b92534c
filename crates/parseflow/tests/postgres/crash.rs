//! A few kills here, hundreds by `cargo xtask crash --database-url`.

use parseflow_sim::crash::{Power, Trial, try_crashes};

use crate::world::World;

#[test]
fn kills_under_load_lose_nothing_that_was_acknowledged() {
    let world = World::empty(0);
    let trial = Trial {
        binary: env!("CARGO_BIN_EXE_parseflow").into(),
        folder: world.folder().to_owned(),
        kills: 10,
        power: Power::Stays,
        database_url: Some(world.url()),
        seed: 7,
    };
    let figures = try_crashes(&trial).unwrap();
    assert!(figures.acknowledged > 0, "{figures}");
    assert!(figures.received >= figures.acknowledged, "{figures}");
}
