//! The real binary, several times, on one PostgreSQL database.

#![expect(clippy::unwrap_used, reason = "what cannot be prepared fails the test")]

mod bench;
mod crash;
#[path = "../it/key_change.rs"]
mod key_change;
mod moving;
#[path = "../it/process.rs"]
#[expect(dead_code, reason = "shared with the tests on the embedded database, which use more")]
mod process;
mod receiver;
mod world;

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use process::{Signal, eventually};
use world::World;

/// Publishes to both nodes, again and again, while `disturb` runs; the numbers acknowledged.
fn under_load(world: &World, addresses: &[String], disturb: impl FnOnce()) -> HashSet<u64> {
    let over = Arc::new(AtomicBool::new(false));
    let publishers: Vec<_> = addresses
        .iter()
        .cycle()
        .take(4)
        .enumerate()
        .map(|(n, address)| {
            let (over, address, key) = (Arc::clone(&over), address.clone(), world.key.clone());
            std::thread::spawn(move || {
                let mut acknowledged = HashSet::new();
                let mut number = n as u64 * 1_000_000;
                while !over.load(Ordering::Relaxed) {
                    number += 1;
                    if world::publish(&address, &key, number) {
                        acknowledged.insert(number);
                    } else {
                        std::thread::park_timeout(Duration::from_millis(20));
                    }
                }
                acknowledged
            })
        })
        .collect();
    eventually("events arrive", || world.receiver.numbers().len() > 20);
    disturb();
    let seen = world.receiver.numbers().len();
    eventually("events arrive again", || world.receiver.numbers().len() > seen + 20);
    over.store(true, Ordering::Relaxed);
    publishers.into_iter().flat_map(|publisher| publisher.join().unwrap()).collect()
}

/// Everything acknowledged arrives, and nothing is recorded as completed twice.
fn all_arrive_once(world: &World, acknowledged: &HashSet<u64>) {
    eventually("everything acknowledged arrives", || {
        acknowledged.is_subset(&world.receiver.numbers())
    });
    eventually("nothing is left", || world.count("SELECT COUNT(*) FROM due") == 0);
    let twice = "SELECT COUNT(*) FROM (SELECT 1 FROM attempt WHERE failure IS NULL
        GROUP BY endpoint_no, event_id HAVING COUNT(*) > 1) AS twice";
    assert_eq!(world.count(twice), 0, "completed twice");
}

#[test]
fn a_node_that_is_killed_under_load_loses_nothing() {
    let world = World::new();
    let (one, two) = (world.node("one", &[]), world.node("two", &[]));
    let addresses = [one.address().to_owned(), two.address().to_owned()];
    let acknowledged = under_load(&world, &addresses, || two.signal(Signal::KILL));
    all_arrive_once(&world, &acknowledged);
}

#[test]
fn a_node_that_stops_for_longer_than_its_lease_goes_on_and_completes_nothing_twice() {
    let world = World::new();
    let (one, two) = (world.node("one", &[]), world.node("two", &[]));
    let addresses = [one.address().to_owned(), two.address().to_owned()];
    let seats = || world.count("SELECT COUNT(*) FROM node");
    let acknowledged = under_load(&world, &addresses, || {
        two.signal(Signal::STOP);
        eventually("it is taken for dead", || seats() == 1);
        two.signal(Signal::CONT);
        eventually("it joins again", || seats() == 2);
    });
    all_arrive_once(&world, &acknowledged);
}

#[test]
fn a_rolling_restart_loses_nothing_and_waits_for_nobody() {
    let world = World::new();
    let (one, two) = (world.node("one", &[]), world.node("two", &[]));
    let addresses = [one.address().to_owned(), two.address().to_owned()];
    let mut restarted = Vec::new();
    let acknowledged = under_load(&world, &addresses, || {
        for (name, node) in [("one", one), ("two", two)] {
            let address = node.address().to_owned();
            node.signal(Signal::TERM);
            assert!(node.wait().success());
            restarted.push(world.node_at(name, &address, &[]));
        }
    });
    all_arrive_once(&world, &acknowledged);
}

#[test]
fn a_crash_of_the_database_server_loses_nothing_that_was_acknowledged() {
    let world = World::with_own_server();
    let (one, two) = (world.node("one", &[]), world.node("two", &[]));
    let addresses = [one.address().to_owned(), two.address().to_owned()];
    let acknowledged = under_load(&world, &addresses, || world.crash_server());
    all_arrive_once(&world, &acknowledged);
}

#[test]
fn roles_are_split_over_processes() {
    let world = World::new();
    let documents = format!("file://{}", world.folder().join("documents").display());
    let role =
        |name: &str, role: &str| world.node(name, &["--role", role, "--object-store", &documents]);
    let (api, extract, deliver) =
        (role("api", "api"), role("extract", "extract"), role("deliver", "deliver"));
    let invoice = b"Invoice number: 2026-17\nInvoice date: 2026-04-14\nTotal: 12.00 EUR\n";
    let (status, body) = world::extract(api.address(), &world.key, invoice);
    assert_eq!(status, 200, "{body}");
    assert!(body.contains("\"completed\""), "{body}");
    eventually("the webhook arrives", || world.receiver.count() == 1);
    let (status, _) = process::get(deliver.address(), "/readyz", "");
    assert_eq!(status, 200);
    let (status, _) = process::get(extract.address(), "/api/v1/usage", &world.key);
    assert_eq!(status, 404, "the API is served by its role only");
}

#[test]
fn the_master_key_must_be_named_with_a_database_url() {
    let world = World::new();
    let folder = world.folder().join("keyless");
    let url = world.url();
    let arguments = ["serve", "--data-dir", folder.to_str().unwrap(), "--database-url", &url];
    let output = process::run(&arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(stderr.contains("--master-key-file"), "{stderr}");
}

#[test]
fn the_master_key_is_changed_under_load() {
    let world = World::empty(0);
    let url = world.url();
    key_change::loses_nothing(&world.folder().join("one"), &["--database-url", &url]);
}
