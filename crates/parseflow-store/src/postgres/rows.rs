//! Between rows and nouns.

use std::fmt::Display;
use std::str::FromStr;
use std::sync::Arc;

use parseflow_model::{
    Account, ApiKey, Attempt, AttemptOutcome, Batch, BatchStatus, DeliveryId, DisabledReason,
    Document, DocumentFailure, DocumentStatus, Endpoint, EndpointNo, EndpointSettings,
    EndpointStatus, Event, EventId, EventType, FailureKind, FileMeta, Health, KeyMode, NextSecret,
    Plan, ReadingWishes, Timestamp, Trigger,
};
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use crate::attempt_detail::{headers_from, timing_from};
use crate::port::StoreError;

type Found<T> = Result<T, StoreError>;

fn damaged(column: &str, error: impl Display) -> StoreError {
    StoreError::Damaged(format!("{column}: {error}"))
}

/// A column's value.
pub(super) fn get<'a, T: FromSql<'a>>(row: &'a Row, column: &str) -> Found<T> {
    row.try_get(column).map_err(|error| damaged(column, error))
}

/// A column of integers that are never negative, or smaller than `bigint`.
pub(super) fn number<T: TryFrom<i64>>(row: &Row, column: &str) -> Found<T> {
    let value: i64 = get(row, column)?;
    T::try_from(value).map_err(|_| damaged(column, format!("{value} is out of range")))
}

/// A nullable column of such integers.
pub(super) fn number_opt<T: TryFrom<i64>>(row: &Row, column: &str) -> Found<Option<T>> {
    let value: Option<i64> = get(row, column)?;
    let out = || damaged(column, "out of range");
    value.map(|value| T::try_from(value).map_err(|_| out())).transpose()
}

/// A text column as one of the model's types.
pub(super) fn parsed<T: FromStr>(row: &Row, column: &str) -> Found<T>
where
    T::Err: Display,
{
    get::<&str>(row, column)?.parse().map_err(|error| damaged(column, error))
}

/// A nullable text column as one of the model's types.
pub(super) fn parsed_opt<T: FromStr>(row: &Row, column: &str) -> Found<Option<T>>
where
    T::Err: Display,
{
    let text: Option<&str> = get(row, column)?;
    text.map(str::parse).transpose().map_err(|error| damaged(column, error))
}

