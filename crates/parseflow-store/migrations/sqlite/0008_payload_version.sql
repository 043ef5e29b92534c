-- The shape of the bodies that an endpoint is sent. Those that are there were made for the first.
ALTER TABLE endpoint ADD COLUMN payload_version TEXT NOT NULL DEFAULT 'v1'
    CHECK (payload_version GLOB 'v[1-9]*');
