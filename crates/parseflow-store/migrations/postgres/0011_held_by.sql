-- Whose claim was held when a delivery was cancelled: it ends with its process.
ALTER TABLE parked ADD COLUMN held_epoch bigint NOT NULL DEFAULT 0; -- 0: nobody's
CREATE INDEX parked_held ON parked (held_epoch) WHERE held_epoch > 0;
