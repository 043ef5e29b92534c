-- What a failed attempt was answered with, and how long its parts took. A success leaves the headers
-- NULL: it stays as small as it was.
ALTER TABLE attempt ADD COLUMN response_headers TEXT;   -- JSON: [[name, value], …]
ALTER TABLE attempt ADD COLUMN connect_ms INTEGER;      -- -1: measured, and there was no connection
ALTER TABLE attempt ADD COLUMN first_byte_ms INTEGER;
