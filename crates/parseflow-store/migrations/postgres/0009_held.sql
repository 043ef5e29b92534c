-- The claim that was held when a delivery was cancelled. Its attempt may still be on its way: what is
-- sent again meanwhile takes this claim over and waits for it.
ALTER TABLE parked ADD COLUMN held_ms bigint NOT NULL DEFAULT 0;    -- its end; 0 when none was held
ALTER TABLE parked ADD COLUMN held_token bigint NOT NULL DEFAULT 0; -- -1: a first attempt
