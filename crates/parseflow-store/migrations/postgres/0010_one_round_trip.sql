-- Events in one round trip: written under the locks (a seat's first, then those of accounts), unless the
-- seat was taken from its process or the count of changes is no longer the one at which the endpoints
-- were read. Returns how many were written: all or none. Each statement sees what had been committed
-- when the locks before it were taken.
CREATE FUNCTION write_events(
    _class integer, _locks integer[], _seat smallint, _epoch bigint, _changes bigint,
    _ids bigint[], _accounts text[], _types smallint[], _occurred bigint[], _bodies bytea[],
    _thin bytea[], _targets text[]
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    written bigint;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(_class, lock) FROM unnest(_locks) AS lock;
    INSERT INTO event (id, account, event_type, occurred_ms, body, thin_body, targets)
    SELECT id, account, event_type, occurred_ms, body, thin_body, targets::integer[]
    FROM unnest(_ids, _accounts, _types, _occurred, _bodies, _thin, _targets)
        AS new (id, account, event_type, occurred_ms, body, thin_body, targets)
    WHERE EXISTS (SELECT 1 FROM node WHERE node.id = _seat AND node.epoch = _epoch)
      AND _changes = (SELECT value FROM mark WHERE name = 'changes');
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN written;
END
$$;

-- The attempts of first tries that succeeded, likewise: unless the seat was taken, a row of these endpoints
-- was written by another transaction than the one known, or a delivery is due or was cancelled meanwhile.
CREATE FUNCTION write_successes(
    _class integer, _locks integer[], _seat smallint, _epoch bigint, _known integer[],
    _written_by bigint[], _endpoints integer[], _events bigint[], _numbers integer[],
    _manual boolean[], _started bigint[], _durations bigint[], _urls text[], _failures text[],
    _statuses integer[], _errors text[], _answers bytea[], _headers text[], _connects bigint[],
    _first_bytes bigint[]
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    written bigint;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(_class, lock) FROM unnest(_locks) AS lock;
    IF NOT EXISTS (SELECT 1 FROM node WHERE node.id = _seat AND node.epoch = _epoch)
        OR EXISTS (SELECT 1 FROM unnest(_known, _written_by) AS k (no, written_by)
            WHERE NOT EXISTS (SELECT 1 FROM endpoint e WHERE e.no = k.no
                AND e.deleted_ms IS NULL AND e.xmin::text::bigint = k.written_by))
        OR EXISTS (SELECT 1 FROM unnest(_endpoints, _events) AS k (endpoint_no, event_id)
            JOIN due d ON d.endpoint_no = k.endpoint_no AND d.event_id = k.event_id)
        OR EXISTS (SELECT 1 FROM unnest(_endpoints, _events) AS k (endpoint_no, event_id)
            JOIN parked p ON p.endpoint_no = k.endpoint_no AND p.event_id = k.event_id
            WHERE p.reason = 'cancelled')
    THEN
        RETURN 0;
    END IF;
    INSERT INTO attempt (endpoint_no, event_id, number, manual, started_ms, duration_ms, url,
        failure, status, error, response_body, response_headers, connect_ms, first_byte_ms)
    SELECT * FROM unnest(_endpoints, _events, _numbers, _manual, _started, _durations, _urls,
        _failures, _statuses, _errors, _answers, _headers, _connects, _first_bytes);
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN written;
END
$$;
