DROP TABLE IF EXISTS ${prefix}schedule;
DROP TABLE IF EXISTS ${prefix}template_version;
DROP TABLE IF EXISTS ${prefix}template;
