//! Between rows and nouns.

use std::str::FromStr;
use std::sync::Arc;

use parseflow_model::{
    Account, ApiKey, Batch, BatchStatus, DisabledReason, Document, DocumentFailure, DocumentStatus,
    Endpoint, EndpointNo, EndpointSettings, EndpointStatus, Event, EventId, EventType, FileMeta,
    Health, KeyMode, NextSecret, Plan, ReadingWishes, Timestamp,
};
use rusqlite::types::{FromSql, Type};
use rusqlite::{Connection, Params, Row, RowIndex};

use crate::attempt_detail::headers_from;
use crate::port::StoreError;

/// Statements that are prepared once for each connection.
pub(super) trait Kept {
    /// Executes `text`, as [`Connection::execute`] does.
    fn execute_kept(&self, text: &str, values: impl Params) -> rusqlite::Result<usize>;
}

impl Kept for Connection {
    fn execute_kept(&self, text: &str, values: impl Params) -> rusqlite::Result<usize> {
        self.prepare_cached(text)?.execute(values)
    }
}

/// A failure of the database as the port reports it.
pub(crate) fn failed(error: rusqlite::Error) -> StoreError {
    match error {
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::IntegralValueOutOfRange(..) => StoreError::Damaged(error.to_string()),
        error => StoreError::Unavailable(Box::new(error)),
    }
}

fn damaged(error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error))
}

/// A text column as one of the model's types.
pub(super) fn parsed<T>(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<T>
where
    T: FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    row.get_ref(column)?.as_str()?.parse().map_err(damaged)
}

/// A nullable text column as one of the model's types.
pub(super) fn parsed_opt<T>(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<Option<T>>
where
    T: FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    let text = row.get_ref(column)?.as_str_or_null()?;
    text.map(str::parse).transpose().map_err(damaged)
}

/// A text column as the one of `all` with this name.
pub(super) fn named<T: Copy>(
    row: &Row<'_>,
    column: impl RowIndex,
    all: &[T],
    name: fn(T) -> &'static str,
) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    let found = all.iter().copied().find(|candidate| name(*candidate) == text);
    found.ok_or_else(|| {
        let known = parseflow_model::UnknownName { known: "the names in the schema's CHECK" };
        damaged(known)
    })
}

