-- Where each template stands. A change names the revision before its own. Times: epoch milliseconds.
CREATE TABLE ${prefix}template (
  name           VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  revision       BIGINT  NOT NULL,
  latest_version INTEGER NOT NULL,
  active_version INTEGER,          -- null: none is
  channels       VARCHAR(14000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- of the active version, such as ,email,sms,
  includes       LONGBLOB NOT NULL, -- names of templates, a line each
  created_at     BIGINT  NOT NULL,
  changed_at     BIGINT  NOT NULL
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- Every version of every template, as a template file has it, in UTF-8.
CREATE TABLE ${prefix}template_version (
  name       VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version    INTEGER NOT NULL,
  created_at BIGINT  NOT NULL,
  source     LONGBLOB NOT NULL,
  PRIMARY KEY (name, version)
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- Schedules. A change names the version before its own, so that of many nodes one makes a run.
CREATE TABLE ${prefix}schedule (
  name         VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  version      BIGINT   NOT NULL,
  state        SMALLINT NOT NULL, -- 0 active, 1 paused, 2 ended
  next_run     BIGINT,            -- null: not active
  runs         BIGINT   NOT NULL,
  last_run     BIGINT,
  last_id      BINARY(16),        -- the notification of the last run
  last_problem VARCHAR(600) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,      -- why the last run was refused
  definition   LONGBLOB NOT NULL -- when it runs, and what it sends
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;
CREATE INDEX ${prefix}schedule_next ON ${prefix}schedule (next_run);
