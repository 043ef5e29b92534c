//! Owners are told by e-mail before their endpoint is disabled, and when it was.

use std::time::Duration;

use parseflow_store::EndpointChange;

use crate::world::{Answer, World};

const URL: &str = "https://one.example/hook";
const MINUTE: Duration = Duration::from_secs(60);

/// Publishes once in six hours to a receiver that always fails.
async fn fail_for_hours(world: &mut World, hours: u64) {
    for _ in 0..hours / 6 {
        world.publish().await;
        world.run_for_hours(6).await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_owner_is_told_after_24_and_48_hours_and_when_the_endpoint_is_disabled() {
    let mut world = World::new().await;
    let endpoint = world.endpoint(URL, |_, _| Answer::status(500)).await;
    fail_for_hours(&mut world, 24).await;
    assert_eq!(world.mails(), [], "23 hours and a bit");
    fail_for_hours(&mut world, 6).await;
    let mails = world.mails();
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert_eq!(mails[0].to, "owner@example.com");
    assert_eq!(mails[0].subject, "Webhook endpoint one.example is failing");
    assert!(mails[0].body.contains("2026-04-17T10:00:00"), "{}", mails[0].body);
    assert!(mails[0].body.contains(&format!("http://test/endpoints/{endpoint}")));
    fail_for_hours(&mut world, 18).await;
    assert_eq!(world.mails().len(), 1, "told once");
    fail_for_hours(&mut world, 6).await;
    assert_eq!(world.mails().len(), 2, "48 hours");
    fail_for_hours(&mut world, 24).await;
    let mails = world.mails();
    assert_eq!(mails.len(), 3, "{mails:?}");
    assert_eq!(mails[2].subject, "Webhook endpoint one.example was disabled");
    world.run_for_hours(48).await;
    assert_eq!(world.mails().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn nobody_is_told_of_an_endpoint_that_recovers_within_a_day() {
    let mut world = World::new().await;
    world.endpoint(URL, |_, _| Answer::status(500)).await;
    fail_for_hours(&mut world, 18).await;
    world.answer(URL, |_, _| Answer::status(200));
    world.publish().await;
    world.run_for_hours(60).await;
    assert_eq!(world.mails(), []);
}

#[tokio::test(start_paused = true)]
async fn after_it_was_enabled_again_a_new_run_is_told_anew() {
    let mut world = World::new().await;
    let endpoint = world.endpoint(URL, |_, _| Answer::status(500)).await;
    fail_for_hours(&mut world, 78).await;
    assert_eq!(world.mails().len(), 3);
    let enable = EndpointChange { active: Some(true), ..EndpointChange::default() };
    world.change(&endpoint, enable).await;
    fail_for_hours(&mut world, 30).await;
    assert_eq!(world.mails().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn an_unavailable_mail_server_is_tried_again_and_a_refused_mail_is_not() {
    let mut world = World::new().await;
    world.endpoint(URL, |_, _| Answer::status(500)).await;
    world.answer_mails(["unavailable", "unavailable", "taken"]);
    fail_for_hours(&mut world, 30).await;
    let mails = world.mails();
    assert_eq!(mails.len(), 3, "two tries that failed and one that was taken");
    assert!(mails.iter().all(|mail| mail.id == mails[0].id), "one name: {mails:?}");
    world.answer_mails(["refused"]);
    fail_for_hours(&mut world, 18).await;
    world.run_for(MINUTE * 120).await;
    assert_eq!(world.mails().len(), 4);
}

/// The claim of a process that died while it told has ended by then.
#[tokio::test(start_paused = true)]
async fn a_restart_repeats_nothing_that_was_told() {
    let mut world = World::new().await;
    world.endpoint(URL, |_, _| Answer::status(500)).await;
    fail_for_hours(&mut world, 30).await;
    assert_eq!(world.mails().len(), 1);
    world.stop().await;
    world.start().await;
    world.run_for(MINUTE * 60).await;
    assert_eq!(world.mails().len(), 1);
}
