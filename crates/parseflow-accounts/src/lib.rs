//! The rules of accounts, without any account stored: what a plan allows ([`plan`]), what a key looks
//! like ([`api_key`]), when a monthly quota is used up ([`quota`]), and how many requests a minute
//! pass ([`rate_limit`]).
//!
//! Nothing here performs I/O, reads a clock or rolls dice.

pub mod api_key;
pub mod plan;
pub mod quota;
pub mod rate_limit;
