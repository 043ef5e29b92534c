//! Between rows and nouns.

use std::str::FromStr;
use std::sync::Arc;

use parseflow_model::{
    Account, ApiKey, Batch, BatchStatus, DisabledReason, Document, DocumentFailure, DocumentStatus,
    Endpoint, EndpointNo, EndpointSettings, EndpointStatus, Event, EventId, EventType, FileMeta,
    Health, KeyMode, NextSecret, Plan, ReadingWishes, Timestamp,
};
use rusqlite::{Row, types::Type};

use crate::attempt_detail::headers_from;
use crate::port::StoreError;

/// A failure of the database as the port reports it.
pub(crate) fn failed(error: rusqlite::Error) -> StoreError {
    match error {
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::IntegralValueOutOfRange(..) => StoreError::Damaged(error.to_string()),
        error => StoreError::Unavailable(Box::new(error)),
    }
}

fn damaged(column: &str, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    let _ = column;
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error))
}

/// A text column as one of the model's types.
pub(super) fn parsed<T>(row: &Row<'_>, column: &str) -> rusqlite::Result<T>
where
    T: FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    row.get_ref(column)?.as_str()?.parse().map_err(|error| damaged(column, error))
}

/// A nullable text column as one of the model's types.
pub(super) fn parsed_opt<T>(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<T>>
where
    T: FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    let text = row.get_ref(column)?.as_str_or_null()?;
    text.map(str::parse).transpose().map_err(|error| damaged(column, error))
}

/// A text column as the one of `all` with this name.
pub(super) fn named<T: Copy>(
    row: &Row<'_>,
    column: &str,
    all: &[T],
    name: fn(T) -> &'static str,
) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    let found = all.iter().copied().find(|candidate| name(*candidate) == text);
    found.ok_or_else(|| {
        let known = parseflow_model::UnknownName { known: "the names in the schema's CHECK" };
        damaged(column, known)
    })
}

/// A column of milliseconds.
pub(super) fn time(row: &Row<'_>, column: &str) -> rusqlite::Result<Timestamp> {
    row.get(column).map(Timestamp::from_millis)
}

/// A nullable column of milliseconds.
pub(super) fn time_opt(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp::from_millis))
}

/// Columns of `account`, for queries that join it: `SELECT {ACCOUNT} FROM account a …`.
pub(super) const ACCOUNT: &str = "a.id AS a_id, a.email, a.name AS a_name, a.plan, \
     a.documents_per_month, a.requests_per_minute, a.created_ms AS a_created_ms";

/// The account of a row selected with [`ACCOUNT`].
pub(super) fn account(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        id: parsed(row, "a_id")?,
        email: row.get("email")?,
        name: row.get("a_name")?,
        plan: named(row, "plan", &Plan::ALL, Plan::as_str)?,
        documents_per_month: parsed_opt(row, "documents_per_month")?,
        requests_per_minute: parsed_opt(row, "requests_per_minute")?,
        created_at: time(row, "a_created_ms")?,
    })
}

/// The key of a row of `api_key`.
pub(super) fn api_key(row: &Row<'_>) -> rusqlite::Result<ApiKey> {
    let scopes: String = row.get("scopes")?;
    let scopes: Result<_, _> = scopes.split_whitespace().map(str::parse).collect();
    Ok(ApiKey {
        id: parsed(row, "id")?,
        account: parsed(row, "account")?,
        name: row.get("name")?,
        hash: row.get("hash")?,
        hint: row.get("hint")?,
        mode: if row.get("test")? { KeyMode::Test } else { KeyMode::Live },
        scopes: scopes.map_err(|error| damaged("scopes", error))?,
        created_at: time(row, "created_ms")?,
        revoked_at: time_opt(row, "revoked_ms")?,
    })
}

fn failure(row: &Row<'_>) -> rusqlite::Result<Option<DocumentFailure>> {
    let code: Option<String> = row.get("failure_code")?;
    Ok(match code {
        Some(code) => Some(DocumentFailure { code, message: row.get("failure_message")? }),
        None => None,
    })
}

fn wishes(row: &Row<'_>) -> rusqlite::Result<ReadingWishes> {
    let text: Option<String> = row.get("wishes")?;
    crate::wishes::from_text(text.as_deref()).map_err(|error| damaged("wishes", error))
}

/// The document of a row of `document`.
pub(super) fn document(row: &Row<'_>) -> rusqlite::Result<Document> {
    let result = row.get_ref("result")?.as_str_or_null()?;
    let extraction = result.map(serde_json::from_str).transpose();
    Ok(Document {
        id: parsed(row, "id")?,
        account: parsed(row, "account")?,
        batch: parsed_opt(row, "batch")?,
        file: FileMeta {
            name: row.get("file_name")?,
            size: row.get("file_bytes")?,
            mime_type: row.get("mime")?,
        },
        requested: parsed(row, "requested")?,
        language: row.get("language")?,
        wishes: wishes(row)?,
        test: row.get("test")?,
        status: named(row, "status", &DocumentStatus::ALL, DocumentStatus::as_str)?,
        extraction: extraction.map_err(|error| damaged("result", error))?,
        failure: failure(row)?,
        created_at: time(row, "created_ms")?,
        finished_at: time_opt(row, "finished_ms")?,
        processing_ms: row.get("processing_ms")?,
    })
}

/// The end state of a document of a batch.
pub(super) fn document_status(row: &Row<'_>) -> rusqlite::Result<DocumentStatus> {
    named(row, "status", &DocumentStatus::ALL, DocumentStatus::as_str)
}

