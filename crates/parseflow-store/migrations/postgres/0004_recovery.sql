-- Recoveries: parked deliveries that are made due again, a few at a time.
CREATE TABLE recovery (
  id text PRIMARY KEY,
  endpoint_no integer NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'completed', 'cancelled')),
  since_ms bigint NOT NULL,
  until_ms bigint NOT NULL,
  states integer NOT NULL,             -- 1 exhausted, 2 cancelled, 4 skipped
  event_mask integer NOT NULL,
  next_event bigint NOT NULL,         -- the cursor: events below it have been looked at
  total bigint NOT NULL,
  done bigint NOT NULL DEFAULT 0,
  created_ms bigint NOT NULL,
  ended_ms bigint,
  CHECK ((ended_ms IS NULL) = (status = 'running'))
) WITH (fillfactor = 70);
-- one of an endpoint runs at a time; those that run
CREATE UNIQUE INDEX recovery_running ON recovery (endpoint_no) WHERE status = 'running';
-- recoveries of an endpoint, newest first
CREATE INDEX recovery_endpoint ON recovery (endpoint_no, created_ms, id);
-- what retention removes
CREATE INDEX recovery_ended ON recovery (ended_ms) WHERE ended_ms IS NOT NULL;
