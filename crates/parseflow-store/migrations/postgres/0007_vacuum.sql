-- Tables whose rows come and go or are changed in place: vacuumed after a fixed number of dead rows
-- rather than after a share of the table, with room on their pages for HOT updates.
ALTER TABLE idempotency SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 20000);
ALTER TABLE parked SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
ALTER TABLE document SET (autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE endpoint SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
