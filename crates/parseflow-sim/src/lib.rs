//! A seeded world that shows what holds when everything goes wrong.
//!
//! The rules, the delivery loops and the SQLite store are the real ones. Around them everything is
//! simulated: time is virtual, receivers are hostile, calls to the store are slow, refused or lose
//! their answer, processes crash between any two steps, stand still and come back after another has
//! taken over, clocks are set, cables are cut. After every change the store is compared with a
//! straightforward [`model`] of what was promised; at the end everything is mended and every event
//! must have come to its end.
//!
//! One seed is one world, the same in every run: `parseflow-sim --seed N` shows what happened in it.
//!
//! [`model`]: mod@model

mod clock;
pub mod crash;
pub mod fuzz;
mod link;
mod model;
mod network;
mod plant;
mod process;
mod reader;
mod rng;
mod rules;
mod shared;
mod store;
mod world;

pub use plant::Plant;
pub use world::{Report, run};
