-- The latest alert about an endpoint that its owner was sent, or is being sent.
CREATE TABLE alert (
  endpoint_no integer PRIMARY KEY,
  warning text NOT NULL,
  run_started_ms bigint NOT NULL,      -- the run of failures that it is about
  claimed_until_ms bigint              -- NULL: sent
);
-- endpoints whose owners may have to be told
CREATE INDEX endpoint_troubled ON endpoint (no)
  WHERE failing_since_ms IS NOT NULL AND deleted_ms IS NULL;
