-- What is still owed: one row per delivery. Nothing here that changes is indexed but the owner.
-- id: the notification's UUID and one byte for the leg of its route. Times: epoch milliseconds.
CREATE TABLE ${prefix}queue (
  id          BYTEA       NOT NULL PRIMARY KEY,
  due         BIGINT      NOT NULL,
  priority    SMALLINT    NOT NULL, -- 0 critical, 1 high, 2 normal, 3 low
  owner       BIGINT      NOT NULL, -- 0: free; else the incarnation of a node
  fence       INTEGER     NOT NULL, -- one more at every claim
  lane        VARCHAR(64) NOT NULL, -- the channel whose turn it is
  step        SMALLINT    NOT NULL, -- that channel's position in the leg
  step_since  BIGINT      NOT NULL,
  attempts    INTEGER     NOT NULL, -- made on this step
  made        INTEGER     NOT NULL, -- made in all
  mark        SMALLINT    NOT NULL, -- 1: an attempt that must not be repeated was begun
  accepted_at BIGINT      NOT NULL,
  recipient   BIGINT      NOT NULL, -- hash of the recipient's key
  correlation BIGINT,               -- hash of the correlation id
  envelope    BYTEA       NOT NULL, -- everything but what it says
  content     BYTEA                 -- what it says; null: too big, in the body table
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,
        autovacuum_vacuum_cost_delay = 0);
CREATE INDEX ${prefix}queue_free ON ${prefix}queue (lane, priority, due, id) WHERE owner = 0;
-- With the id, whose order is that of the inserts: many rows of one owner alone would be dear.
CREATE INDEX ${prefix}queue_owned ON ${prefix}queue (owner, id) WHERE owner <> 0;
-- Free rows only: of the others there are no more than lanes can hold, and hashes come in no order.
CREATE INDEX ${prefix}queue_recipient ON ${prefix}queue (recipient, id) WHERE owner = 0;
CREATE INDEX ${prefix}queue_correlation ON ${prefix}queue (correlation) WHERE correlation IS NOT NULL;

-- What an over-long notification says, by the notification's id.
CREATE TABLE ${prefix}body (
  id      BYTEA NOT NULL PRIMARY KEY,
  content BYTEA NOT NULL
);

-- What was settled: one row per delivery, a partition per day.
CREATE TABLE ${prefix}history (
  id          BYTEA       NOT NULL,
  settled_at  BIGINT      NOT NULL,
  accepted_at BIGINT      NOT NULL,
  priority    SMALLINT    NOT NULL,
  lane        VARCHAR(64) NOT NULL,
  step        SMALLINT    NOT NULL,
  attempts    INTEGER     NOT NULL,
  made        INTEGER     NOT NULL, -- 1 and SENT: started_at and latency tell it, no attempt row
  status      SMALLINT    NOT NULL,
  reason      VARCHAR(600) NOT NULL,
  started_at  BIGINT,
  latency     INTEGER,
  provider_id VARCHAR(300),
  recipient   BIGINT      NOT NULL,
  correlation BIGINT,
  envelope    BYTEA       NOT NULL,
  content     BYTEA
) PARTITION BY RANGE (settled_at);
CREATE TABLE ${prefix}history_rest PARTITION OF ${prefix}history DEFAULT;
CREATE INDEX ${prefix}history_id ON ${prefix}history (id);
CREATE INDEX ${prefix}history_recipient ON ${prefix}history (recipient, id);
CREATE INDEX ${prefix}history_correlation ON ${prefix}history (correlation, id) WHERE correlation IS NOT NULL;
CREATE INDEX ${prefix}history_provider ON ${prefix}history (provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX ${prefix}history_trouble ON ${prefix}history (status, id) WHERE status NOT IN (3, 4);
CREATE INDEX ${prefix}history_age ON ${prefix}history USING brin (settled_at);

-- Every attempt of a delivery that was not sent at the first one.
CREATE TABLE ${prefix}attempt (
  id          BYTEA        NOT NULL,
  number      INTEGER      NOT NULL, -- over all channels of the leg, from 1
  lane        VARCHAR(64)  NOT NULL,
  lane_number INTEGER      NOT NULL, -- on this channel, from 1
  started_at  BIGINT       NOT NULL,
  latency     INTEGER      NOT NULL,
  result      SMALLINT     NOT NULL,
  reason      VARCHAR(600) NOT NULL,
  provider_id VARCHAR(300),
  retry_after BIGINT,
  next_due    BIGINT,
  PRIMARY KEY (id, number)
);

-- The incarnations of nodes. An id is never used again.
CREATE TABLE ${prefix}node (
  id          BIGINT       NOT NULL PRIMARY KEY,
  name        VARCHAR(200) NOT NULL,
  state       SMALLINT     NOT NULL, -- 1 live, 2 stopped, 3 dead
  lease_until BIGINT       NOT NULL, -- on the database's clock
  started_at  BIGINT       NOT NULL
);

CREATE TABLE ${prefix}dedup (
  key_hash   BYTEA  NOT NULL PRIMARY KEY,
  id         BYTEA  NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX ${prefix}dedup_expiry ON ${prefix}dedup (expires_at);

-- Addresses to which nothing may be sent. A lifted one stays a while, so that other nodes see it.
CREATE TABLE ${prefix}suppression (
  address_hash BYTEA        NOT NULL PRIMARY KEY,
  lane         VARCHAR(64)  NOT NULL,
  address      BYTEA        NOT NULL,
  reason       VARCHAR(600) NOT NULL,
  since        BIGINT       NOT NULL,
  active       SMALLINT     NOT NULL,
  changed_at   BIGINT       NOT NULL -- on the database's clock
);
CREATE INDEX ${prefix}suppression_changed ON ${prefix}suppression (changed_at);
CREATE INDEX ${prefix}suppression_since ON ${prefix}suppression (active, since);

-- Updates of providers that came before the message was known as sent.
CREATE TABLE ${prefix}early_update (
  key_hash   BYTEA        NOT NULL PRIMARY KEY,
  lane       VARCHAR(64)  NOT NULL,
  delivery   BYTEA,
  provider_id VARCHAR(300),
  status     SMALLINT     NOT NULL,
  reason     VARCHAR(600) NOT NULL,
  suppresses SMALLINT     NOT NULL,
  expires_at BIGINT       NOT NULL
);

-- Asks the node that owns a delivery to cancel it, if it still waits there.
CREATE TABLE ${prefix}cancel_request (
  id       BYTEA  NOT NULL PRIMARY KEY,
  owner    BIGINT NOT NULL,
  asked_at BIGINT NOT NULL
);
