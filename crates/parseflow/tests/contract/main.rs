//! The public documentation of the webhooks as tests: one file for each section of the page, one or
//! more tests for each of its sentences, table rows and samples, named by the sentence, over real
//! HTTP against the real binary with real receivers. What the contract adds to the page is in
//! `surface`.

mod harness;

mod coverage;
mod events;
mod example_integration;
mod headers;
mod managing_webhooks;
mod overview;
mod payload_format;
mod retry_policy;
mod setup;
mod surface;
mod verification;
