-- The claim that was held when a delivery was cancelled. Its attempt may still be on its way: what is
-- sent again meanwhile takes this claim over and waits for it.
ALTER TABLE parked ADD COLUMN held_ms INTEGER NOT NULL DEFAULT 0;    -- its end; 0 when none was held
ALTER TABLE parked ADD COLUMN held_token INTEGER NOT NULL DEFAULT 0; -- -1: a first attempt
-- what a restart ends
CREATE INDEX parked_held ON parked (held_ms) WHERE held_ms > 0;
