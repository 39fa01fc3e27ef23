-- Where each template stands. A change names the revision before its own. Times: epoch milliseconds.
CREATE TABLE ${prefix}template (
  name           VARCHAR(100) NOT NULL PRIMARY KEY,
  revision       BIGINT  NOT NULL,
  latest_version INTEGER NOT NULL,
  active_version INTEGER,          -- null: none is
  channels       VARCHAR(14000) NOT NULL, -- of the active version, such as ,email,sms,
  includes       BINARY LARGE OBJECT NOT NULL, -- names of templates, a line each
  created_at     BIGINT  NOT NULL,
  changed_at     BIGINT  NOT NULL
);

-- Every version of every template, as a template file has it, in UTF-8.
CREATE TABLE ${prefix}template_version (
  name       VARCHAR(100) NOT NULL,
  version    INTEGER NOT NULL,
  created_at BIGINT  NOT NULL,
  source     BINARY LARGE OBJECT NOT NULL,
  PRIMARY KEY (name, version)
);

-- Schedules. A change names the version before its own, so that of many nodes one makes a run.
CREATE TABLE ${prefix}schedule (
  name         VARCHAR(100) NOT NULL PRIMARY KEY,
  version      BIGINT   NOT NULL,
  state        SMALLINT NOT NULL, -- 0 active, 1 paused, 2 ended
  next_run     BIGINT,            -- null: not active
  runs         BIGINT   NOT NULL,
  last_run     BIGINT,
  last_id      BINARY(16),        -- the notification of the last run
  last_problem VARCHAR(600),      -- why the last run was refused
  definition   BINARY LARGE OBJECT NOT NULL -- when it runs, and what it sends
);
CREATE INDEX ${prefix}schedule_next ON ${prefix}schedule (next_run);
