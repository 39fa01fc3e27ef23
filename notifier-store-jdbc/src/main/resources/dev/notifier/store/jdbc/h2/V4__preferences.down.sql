DROP TABLE IF EXISTS ${prefix}preference;
-- What older versions cannot read. The address stays wide.
DELETE FROM ${prefix}suppression WHERE lane = '*' OR lane LIKE '%#';
DROP INDEX IF EXISTS ${prefix}suppression_newest;
CREATE INDEX IF NOT EXISTS ${prefix}suppression_since ON ${prefix}suppression (active, since);
ALTER TABLE ${prefix}suppression DROP COLUMN IF EXISTS source;
