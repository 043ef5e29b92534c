-- Times are milliseconds since 1970-01-01T00:00:00Z. CHECKs state the legal states.
-- Each index names the query it serves.

CREATE TABLE account (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  name TEXT,
  plan TEXT NOT NULL CHECK (plan IN ('free', 'pro', 'enterprise')),
  documents_per_month TEXT,            -- a number, 'unlimited', or NULL: the plan's
  requests_per_minute TEXT,
  created_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_key (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account (id),
  name TEXT NOT NULL,
  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  hint TEXT NOT NULL,
  test INTEGER NOT NULL CHECK (test IN (0, 1)),
  scopes TEXT NOT NULL,                -- space separated
  created_ms INTEGER NOT NULL,
  revoked_ms INTEGER
) STRICT, WITHOUT ROWID;
-- keys of an account, newest first
CREATE INDEX api_key_account ON api_key (account, created_ms, id) WHERE revoked_ms IS NULL;

CREATE TABLE usage (
  account TEXT NOT NULL,
  period TEXT NOT NULL,                -- 2026-04
  used INTEGER NOT NULL CHECK (used >= 0),
  PRIMARY KEY (account, period)
) STRICT, WITHOUT ROWID;

-- "Once per account, period and limit" is this primary key, not a check in code.
CREATE TABLE quota_mark (
  account TEXT NOT NULL,
  period TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('warning', 'exceeded')),
  quota INTEGER NOT NULL,              -- the limit for a warning; 0 for exceeded: once a period
  PRIMARY KEY (account, period, kind, quota)
) STRICT, WITHOUT ROWID;

CREATE TABLE batch (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('processing', 'completed', 'failed', 'cancelled')),
  document_events INTEGER NOT NULL CHECK (document_events IN (0, 1)),
  test INTEGER NOT NULL CHECK (test IN (0, 1)),
  requested TEXT NOT NULL,
  language TEXT,
  archive_name TEXT,
  archive_bytes INTEGER,
  archive_mime TEXT,
  total INTEGER NOT NULL,
  succeeded INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  failure_code TEXT,
  failure_message TEXT,
  created_ms INTEGER NOT NULL,
  completed_ms INTEGER,
  lease_until_ms INTEGER NOT NULL DEFAULT 0,
  lease_token INTEGER NOT NULL DEFAULT 0,
  tries INTEGER NOT NULL DEFAULT 0,
  archive_open INTEGER NOT NULL CHECK (archive_open IN (0, 1)),  -- 0: an archive waits to be opened
  CHECK ((completed_ms IS NULL) = (status = 'processing')),
  CHECK (succeeded + failed <= total)
) STRICT, WITHOUT ROWID;
-- batches of an account, newest first
CREATE INDEX batch_account ON batch (account, created_ms, id);
-- archives to open
CREATE INDEX batch_archive ON batch (lease_until_ms) WHERE archive_open = 0;

CREATE TABLE document (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  batch TEXT,
  file_name TEXT NOT NULL,
  file_bytes INTEGER NOT NULL,
  mime TEXT NOT NULL,
  requested TEXT NOT NULL,
  language TEXT,
  test INTEGER NOT NULL CHECK (test IN (0, 1)),
  status TEXT NOT NULL CHECK (status IN ('processing', 'completed', 'failed', 'cancelled')),
  document_type TEXT,                  -- repeated from the result for lists and batch reports
  confidence REAL,
  result TEXT,                         -- the extraction as JSON
  failure_code TEXT,
  failure_message TEXT,
  created_ms INTEGER NOT NULL,
  finished_ms INTEGER,
  processing_ms INTEGER,
  lease_until_ms INTEGER NOT NULL DEFAULT 0,
  lease_token INTEGER NOT NULL DEFAULT 0,
  tries INTEGER NOT NULL DEFAULT 0,
  CHECK ((result IS NOT NULL) = (status = 'completed')),
  CHECK ((failure_code IS NOT NULL) = (status = 'failed')),
  CHECK ((finished_ms IS NULL) = (status = 'processing'))
) STRICT, WITHOUT ROWID;
-- documents of an account, newest first
CREATE INDEX document_account ON document (account, created_ms, id);
-- documents of a batch: its list, its report, its cancellation
CREATE INDEX document_batch ON document (batch, created_ms, id) WHERE batch IS NOT NULL;
-- documents to read
CREATE INDEX document_queue ON document (lease_until_ms) WHERE status = 'processing';

