-- What a caller wants of a document beyond type and language, as JSON; null asks for nothing.
ALTER TABLE document ADD COLUMN wishes TEXT;
ALTER TABLE batch ADD COLUMN wishes TEXT;