/// A text column as the one of `all` with this name.
pub(super) fn named<T: Copy>(
    row: &Row,
    column: &str,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Found<T> {
    let text: &str = get(row, column)?;
    let found = all.iter().copied().find(|candidate| name(*candidate) == text);
    found.ok_or_else(|| damaged(column, "not one of the names in the schema's CHECK"))
}

/// A column of milliseconds.
pub(super) fn time(row: &Row, column: &str) -> Found<Timestamp> {
    get(row, column).map(Timestamp::from_millis)
}

/// A nullable column of milliseconds.
pub(super) fn time_opt(row: &Row, column: &str) -> Found<Option<Timestamp>> {
    Ok(get::<Option<i64>>(row, column)?.map(Timestamp::from_millis))
}

/// The number of an endpoint, as `integer`.
pub(super) fn endpoint_no(row: &Row, column: &str) -> Found<EndpointNo> {
    get::<i32>(row, column).map(|no| EndpointNo(no as u32))
}

/// Text that PostgreSQL can keep: without NUL.
pub(super) fn text(given: &str) -> String {
    given.replace('\0', "")
}

/// Columns of `account`, for queries that join it: `SELECT {ACCOUNT} FROM account a …`.
pub(super) const ACCOUNT: &str = "a.id AS a_id, a.email, a.name AS a_name, a.plan, \
     a.documents_per_month, a.requests_per_minute, a.created_ms AS a_created_ms";

/// The account of a row selected with [`ACCOUNT`].
pub(super) fn account(row: &Row) -> Found<Account> {
    Ok(Account {
        id: parsed(row, "a_id")?,
        email: get(row, "email")?,
        name: get(row, "a_name")?,
        plan: named(row, "plan", &Plan::ALL, Plan::as_str)?,
        documents_per_month: parsed_opt(row, "documents_per_month")?,
        requests_per_minute: parsed_opt(row, "requests_per_minute")?,
        created_at: time(row, "a_created_ms")?,
    })
}

/// The key of a row of `api_key`.
pub(super) fn api_key(row: &Row) -> Found<ApiKey> {
    let scopes: Result<_, _> =
        get::<&str>(row, "scopes")?.split_whitespace().map(str::parse).collect();
    let hash: &[u8] = get(row, "hash")?;
    Ok(ApiKey {
        id: parsed(row, "id")?,
        account: parsed(row, "account")?,
        name: get(row, "name")?,
        hash: hash.try_into().map_err(|error| damaged("hash", error))?,
        hint: get(row, "hint")?,
        mode: if get(row, "test")? { KeyMode::Test } else { KeyMode::Live },
        scopes: scopes.map_err(|error| damaged("scopes", error))?,
        created_at: time(row, "created_ms")?,
        revoked_at: time_opt(row, "revoked_ms")?,
    })
}

fn failure(row: &Row) -> Found<Option<DocumentFailure>> {
    let code: Option<String> = get(row, "failure_code")?;
    Ok(match code {
        Some(code) => Some(DocumentFailure { code, message: get(row, "failure_message")? }),
        None => None,
    })
}

/// What was asked for as it is stored: `None` where nothing was.
pub(super) fn wishes_text(wishes: &ReadingWishes) -> Option<String> {
    crate::wishes::to_text(wishes).as_deref().map(text)
}

fn wishes(row: &Row) -> Found<ReadingWishes> {
    let text: Option<&str> = get(row, "wishes")?;
    crate::wishes::from_text(text).map_err(|error| damaged("wishes", error))
}

/// The document of a row of `document`.
pub(super) fn document(row: &Row) -> Found<Document> {
    let extraction = get::<Option<&str>>(row, "result")?.map(serde_json::from_str).transpose();
    Ok(Document {
        id: parsed(row, "id")?,
        account: parsed(row, "account")?,
        batch: parsed_opt(row, "batch")?,
        file: FileMeta {
            name: get(row, "file_name")?,
            size: number(row, "file_bytes")?,
            mime_type: get(row, "mime")?,
        },
        requested: parsed(row, "requested")?,
        language: get(row, "language")?,
        wishes: wishes(row)?,
        test: get(row, "test")?,
        status: document_status(row)?,
        extraction: extraction.map_err(|error| damaged("result", error))?,
        failure: failure(row)?,
        created_at: time(row, "created_ms")?,
        finished_at: time_opt(row, "finished_ms")?,
        processing_ms: number_opt(row, "processing_ms")?,
    })
}

/// The state of a document.
pub(super) fn document_status(row: &Row) -> Found<DocumentStatus> {
    named(row, "status", &DocumentStatus::ALL, DocumentStatus::as_str)
}

/// The batch of a row of `batch`.
pub(super) fn batch(row: &Row) -> Found<Batch> {
    let archive: Option<String> = get(row, "archive_name")?;
    Ok(Batch {
        id: parsed(row, "id")?,
        account: parsed(row, "account")?,
        status: named(row, "status", &BatchStatus::ALL, BatchStatus::as_str)?,
        document_events: get(row, "document_events")?,
        test: get(row, "test")?,
        requested: parsed(row, "requested")?,
        language: get(row, "language")?,
        wishes: wishes(row)?,
        archive: match archive {
            Some(name) => Some(FileMeta {
                name,
                size: number(row, "archive_bytes")?,
                mime_type: get(row, "archive_mime")?,
            }),
            None => None,
        },
        total: number(row, "total")?,
        succeeded: number(row, "succeeded")?,
        failed: number(row, "failed")?,
        failure: failure(row)?,
        created_at: time(row, "created_ms")?,
        completed_at: time_opt(row, "completed_ms")?,
    })
}

const ENDPOINT_STATES: [EndpointStatus; 3] =
    [EndpointStatus::Healthy, EndpointStatus::Failing, EndpointStatus::Disabled];

/// The health of a row of `endpoint`.
pub(super) fn health(row: &Row) -> Found<Health> {
    let reason = match get::<Option<&str>>(row, "disabled_reason")? {
        Some(_) => {
            Some(named(row, "disabled_reason", &DisabledReason::ALL, DisabledReason::as_str)?)
        }
        None => None,
    };
    Ok(Health {
        status: named(row, "status", &ENDPOINT_STATES, EndpointStatus::as_str)?,
        failing_since: time_opt(row, "failing_since_ms")?,
        run_started_at: time_opt(row, "run_started_ms")?,
        run_day: number(row, "run_day")?,
        last_success_at: time_opt(row, "last_success_ms")?,
        last_failure_at: time_opt(row, "last_failure_ms")?,
        consecutive_failures: number(row, "consecutive_failures")?,
        disabled_at: time_opt(row, "disabled_ms")?,
        disabled_reason: reason,
    })
}

/// Endpoints that are not deleted, with whether their account's plan pauses them and the transaction that
/// wrote their row.
pub(super) const ENDPOINT_SELECT: &str = "SELECT e.*, a.plan = 'free' AS paused_by_plan, \
     e.xmin::text::bigint AS written_by FROM endpoint e JOIN account a ON a.id = e.account WHERE e.deleted_ms IS NULL";

fn next_secret(row: &Row) -> Found<Option<NextSecret>> {
    let Some(takes_over_at) = time_opt(row, "next_secret_ms")? else { return Ok(None) };
    let (sealed, hint) = (get(row, "next_sealed_secret")?, get(row, "next_secret_hint")?);
    Ok(Some(NextSecret { sealed, hint, takes_over_at }))
}

/// The endpoint of a row selected with [`ENDPOINT_SELECT`].
pub(super) fn endpoint(row: &Row) -> Found<Endpoint> {
    let events: &str = get(row, "events")?;
    let mask: i16 = get(row, "event_mask")?;
    Ok(Endpoint {
        no: endpoint_no(row, "no")?,
        id: parsed(row, "id")?,
        account: parsed(row, "account")?,
        url: get(row, "url")?,
        events: events.split_whitespace().map(str::to_owned).collect(),
        event_mask: u8::try_from(mask).map_err(|error| damaged("event_mask", error))?,
        sealed_secret: get(row, "sealed_secret")?,
        secret_hint: get(row, "secret_hint")?,
        next_secret: next_secret(row)?,
        secret_changed_at: time_opt(row, "secret_changed_ms")?,
        settings: EndpointSettings {
            description: get(row, "description")?,
            timeout_ms: number_opt(row, "timeout_ms")?,
            body_bytes_max: number_opt(row, "body_bytes_max")?,
            disable_on_gone: get(row, "disable_on_gone")?,
            rate_limit_per_second: number_opt(row, "rate_limit_per_second")?,
            ordered: get(row, "ordered")?,
            payload_version: parsed(row, "payload_version")?,
            sealed_headers: get(row, "sealed_headers")?,
        },
        health: health(row)?,
        paused_at: time_opt(row, "paused_ms")?,
        paused_by_plan: get(row, "paused_by_plan")?,
        created_at: time(row, "created_ms")?,
    })
}

/// The event of a row of `event`.
pub(super) fn event(row: &Row) -> Found<Event> {
    let thin: Option<Vec<u8>> = get(row, "thin_body")?;
    Ok(Event {
        id: EventId::from_raw(get(row, "id")?),
        account: parsed(row, "account")?,
        event_type: event_type(row)?,
        occurred_at: time(row, "occurred_ms")?,
        body: Arc::from(get::<&[u8]>(row, "body")?),
        thin_body: thin.map(Arc::from),
    })
}

/// The type of a row that has `event_type`.
pub(super) fn event_type(row: &Row) -> Found<EventType> {
    let position: i16 = get(row, "event_type")?;
    let found = usize::try_from(position).ok().and_then(|at| EventType::ALL.get(at).copied());
    found.ok_or_else(|| damaged("event_type", "not 0 to 5"))
}

/// The position of a type, as stored.
pub(super) fn position(event_type: EventType) -> i16 {
    let at = EventType::ALL.iter().position(|other| *other == event_type);
    at.map_or(-1, |at| at as i16)
}

/// The attempt of a row of `attempt`.
pub(super) fn attempt(row: &Row) -> Found<Attempt> {
    let failure: Option<&str> = get(row, "failure")?;
    let failure =
        failure.map(|text| FailureKind::ALL.into_iter().find(|kind| kind.as_str() == text));
    let status: Option<i32> = get(row, "status")?;
    Ok(Attempt {
        delivery: DeliveryId {
            event: EventId::from_raw(get(row, "event_id")?),
            endpoint: endpoint_no(row, "endpoint_no")?,
        },
        number: get::<i32>(row, "number")?.unsigned_abs(),
        trigger: if get(row, "manual")? { Trigger::Manual } else { Trigger::Schedule },
        started_at: time(row, "started_ms")?,
        duration_ms: number(row, "duration_ms")?,
        url: get(row, "url")?,
        outcome: AttemptOutcome {
            failure: failure.map(|kind| kind.unwrap_or(FailureKind::Protocol)),
            status: status.and_then(|status| u16::try_from(status).ok()),
            error: get(row, "error")?,
            response_body: get(row, "response_body")?,
            response_headers: headers_from(get(row, "response_headers")?)
                .map_err(|error| damaged("response_headers", error))?,
            timing: timing_from(get(row, "connect_ms")?, get(row, "first_byte_ms")?),
            retry_after_secs: None,
        },
    })
}
