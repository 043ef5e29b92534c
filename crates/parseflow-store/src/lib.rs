//! What ParseFlow keeps, and the promises about it.
//!
//! The [`port`] is everything the product asks of a database, in terms of its own nouns. One
//! operation is one atomic change: a cause, the event that announces it and the list of endpoints
//! it goes to commit together or not at all (the outbox), and when an operation returns `Ok` its
//! change survives a crash of the process and a loss of power.
//!
//! [`sqlite`] is the embedded database behind the port, [`postgres`] the one that several processes
//! share; [`moving`] takes an installation from the one to the other. [`conformance`] is the suite that every implementation passes unchanged: behaviour that is not in it does not exist.

mod activity;
mod attempt_detail;
pub mod conformance;
mod local_files;
pub mod moving;
mod paging;
pub mod port;
pub mod postgres;
pub mod s3;
mod sealed;
pub mod sqlite;
mod wishes;

pub use local_files::LocalFiles;
pub use port::*;
pub use postgres::PostgresStore;
pub use s3::S3Files;
pub use sqlite::{MemoryDatabase, SqliteStore};
