//! The real rules, loops and store in virtual time: hours and days pass in milliseconds.

#![expect(clippy::unwrap_used, reason = "a world that cannot be set up fails the test")]

mod alerts;
mod clock;
mod fairness;
mod health;
mod hostile;
mod hostile_tls;
mod in_flight;
mod opinion;
mod pace;
mod post;
mod reading;
mod recover;
mod restart;
mod schedule;
mod sender;
mod world;
