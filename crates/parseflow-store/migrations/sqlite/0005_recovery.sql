-- Recoveries: parked deliveries that are made due again, a few at a time.
CREATE TABLE recovery (
  id TEXT PRIMARY KEY,
  endpoint_no INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('running', 'completed', 'cancelled')),
  since_ms INTEGER NOT NULL,
  until_ms INTEGER NOT NULL,
  states INTEGER NOT NULL,             -- 1 exhausted, 2 cancelled, 4 skipped
  event_mask INTEGER NOT NULL,
  next_event INTEGER NOT NULL,         -- the cursor: events below it have been looked at
  total INTEGER NOT NULL,
  done INTEGER NOT NULL DEFAULT 0,
  created_ms INTEGER NOT NULL,
  ended_ms INTEGER,
  CHECK ((ended_ms IS NULL) = (status = 'running'))
) STRICT, WITHOUT ROWID;
-- one of an endpoint runs at a time; those that run
CREATE UNIQUE INDEX recovery_running ON recovery (endpoint_no) WHERE status = 'running';
-- recoveries of an endpoint, newest first
CREATE INDEX recovery_endpoint ON recovery (endpoint_no, created_ms, id);
-- what retention removes
CREATE INDEX recovery_ended ON recovery (ended_ms) WHERE ended_ms IS NOT NULL;
