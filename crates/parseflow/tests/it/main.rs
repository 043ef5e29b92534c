//! The binary as an operator meets it: command line, settings, start, stop, operating, the
//! demonstration, and every command that the documentation shows.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod alerts;
mod bench;
mod client;
mod command_line;
mod containment;
mod crash;
mod dashboard;
mod demo;
mod docs;
mod key_change;
mod model;
mod onnx_runtime;
mod operate;
mod process;
mod robustness;
mod secrets;
mod small_model;
mod snapshots;
mod start;
mod stop;
mod terminal;
