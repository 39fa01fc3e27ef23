DROP TABLE IF EXISTS ${prefix}preference;
-- What older versions cannot read. The address stays wide.
DELETE FROM ${prefix}suppression WHERE lane = '*' OR lane LIKE '%#';
ALTER TABLE ${prefix}suppression
  DROP COLUMN IF EXISTS source,
  DROP INDEX IF EXISTS ${prefix}suppression_newest,
  ADD INDEX IF NOT EXISTS ${prefix}suppression_since (active, since);
