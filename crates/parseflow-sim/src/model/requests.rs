//! Requests as receivers get them: at the right time, with the right number, id, bytes and
//! signature.

use std::collections::HashMap;

use parseflow_model::{AttemptOutcome, DeliveryId, Timestamp};
use parseflow_worker::AttemptTask;
use ring::{digest, hmac};

use super::{Answer, Broken, DeliveryRecord, EndpointRecord, Model, State};

/// How long after an endpoint was closed an attempt may begin that had begun to be prepared before,
/// in true milliseconds: longer than any delay of the simulated store.
const PREPARATION_MS: u64 = 10_000;

/// A request under way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrived {
    /// The delivery.
    pub(crate) id: DeliveryId,
    /// The number of the attempt.
    pub(crate) number: u32,
}

/// What a request says about itself.
struct Said {
    id: DeliveryId,
    number: u32,
}

fn read(task: &AttemptTask) -> Result<Said, Broken> {
    let mut headers = HashMap::<&str, &str>::new();
    for (name, value) in &task.headers {
        headers.insert(name, value);
    }
    let header = |name: &str| headers.get(name).copied().ok_or(format!("a request without {name}"));
    let id = header("x-parseflow-delivery")?;
    let number = header("x-parseflow-attempt")?;
    Ok(Said {
        id: id.parse().map_err(|error| format!("{id}: {error}"))?,
        number: number.parse().map_err(|error| format!("{number}: {error}"))?,
    })
}

/// Lowercase hex of the HMAC-SHA256 that a receiver computes.
fn signature(secret: &str, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::sign(&key, body).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn check_signature(task: &AttemptTask, endpoint: &EndpointRecord) -> Result<(), Broken> {
    let sent = task.headers.iter().find(|(name, _)| *name == "x-parseflow-signature");
    let expected = signature(&endpoint.secret, &task.body);
    if sent.is_some_and(|(_, value)| *value == expected) {
        return Ok(());
    }
    Err(format!("a signature that does not verify: {sent:?}, expected {expected}"))
}

impl Model {
    /// A request arrives at its receiver, sent by `process`.
    pub(crate) fn arrives(
        &mut self,
        process: u32,
        task: &AttemptTask,
        now_ms: u64,
    ) -> Result<Arrived, Broken> {
        let Said { id, number } = read(task)?;
        let is_dispatcher = process == self.dispatcher;
        let set_back_ms = self.set_back_ms;
        let Some(endpoint) = self.endpoints.get(&id.endpoint) else {
            return Err(format!("{id}: a request for an endpoint that never was"));
        };
        check_signature(task, endpoint)?;
        if !endpoint.urls.contains(&task.url) {
            return Err(format!("{id}: sent to {}, which was never its URL", task.url));
        }
        let closed = endpoint.deleted || endpoint.health.disabled.is_some();
        if closed && is_dispatcher && now_ms > endpoint.closed_ms + PREPARATION_MS {
            return Err(format!("{id}: sent although its endpoint is closed"));
        }
        let Some(delivery) = self.deliveries.get_mut(&id) else {
            return Err(format!("{id}: a request for a delivery that never happened"));
        };
        if !self.was_set_forward && delivery.open.iter().any(|(other, _)| *other == process) {
            return Err(format!("{id}: attempt {number} while another of the same process runs"));
        }
        check_turn(delivery, is_dispatcher, id, number, now_ms)?;
        let started_ms = task.started_at.millis() + set_back_ms;
        if is_dispatcher
            && delivery.state == State::Pending
            && started_ms < delivery.not_before.millis()
        {
            return Err(format!("{id}: attempt {number} at {started_ms}, early: {delivery:?}"));
        }
        let mut body = [0; 32];
        body.copy_from_slice(digest::digest(&digest::SHA256, &task.body).as_ref());
        if *delivery.body.get_or_insert(body) != body {
            return Err(format!("{id}: attempt {number} carries other bytes than before"));
        }
        delivery.open.push((process, number));
        Ok(Arrived { id, number })
    }

    /// The receiver has accepted the delivery, whether or not its answer arrives.
    pub(crate) fn accepted(&mut self, arrived: Arrived) {
        if let Some(delivery) = self.deliveries.get_mut(&arrived.id) {
            delivery.received = true;
        }
    }

    /// The sender hears the outcome.
    pub(crate) fn heard(
        &mut self,
        process: u32,
        arrived: Arrived,
        ended_at: Timestamp,
        outcome: &AttemptOutcome,
    ) {
        let Arrived { id, number } = arrived;
        let Some(delivery) = self.deliveries.get_mut(&id) else { return };
        delivery.open.retain(|open| *open != (process, number));
        delivery.answers.push(Answer { process, number, ended_at, outcome: outcome.clone() });
    }
}

/// Whether this attempt is the one to be made: the next, or once more one that nobody recorded.
fn check_turn(
    delivery: &DeliveryRecord,
    is_dispatcher: bool,
    id: DeliveryId,
    number: u32,
    now_ms: u64,
) -> Result<(), Broken> {
    let next = delivery.attempts + 1;
    if number > next || number == 0 {
        return Err(format!("{id}: attempt {number} where {next} is next"));
    }
    // A process that was taken over may repeat what it still held; it cannot record it.
    if !is_dispatcher {
        return Ok(());
    }
    let open = match delivery.state {
        State::Pending => true,
        State::Cancelled => true,
        State::Done | State::Exhausted | State::Skipped => false,
    };
    let just_ended = now_ms <= delivery.changed_ms + PREPARATION_MS;
    if (open && number == next) || (just_ended && !open) {
        return Ok(());
    }
    Err(format!("{id}: attempt {number} is not the one to make: {delivery:?}"))
}
