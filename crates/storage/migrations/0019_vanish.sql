-- Messages of two people that vanish once they were read.

-- How long after being read new messages of a direct conversation vanish, in seconds; NULL: they stay.
ALTER TABLE conversations ADD COLUMN vanish_after BIGINT;
-- 1: messages that vanish were sent here at some time. Where it is 0, read marks look for none.
ALTER TABLE conversations ADD COLUMN vanished BIGINT NOT NULL DEFAULT 0;

-- Messages that are still there and will vanish: at once the queue of whoever removes them.
CREATE TABLE vanishing (
  log BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  sender BIGINT NOT NULL,
  n BIGINT NOT NULL,                  -- ordinal in its lane
  thread BIGINT NOT NULL,             -- seq of the thread's root, 0 in the main flow
  after_s BIGINT NOT NULL,            -- so long after it was read
  state BIGINT NOT NULL,              -- 1 unread, 2 read, 3 read and told
  at BIGINT NOT NULL,                 -- when it goes; of an unread one, when it goes all the same
--sqlite   PRIMARY KEY (log, seq)) WITHOUT ROWID;
--pg   PRIMARY KEY (log, seq));
CREATE INDEX vanishing_due ON vanishing (at);
CREATE INDEX vanishing_untold ON vanishing (log) WHERE state = 2;
