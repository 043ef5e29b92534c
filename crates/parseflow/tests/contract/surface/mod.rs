//! What the contract adds to the page: identifiers, keys, errors, limits, and the endpoints around
//! the notifications.

mod batches;
mod crash;
mod deliveries;
mod documents;
mod durability;
mod endpoints;
mod idempotency;
mod identity;
mod lifecycle;
mod limits;
mod listening;
mod operating;
mod problems;
mod publishing;
mod recovery;
mod targets;
