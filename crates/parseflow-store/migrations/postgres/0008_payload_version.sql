-- The shape of the bodies that an endpoint is sent. Those that are there were made for the first.
ALTER TABLE endpoint ADD COLUMN payload_version text NOT NULL DEFAULT 'v1'
    CHECK (payload_version ~ '^v[1-9][0-9]*$');
