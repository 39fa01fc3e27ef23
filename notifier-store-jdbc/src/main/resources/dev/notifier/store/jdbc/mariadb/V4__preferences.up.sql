-- Whence each suppression comes. Room for 2,048 characters in UTF-8, encrypted. What is not an address
-- on its channel has a lane of its own kind: * for every channel, # behind it for a recipient.
ALTER TABLE ${prefix}suppression
  ADD COLUMN source SMALLINT DEFAULT 0 NOT NULL, -- 0 manual, 1 import, 2 channel, 3 callback
  MODIFY COLUMN address VARBINARY(8000) NOT NULL,
  DROP INDEX ${prefix}suppression_since,
  ADD INDEX ${prefix}suppression_newest (active, since, address_hash);

-- What recipients want to hear of. Erased for good: a row that is gone leaves nothing.
CREATE TABLE ${prefix}preference (
  key_hash   BINARY(32) NOT NULL PRIMARY KEY, -- of recipient, category and channel
  recipient  BIGINT     NOT NULL, -- hash of the recipient's key
  subject    VARBINARY(8000) NOT NULL, -- the recipient's key
  category   VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- *: every category
  lane       VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- *: every channel
  choice     SMALLINT   NOT NULL, -- 0 out, 1 in
  since      BIGINT     NOT NULL,
  changed_at BIGINT     NOT NULL -- on the database's clock
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;
CREATE INDEX ${prefix}preference_recipient ON ${prefix}preference (recipient, key_hash);
CREATE INDEX ${prefix}preference_changed ON ${prefix}preference (changed_at);
