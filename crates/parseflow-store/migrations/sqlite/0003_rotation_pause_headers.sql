-- Rotating secrets, pausing, and headers of the owner's own.

-- The pending secret of a rotation: all three or none. It takes over at next_secret_ms, whether or
-- not anybody writes that down.
ALTER TABLE endpoint ADD COLUMN next_sealed_secret BLOB;
ALTER TABLE endpoint ADD COLUMN next_secret_hint TEXT
  CHECK ((next_secret_hint IS NULL) = (next_sealed_secret IS NULL));
ALTER TABLE endpoint ADD COLUMN next_secret_ms INTEGER
  CHECK ((next_secret_ms IS NULL) = (next_sealed_secret IS NULL));
ALTER TABLE endpoint ADD COLUMN secret_changed_ms INTEGER;  -- NULL: still the first secret
ALTER TABLE endpoint ADD COLUMN paused_ms INTEGER;          -- NULL: not paused by its owner
ALTER TABLE endpoint ADD COLUMN sealed_headers BLOB;        -- encrypted; NULL: none
