-- What is still owed: one row per delivery. Nothing here that changes is indexed but the owner.
-- id: the notification's UUID and one byte for the leg of its route. Times: epoch milliseconds.
CREATE TABLE ${prefix}queue (
  id          BINARY(17) NOT NULL PRIMARY KEY,
  due         BIGINT      NOT NULL,
  priority    SMALLINT    NOT NULL, -- 0 critical, 1 high, 2 normal, 3 low
  owner       BIGINT      NOT NULL, -- 0: free; else the incarnation of a node
  fence       INTEGER     NOT NULL, -- one more at every claim
  lane        VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- the channel whose turn it is
  step        SMALLINT    NOT NULL, -- that channel's position in the leg
  step_since  BIGINT      NOT NULL,
  attempts    INTEGER     NOT NULL, -- made on this step
  made        INTEGER     NOT NULL, -- made in all
  mark        SMALLINT    NOT NULL, -- 1: an attempt that must not be repeated was begun
  accepted_at BIGINT      NOT NULL,
  recipient   BIGINT      NOT NULL, -- hash of the recipient's key
  -- Indexed instead: of rows that a node owns there are no more than its lanes can hold.
  free_recipient BIGINT GENERATED ALWAYS AS (CASE WHEN owner = 0 THEN recipient END) VIRTUAL,
  correlation BIGINT,               -- hash of the correlation id
  envelope    MEDIUMBLOB NOT NULL, -- everything but what it says
  content     MEDIUMBLOB -- what it says; null: too big, in the body table
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;
CREATE INDEX ${prefix}queue_free ON ${prefix}queue (owner, lane, priority, due, id);
CREATE INDEX ${prefix}queue_recipient ON ${prefix}queue (free_recipient, id);
CREATE INDEX ${prefix}queue_correlation ON ${prefix}queue (correlation);

-- What an over-long notification says, by the notification's id.
CREATE TABLE ${prefix}body (
  id      BINARY(16) NOT NULL PRIMARY KEY,
  content LONGBLOB NOT NULL
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- What was settled: one row per delivery.
CREATE TABLE ${prefix}history (
  id          BINARY(17) NOT NULL PRIMARY KEY,
  settled_at  BIGINT      NOT NULL,
  accepted_at BIGINT      NOT NULL,
  priority    SMALLINT    NOT NULL,
  lane        VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  step        SMALLINT    NOT NULL,
  attempts    INTEGER     NOT NULL,
  made        INTEGER     NOT NULL, -- 1 and SENT: started_at and latency tell it, no attempt row
  status      SMALLINT    NOT NULL,
  reason      VARCHAR(600) NOT NULL,
  started_at  BIGINT,
  latency     INTEGER,
  provider_id VARCHAR(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  recipient   BIGINT      NOT NULL,
  correlation BIGINT,
  envelope    MEDIUMBLOB NOT NULL,
  content     MEDIUMBLOB
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;
CREATE INDEX ${prefix}history_recipient ON ${prefix}history (recipient, id);
CREATE INDEX ${prefix}history_correlation ON ${prefix}history (correlation, id);
CREATE INDEX ${prefix}history_provider ON ${prefix}history (provider_id);
CREATE INDEX ${prefix}history_trouble ON ${prefix}history (status, id);
CREATE INDEX ${prefix}history_age ON ${prefix}history (settled_at);

-- Every attempt of a delivery that was not sent at the first one.
CREATE TABLE ${prefix}attempt (
  id          BINARY(17) NOT NULL,
  number      INTEGER      NOT NULL, -- over all channels of the leg, from 1
  lane        VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin  NOT NULL,
  lane_number INTEGER      NOT NULL, -- on this channel, from 1
  started_at  BIGINT       NOT NULL,
  latency     INTEGER      NOT NULL,
  result      SMALLINT     NOT NULL,
  reason      VARCHAR(600) NOT NULL,
  provider_id VARCHAR(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  retry_after BIGINT,
  next_due    BIGINT,
  PRIMARY KEY (id, number)
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- The incarnations of nodes. An id is never used again.
CREATE TABLE ${prefix}node (
  id          BIGINT       NOT NULL PRIMARY KEY,
  name        VARCHAR(200) NOT NULL,
  state       SMALLINT     NOT NULL, -- 1 live, 2 stopped, 3 dead
  lease_until BIGINT       NOT NULL, -- on the database's clock
  started_at  BIGINT       NOT NULL
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

CREATE TABLE ${prefix}dedup (
  key_hash   BINARY(32) NOT NULL PRIMARY KEY,
  id         BINARY(16) NOT NULL,
  expires_at BIGINT NOT NULL
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;
CREATE INDEX ${prefix}dedup_expiry ON ${prefix}dedup (expires_at);

-- Addresses to which nothing may be sent. A lifted one stays a while, so that other nodes see it.
CREATE TABLE ${prefix}suppression (
  address_hash BINARY(32) NOT NULL PRIMARY KEY,
  lane         VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin  NOT NULL,
  address      VARBINARY(4000) NOT NULL,
  reason       VARCHAR(600) NOT NULL,
  since        BIGINT       NOT NULL,
  active       SMALLINT     NOT NULL,
  changed_at   BIGINT       NOT NULL -- on the database's clock
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;
CREATE INDEX ${prefix}suppression_changed ON ${prefix}suppression (changed_at);
CREATE INDEX ${prefix}suppression_since ON ${prefix}suppression (active, since);

-- Updates of providers that came before the message was known as sent.
CREATE TABLE ${prefix}early_update (
  key_hash   BINARY(32) NOT NULL PRIMARY KEY,
  lane       VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin  NOT NULL,
  delivery   BINARY(17) ,
  provider_id VARCHAR(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  status     SMALLINT     NOT NULL,
  reason     VARCHAR(600) NOT NULL,
  suppresses SMALLINT     NOT NULL,
  expires_at BIGINT       NOT NULL
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- Asks the node that owns a delivery to cancel it, if it still waits there.
CREATE TABLE ${prefix}cancel_request (
  id       BINARY(17) NOT NULL PRIMARY KEY,
  owner    BIGINT NOT NULL,
  asked_at BIGINT NOT NULL
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;
