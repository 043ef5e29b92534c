-- How fast an endpoint may be served, and whether one delivery waits for the one before.
ALTER TABLE endpoint ADD COLUMN rate_limit_per_second bigint CHECK (rate_limit_per_second > 0);
ALTER TABLE endpoint ADD COLUMN ordered boolean NOT NULL DEFAULT false;
