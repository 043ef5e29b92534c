//! What the tests stand on: the real binary, a plain HTTP client, and receivers of three kinds.

mod account;
mod clock;
mod curl;
mod http;
mod multipart;
mod receiver;
mod service;
mod shapes;
mod sink;

pub(crate) use account::{Account, Hook, corrupt_pdf, invoice_pdf, sample, text_invoice};
pub(crate) use clock::{eventually, now, within};
pub(crate) use curl::curl;
pub(crate) use http::{Answer, Client};
pub(crate) use multipart::Form;
pub(crate) use receiver::Receiver;
pub(crate) use service::{Service, program};
pub(crate) use shapes::{
    assert_problem, assert_shape, is_lower_alnum, is_mixed_alnum, is_utc_whole_seconds, is_uuid,
    keys, seconds_between, unix_seconds,
};
pub(crate) use sink::{Received, Reply, Sink};
