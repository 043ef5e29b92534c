//! The API, route by route, in process: the real router on the real embedded store in memory, with
//! a clock that stands still and dice with a seed.

#![expect(clippy::unwrap_used, reason = "these are tests")]

mod accounts;
mod activity;
mod answer;
mod auth;
mod bad_input;
mod bad_input_addresses;
mod bad_input_cases;
mod bad_input_forms;
mod bad_input_members;
mod batch;
mod coverage;
mod deliveries;
mod demo;
mod docs;
mod documents;
mod edge;
mod events;
mod examples;
mod examples_tour;
mod extract;
mod form;
mod health;
mod idempotency;
mod keys;
mod listen;
mod log;
mod openapi;
mod reader;
mod recoveries;
mod session;
mod usage;
mod webhooks;
mod webhooks_change;
mod webhooks_lifecycle;
mod world;