/// A column of milliseconds.
pub(super) fn time(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<Timestamp> {
    row.get(column).map(Timestamp::from_millis)
}

/// A nullable column of milliseconds.
pub(super) fn time_opt(
    row: &Row<'_>,
    column: impl RowIndex,
) -> rusqlite::Result<Option<Timestamp>> {
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
        scopes: scopes.map_err(damaged)?,
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
    crate::wishes::from_text(text.as_deref()).map_err(damaged)
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
        extraction: extraction.map_err(damaged)?,
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

/// The columns of a row one after another, as they were selected: a name would be looked for among all of
/// them.
pub(super) struct InOrder<'r, 's> {
    row: &'r Row<'s>,
    next: usize,
}

impl<'r, 's> InOrder<'r, 's> {
    pub(super) fn new(row: &'r Row<'s>) -> Self {
        Self { row, next: 0 }
    }

    /// The position of the next column.
    pub(super) fn next(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    pub(super) fn get<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        self.row.get(self.next())
    }

    fn text(&mut self) -> rusqlite::Result<&'r str> {
        Ok(self.row.get_ref(self.next())?.as_str()?)
    }

    fn time_opt(&mut self) -> rusqlite::Result<Option<Timestamp>> {
        time_opt(self.row, self.next())
    }
}

/// Columns of `endpoint` e and `account` a that make an endpoint; others may follow.
macro_rules! endpoint_columns {
    () => {
        "e.no, e.id, e.account, e.url, e.events, e.event_mask, e.sealed_secret, e.secret_hint, \
         e.next_sealed_secret, e.next_secret_hint, e.next_secret_ms, e.secret_changed_ms, \
         e.description, e.timeout_ms, e.body_bytes_max, e.disable_on_gone, e.sealed_headers, \
         e.rate_limit_per_second, e.ordered, e.payload_version, e.status, e.failing_since_ms, \
         e.run_started_ms, e.run_day, e.last_success_ms, e.last_failure_ms, \
         e.consecutive_failures, e.disabled_ms, e.disabled_reason, e.paused_ms, \
         a.plan = 'free', e.created_ms"
    };
}
pub(super) use endpoint_columns;

/// Endpoints that are not deleted, with whether their account's plan pauses them.
pub(super) const ENDPOINT_SELECT: &str = concat!(
    "SELECT ",
    endpoint_columns!(),
    " FROM endpoint e JOIN account a ON a.id = e.account WHERE e.deleted_ms IS NULL"
);

/// The endpoint of a row that begins with [`endpoint_columns`].
pub(super) fn endpoint(row: &Row<'_>) -> rusqlite::Result<Endpoint> {
    let mut columns = InOrder::new(row);
    Ok(Endpoint {
        no: EndpointNo(columns.get()?),
        id: parsed(row, columns.next())?,
        account: parsed(row, columns.next())?,
        url: columns.get()?,
        events: columns.text()?.split_whitespace().map(str::to_owned).collect(),
        event_mask: columns.get()?,
        sealed_secret: columns.get()?,
        secret_hint: columns.get()?,
        next_secret: next_secret(&mut columns)?,
        secret_changed_at: columns.time_opt()?,
        settings: EndpointSettings {
            description: columns.get()?,
            timeout_ms: columns.get()?,
            body_bytes_max: columns.get()?,
            disable_on_gone: columns.get()?,
            sealed_headers: columns.get()?,
            rate_limit_per_second: columns.get()?,
            ordered: columns.get()?,
            payload_version: parsed(row, columns.next())?,
        },
        health: health(&mut columns)?,
        paused_at: columns.time_opt()?,
        paused_by_plan: columns.get()?,
        created_at: time(row, columns.next())?,
    })
}

fn next_secret(columns: &mut InOrder<'_, '_>) -> rusqlite::Result<Option<NextSecret>> {
    let (sealed, hint): (Option<_>, Option<_>) = (columns.get()?, columns.get()?);
    let takes_over_at = columns.time_opt()?;
    Ok(takes_over_at.zip(sealed.zip(hint)).map(|(takes_over_at, (sealed, hint))| NextSecret {
        sealed,
        hint,
        takes_over_at,
    }))
}

fn health(columns: &mut InOrder<'_, '_>) -> rusqlite::Result<Health> {
    const STATUSES: [EndpointStatus; 3] =
        [EndpointStatus::Healthy, EndpointStatus::Failing, EndpointStatus::Disabled];
    Ok(Health {
        status: named(columns.row, columns.next(), &STATUSES, EndpointStatus::as_str)?,
        failing_since: columns.time_opt()?,
        run_started_at: columns.time_opt()?,
        run_day: columns.get()?,
        last_success_at: columns.time_opt()?,
        last_failure_at: columns.time_opt()?,
        consecutive_failures: columns.get()?,
        disabled_at: columns.time_opt()?,
        disabled_reason: disabled_reason(columns)?,
    })
}

fn disabled_reason(columns: &mut InOrder<'_, '_>) -> rusqlite::Result<Option<DisabledReason>> {
    let column = columns.next();
    if columns.row.get_ref(column)?.as_str_or_null()?.is_none() {
        return Ok(None);
    }
    named(columns.row, column, &DisabledReason::ALL, DisabledReason::as_str).map(Some)
}

/// Headers as they are kept with an attempt.
pub(super) fn headers(
    row: &Row<'_>,
    column: impl RowIndex,
) -> rusqlite::Result<Vec<(String, String)>> {
    let text = row.get_ref(column)?.as_str_or_null()?;
    headers_from(text).map_err(damaged)
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
    EventType::ALL.get(position).copied().ok_or_else(|| damaged(unknown))
}

/// The endpoints a `targets` blob names.
pub(super) fn targets(blob: &[u8]) -> impl Iterator<Item = EndpointNo> + '_ {
    blob.chunks_exact(4)
        .map(|bytes| EndpointNo(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])))
}