/// The batch of a row of `batch`.
pub(super) fn batch(row: &Row<'_>) -> rusqlite::Result<Batch> {
    let archive: Option<String> = row.get("archive_name")?;
    Ok(Batch {
        id: parsed(row, "id")?,
        account: parsed(row, "account")?,
        status: named(row, "status", &BatchStatus::ALL, BatchStatus::as_str)?,
        document_events: row.get("document_events")?,
        test: row.get("test")?,
        requested: parsed(row, "requested")?,
        language: row.get("language")?,
        wishes: wishes(row)?,
        archive: match archive {
            Some(name) => Some(FileMeta {
                name,
                size: row.get("archive_bytes")?,
                mime_type: row.get("archive_mime")?,
            }),
            None => None,
        },
        total: row.get("total")?,
        succeeded: row.get("succeeded")?,
        failed: row.get("failed")?,
        failure: failure(row)?,
        created_at: time(row, "created_ms")?,
        completed_at: time_opt(row, "completed_ms")?,
    })
}

fn endpoint_status(text: &str) -> Option<EndpointStatus> {
    [EndpointStatus::Healthy, EndpointStatus::Failing, EndpointStatus::Disabled]
        .into_iter()
        .find(|status| status.as_str() == text)
}

/// The health of a row of `endpoint`.
pub(super) fn health(row: &Row<'_>) -> rusqlite::Result<Health> {
    let status = endpoint_status(row.get_ref("status")?.as_str()?);
    let unknown = parseflow_model::UnknownName { known: "healthy, failing, disabled" };
    let reason = match row.get_ref("disabled_reason")?.as_str_or_null()? {
        Some(_) => {
            Some(named(row, "disabled_reason", &DisabledReason::ALL, DisabledReason::as_str)?)
        }
        None => None,
    };
    Ok(Health {
        status: status.ok_or_else(|| damaged("status", unknown))?,
        failing_since: time_opt(row, "failing_since_ms")?,
        run_started_at: time_opt(row, "run_started_ms")?,
        run_day: row.get("run_day")?,
        last_success_at: time_opt(row, "last_success_ms")?,
        last_failure_at: time_opt(row, "last_failure_ms")?,
        consecutive_failures: row.get("consecutive_failures")?,
        disabled_at: time_opt(row, "disabled_ms")?,
        disabled_reason: reason,
    })
}

/// Endpoints that are not deleted, with whether their account's plan pauses them.
pub(super) const ENDPOINT_SELECT: &str = "SELECT e.*, a.plan = 'free' AS paused_by_plan \
     FROM endpoint e JOIN account a ON a.id = e.account WHERE e.deleted_ms IS NULL";

fn next_secret(row: &Row<'_>) -> rusqlite::Result<Option<NextSecret>> {
    let Some(takes_over_at) = time_opt(row, "next_secret_ms")? else { return Ok(None) };
    let (sealed, hint) = (row.get("next_sealed_secret")?, row.get("next_secret_hint")?);
    Ok(Some(NextSecret { sealed, hint, takes_over_at }))
}

/// The endpoint of a row selected with [`ENDPOINT_SELECT`].
pub(super) fn endpoint(row: &Row<'_>) -> rusqlite::Result<Endpoint> {
    let events: String = row.get("events")?;
    Ok(Endpoint {
        no: EndpointNo(row.get("no")?),
        id: parsed(row, "id")?,
        account: parsed(row, "account")?,
        url: row.get("url")?,
        events: events.split_whitespace().map(str::to_owned).collect(),
        event_mask: row.get("event_mask")?,
        sealed_secret: row.get("sealed_secret")?,
        secret_hint: row.get("secret_hint")?,
        next_secret: next_secret(row)?,
        secret_changed_at: time_opt(row, "secret_changed_ms")?,
        settings: EndpointSettings {
            description: row.get("description")?,
            timeout_ms: row.get("timeout_ms")?,
            body_bytes_max: row.get("body_bytes_max")?,
            disable_on_gone: row.get("disable_on_gone")?,
            sealed_headers: row.get("sealed_headers")?,
            rate_limit_per_second: row.get("rate_limit_per_second")?,
            ordered: row.get("ordered")?,
            payload_version: parsed(row, "payload_version")?,
        },
        health: health(row)?,
        paused_at: time_opt(row, "paused_ms")?,
        paused_by_plan: row.get("paused_by_plan")?,
        created_at: time(row, "created_ms")?,
    })
}

/// The headers of a row of `attempt`.
pub(super) fn headers(row: &Row<'_>) -> rusqlite::Result<Vec<(String, String)>> {
    let text = row.get_ref("response_headers")?.as_str_or_null()?;
    headers_from(text).map_err(|error| damaged("response_headers", error))
}

/// The event of a row of `event`.
pub(super) fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    let thin: Option<Vec<u8>> = row.get("thin_body")?;
    Ok(Event {
        id: EventId::from_raw(row.get("id")?),
        account: parsed(row, "account")?,
        event_type: event_type(row)?,
        occurred_at: time(row, "occurred_ms")?,
        body: Arc::from(row.get::<_, Vec<u8>>("body")?),
        thin_body: thin.map(Arc::from),
    })
}

/// The type of a row that has `event_type`.
pub(super) fn event_type(row: &Row<'_>) -> rusqlite::Result<EventType> {
    let position: usize = row.get("event_type")?;
    let unknown = parseflow_model::UnknownName { known: "0 to 5" };
    EventType::ALL.get(position).copied().ok_or_else(|| damaged("event_type", unknown))
}

/// The endpoints a `targets` blob names.
pub(super) fn targets(blob: &[u8]) -> impl Iterator<Item = EndpointNo> + '_ {
    blob.chunks_exact(4)
        .map(|bytes| EndpointNo(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])))
}
