//! The rules of sending events, without anything that sends.
//!
//! A [`Fact`](parseflow_model::Fact) becomes bytes once ([`payload`], written by the one writer in
//! [`canonical`], described by [`schema`]). Whoever subscribes ([`subscription`]) gets exactly these bytes, signed
//! ([`signature`]) with a secret that is encrypted at rest ([`vault`]), in a request with fixed
//! headers ([`request`]) and perhaps some of the owner's own ([`custom_headers`]), to a target that is vetted before every connection ([`url_policy`]). What
//! the attempt came to decides when the next one is due ([`retry`]) and how the endpoint is doing
//! ([`endpoint_health`]), and gives away what is wrong with a receiver ([`hints`]).
//!
//! Nothing here performs I/O, reads a clock or rolls dice.

pub mod canonical;
pub mod custom_headers;
pub mod diagnosis;
pub mod endpoint_health;
pub mod hints;
pub mod payload;
pub mod request;
pub mod retry;
pub mod schema;
pub mod signature;
pub mod subscription;
pub mod url_policy;
pub mod vault;

#[cfg(test)]
mod test_dice;
