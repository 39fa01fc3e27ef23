DROP TABLE IF EXISTS ${prefix}batch;
DROP TABLE IF EXISTS ${prefix}tag;
