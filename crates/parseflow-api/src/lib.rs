//! The HTTP edge of ParseFlow.
//!
//! [`front`] makes the whole API from [`ApiParts`]; [`openapi`] describes it. A request passes
//! through the outermost layer (id, panics, problems, log, metrics), then, where a key is needed,
//! through authentication and its rate limit, and reaches a handler in `routes/<resource>/<verb>.rs`.
//! Handlers read the input, ask the rules, and hand one atomic operation to the store.
//!
//! Errors are [`application/problem+json`](https://www.rfc-editor.org/rfc/rfc9457): handlers return
//! a coded error, and only `problem` knows its status.

mod activity;
mod address_rate;
mod archive;
mod auth;
mod body;
mod dashboard;
mod docs;
mod error;
mod event_stream;
mod form;
mod idempotency;
mod known_keys;
mod listeners;
mod members;
mod names;
mod observe;
mod openapi;
mod overviews;
mod parts;
mod path_ids;
mod prefer;
mod problem;
mod query;
mod request_id;
mod router;
mod routes;
mod session;
mod unread;
mod upload;
mod upload_memory;
mod waiters;

pub use listeners::{LISTEN_SCHEME, Listeners};
pub use openapi::openapi;
pub use parts::{ApiParts, ApiSettings, ArchiveLimits, TargetVetting};
pub use router::{Front, front, operating_front};
pub use waiters::Waiters;
