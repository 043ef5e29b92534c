-- The latest alert about an endpoint that its owner was sent, or is being sent.
CREATE TABLE alert (
  endpoint_no INTEGER PRIMARY KEY,
  warning TEXT NOT NULL,
  run_started_ms INTEGER NOT NULL,     -- the run of failures that it is about
  claimed_until_ms INTEGER             -- NULL: sent
) STRICT;
-- endpoints whose owners may have to be told
CREATE INDEX endpoint_troubled ON endpoint (no)
  WHERE failing_since_ms IS NOT NULL AND deleted_ms IS NULL;
