-- The deliveries of each tag. Written only for those that have one. Times: epoch milliseconds.
CREATE TABLE ${prefix}tag (
  tag BIGINT NOT NULL, -- hash of the tag
  id  BINARY(17) NOT NULL,
  PRIMARY KEY (tag, id)
);
CREATE INDEX ${prefix}tag_id ON ${prefix}tag (id);

-- Batches. Their notifications are found by their ids, between two of them, all with one end.
CREATE TABLE ${prefix}batch (
  id         BIGINT NOT NULL PRIMARY KEY, -- the second half of the ids of its notifications
  first_id   BINARY(16) NOT NULL, -- those of its notifications are greater
  last_id    BINARY(16) NOT NULL, -- and none is greater than this
  owner      BIGINT   NOT NULL, -- the incarnation of the node that reads it
  whole      SMALLINT NOT NULL, -- 1: accepted all at once
  cancelling SMALLINT NOT NULL, -- 1: what waits of it is to be cancelled; 2: nothing waits any more
  accepted   BIGINT   NOT NULL,
  duplicates BIGINT   NOT NULL,
  refused    BIGINT   NOT NULL,
  started_at BIGINT   NOT NULL,
  ended_at   BIGINT,            -- when nothing more was read; null: it is being read
  problem    VARCHAR(600) NOT NULL -- why it ended before its last item
);
CREATE INDEX ${prefix}batch_started ON ${prefix}batch (started_at);
CREATE INDEX ${prefix}batch_cancelling ON ${prefix}batch (cancelling);