CREATE TABLE endpoint (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL,
  url TEXT NOT NULL,
  events TEXT NOT NULL,                -- as given, space separated
  event_mask INTEGER NOT NULL,
  sealed_secret BLOB NOT NULL,
  secret_hint TEXT NOT NULL,
  description TEXT,
  timeout_ms INTEGER,
  body_bytes_max INTEGER,
  disable_on_gone INTEGER NOT NULL CHECK (disable_on_gone IN (0, 1)),
  status TEXT NOT NULL CHECK (status IN ('healthy', 'failing', 'disabled')),
  failing_since_ms INTEGER,
  run_started_ms INTEGER,
  run_day INTEGER NOT NULL DEFAULT 0,
  last_success_ms INTEGER,
  last_failure_ms INTEGER,
  consecutive_failures INTEGER NOT NULL DEFAULT 0,
  disabled_ms INTEGER,
  disabled_reason TEXT,
  created_ms INTEGER NOT NULL,
  deleted_ms INTEGER,
  CHECK ((disabled_ms IS NOT NULL) = (status = 'disabled')),
  CHECK ((disabled_reason IS NOT NULL) = (status = 'disabled'))
) STRICT;
-- endpoints of an account: the fan-out of every event, and the list newest first
CREATE INDEX endpoint_account ON endpoint (account, no) WHERE deleted_ms IS NULL;

-- Never changed. The id increases in commit order and begins with the time.
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  event_type INTEGER NOT NULL,         -- position in the documentation's list
  occurred_ms INTEGER NOT NULL,
  body BLOB NOT NULL,                  -- the bytes that are signed and sent
  thin_body BLOB,
  targets BLOB NOT NULL                -- numbers of the endpoints it matched, u32 little endian
) STRICT;

-- Never changed.
CREATE TABLE attempt (
  endpoint_no INTEGER NOT NULL,
  event_id INTEGER NOT NULL,
  number INTEGER NOT NULL,             -- from 1
  manual INTEGER NOT NULL CHECK (manual IN (0, 1)),
  started_ms INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  url TEXT NOT NULL,
  failure TEXT,                        -- NULL: the receiver accepted
  status INTEGER,
  error TEXT,
  response_body BLOB NOT NULL,
  PRIMARY KEY (endpoint_no, event_id, number)
) STRICT, WITHOUT ROWID;

-- Deliveries to be tried later: retries, and first attempts that have to wait.
CREATE TABLE due (
  endpoint_no INTEGER NOT NULL,
  event_id INTEGER NOT NULL,
  due_ms INTEGER NOT NULL,
  ready_ms INTEGER NOT NULL,           -- when it can be claimed: due_ms, or the end of a lease
  attempts_made INTEGER NOT NULL,
  manual INTEGER NOT NULL CHECK (manual IN (0, 1)),
  token INTEGER NOT NULL DEFAULT 0,    -- of the latest claim; 0 when unclaimed
  PRIMARY KEY (endpoint_no, event_id)
) STRICT, WITHOUT ROWID;
-- the next delivery of an endpoint
CREATE INDEX due_ready ON due (endpoint_no, ready_ms);

-- Deliveries that ended without success. They can be sent again until retention.
CREATE TABLE parked (
  endpoint_no INTEGER NOT NULL,
  event_id INTEGER NOT NULL,
  reason TEXT NOT NULL CHECK (reason IN ('exhausted', 'cancelled', 'skipped')),
  parked_ms INTEGER NOT NULL,
  PRIMARY KEY (endpoint_no, event_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
  account TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  boot INTEGER NOT NULL,               -- the process that began it
  created_ms INTEGER NOT NULL,
  event_id INTEGER,                    -- of a published event: committed with it
  deliveries INTEGER,
  status INTEGER,
  content_type TEXT,
  sealed_body BLOB,
  PRIMARY KEY (account, key)
) STRICT, WITHOUT ROWID;
-- expired keys
CREATE INDEX idempotency_age ON idempotency (created_ms);

-- 'low': every event below it has had its first attempts settled. 'epoch': of the dispatcher.
-- 'token': the latest fencing token.
CREATE TABLE mark (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO mark (name, value) VALUES ('low', 0), ('epoch', 0), ('token', 0);
