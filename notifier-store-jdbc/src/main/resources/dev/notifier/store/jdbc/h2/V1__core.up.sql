-- Deliveries, owed and settled: a row is never moved, for each entry of an index costs H2 as much as
-- the row itself. What is owed has an owner, what is settled a time. Times: epoch milliseconds.
-- id: the notification's UUID and one byte for the leg of its route.
CREATE TABLE ${prefix}delivery (
  -- Deliveries of one hour lie together, in blocks of 1,024 and there by recipient: Places.java.
  place       BIGINT NOT NULL PRIMARY KEY,
  id          BINARY(17) NOT NULL,
  due         BIGINT      NOT NULL,
  priority    SMALLINT    NOT NULL, -- 0 critical, 1 high, 2 normal, 3 low
  owner       BIGINT,               -- 0: free; null: settled; else the incarnation of a node
  fence       INTEGER     NOT NULL, -- one more at every claim
  lane        VARCHAR(64) NOT NULL, -- the channel whose turn it is, or was last
  step        SMALLINT    NOT NULL, -- that channel's position in the leg
  step_since  BIGINT      NOT NULL,
  attempts    INTEGER     NOT NULL, -- made on this step
  made        INTEGER     NOT NULL, -- made in all; 1 and SENT: started_at and latency tell it
  mark        SMALLINT    NOT NULL, -- 1: an attempt that must not be repeated was begun
  accepted_at BIGINT      NOT NULL,
  recipient   BIGINT      NOT NULL, -- hash of the recipient's key
  correlation BIGINT,               -- hash of the correlation id
  envelope    VARBINARY(1000000) NOT NULL, -- everything but what it says
  content     VARBINARY(1000000), -- what it says; null: too big, in the body table
  settled_at  BIGINT,
  status      SMALLINT,
  reason      VARCHAR(600),
  started_at  BIGINT,
  latency     INTEGER,
  provider_id VARCHAR(300)
);
CREATE UNIQUE INDEX ${prefix}delivery_id ON ${prefix}delivery (id);

-- The free ones. H2 has no index of some rows only.
CREATE TABLE ${prefix}free (
  lane     VARCHAR(64) NOT NULL,
  priority SMALLINT    NOT NULL,
  due      BIGINT      NOT NULL,
  id       BINARY(17)  NOT NULL,
  PRIMARY KEY (lane, priority, due, id)
);

-- By what else a delivery is found, if it has that. Whoever finds one here looks at it again.
CREATE TABLE ${prefix}lookup (
  hash BIGINT NOT NULL, -- of a correlation id or a provider's message id; or a state, but neither SENT nor DELIVERED
  id   BINARY(17) NOT NULL,
  PRIMARY KEY (hash, id)
);
CREATE INDEX ${prefix}lookup_id ON ${prefix}lookup (id);

-- For the eyes of people, who find here what the other databases have in tables.
CREATE VIEW ${prefix}queue AS
  SELECT id, due, priority, owner, fence, lane, step, step_since, attempts, made, mark, accepted_at,
    recipient, correlation, envelope, content
  FROM ${prefix}delivery WHERE settled_at IS NULL;
CREATE VIEW ${prefix}history AS
  SELECT id, settled_at, accepted_at, priority, lane, step, attempts, made, status, reason,
    started_at, latency, provider_id, recipient, correlation, envelope, content
  FROM ${prefix}delivery WHERE settled_at IS NOT NULL;

-- What an over-long notification says, by the notification's id.
CREATE TABLE ${prefix}body (
  id      BINARY(16) NOT NULL PRIMARY KEY,
  content BINARY LARGE OBJECT NOT NULL
);

-- Every attempt of a delivery that was not sent at the first one.
CREATE TABLE ${prefix}attempt (
  id          BINARY(17) NOT NULL,
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
  key_hash   BINARY(32) NOT NULL PRIMARY KEY,
  id         BINARY(16) NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX ${prefix}dedup_expiry ON ${prefix}dedup (expires_at);

-- Addresses to which nothing may be sent. A lifted one stays a while, so that other nodes see it.
CREATE TABLE ${prefix}suppression (
  address_hash BINARY(32) NOT NULL PRIMARY KEY,
  lane         VARCHAR(64)  NOT NULL,
  address      VARBINARY(4000) NOT NULL,
  reason       VARCHAR(600) NOT NULL,
  since        BIGINT       NOT NULL,
  active       SMALLINT     NOT NULL,
  changed_at   BIGINT       NOT NULL -- on the database's clock
);
CREATE INDEX ${prefix}suppression_changed ON ${prefix}suppression (changed_at);
CREATE INDEX ${prefix}suppression_since ON ${prefix}suppression (active, since);

-- Updates of providers that came before the message was known as sent.
CREATE TABLE ${prefix}early_update (
  key_hash   BINARY(32) NOT NULL PRIMARY KEY,
  lane       VARCHAR(64)  NOT NULL,
  delivery   BINARY(17) ,
  provider_id VARCHAR(300),
  status     SMALLINT     NOT NULL,
  reason     VARCHAR(600) NOT NULL,
  suppresses SMALLINT     NOT NULL,
  expires_at BIGINT       NOT NULL
);

-- Asks the node that owns a delivery to cancel it, if it still waits there.
CREATE TABLE ${prefix}cancel_request (
  id       BINARY(17) NOT NULL PRIMARY KEY,
  owner    BIGINT NOT NULL,
  asked_at BIGINT NOT NULL
);
