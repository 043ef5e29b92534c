//! Every fuzz target over its corpus and over generated input.

use std::path::Path;

use parseflow_sim::fuzz::TARGETS;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

#[test]
fn every_target_holds_over_its_corpus() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    for (name, target) in TARGETS {
        let entries: Vec<_> = std::fs::read_dir(corpus.join(name)).unwrap().collect();
        assert!(entries.len() >= 3, "{name} has {} seeds", entries.len());
        for entry in entries {
            target(&std::fs::read(entry.unwrap().path()).unwrap());
        }
    }
}

#[test]
fn every_target_has_its_program() {
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/fuzz_targets");
    for (name, _) in TARGETS {
        assert!(programs.join(format!("{name}.rs")).exists(), "{name}");
    }
}

#[test]
fn every_target_holds_for_changed_seeds_and_for_noise() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    for (name, target) in TARGETS {
        let entries = std::fs::read_dir(corpus.join(name)).unwrap();
        let seeds: Vec<Vec<u8>> =
            entries.map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect();
        let noise = proptest::collection::vec(any::<u8>(), 0..200);
        let changed = (
            proptest::sample::select(seeds),
            any::<proptest::sample::Index>(),
            proptest::collection::vec(any::<u8>(), 0..4),
        );
        let changed = changed.prop_map(|(mut seed, at, bytes)| {
            let at = at.index(seed.len() + 1);
            seed.splice(at..(at + 1).min(seed.len()), bytes);
            seed
        });
        let mut runner = TestRunner::new(Config { cases: 60, ..Config::default() });
        let outcome = runner.run(&prop_oneof![1 => noise, 3 => changed], |bytes| {
            target(&bytes);
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}
