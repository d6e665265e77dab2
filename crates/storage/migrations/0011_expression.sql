-- Polls.

-- What a message asks people to vote on.
CREATE TABLE polls (
  log BIGINT NOT NULL,
  seq BIGINT NOT NULL,                -- of the message
  sender BIGINT NOT NULL,
  choices BIGINT NOT NULL,            -- how many options one person may choose
  anonymous BIGINT NOT NULL,
  results BIGINT NOT NULL,            -- 1 always shown, 2 to who has voted, 3 once it is closed
  may_add BIGINT NOT NULL,            -- whoever votes may add an option
  deadline BIGINT,
  secret BYTEA,                       -- anonymous: what its voters are hashed with; gone once it is closed
  votes BIGINT NOT NULL DEFAULT 0,    -- rises with every vote: its row orders votes and the closing
  voters BIGINT NOT NULL DEFAULT 0,   -- as last counted
  closed_at BIGINT,
  closed_by BIGINT,                   -- NULL: the deadline
--sqlite   PRIMARY KEY (log, seq)) WITHOUT ROWID;
--pg   PRIMARY KEY (log, seq));

CREATE TABLE poll_options (
  log BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  option BIGINT NOT NULL,             -- 0, 1, 2 …
  text BYTEA NOT NULL,                -- envelope
  added_by BIGINT,                    -- who added it later; NULL where the poll is anonymous
  votes BIGINT NOT NULL DEFAULT 0,    -- as last counted
  faces TEXT NOT NULL DEFAULT '[]',   -- JSON: the first who chose it; of a named poll
--sqlite   PRIMARY KEY (log, seq, option)) WITHOUT ROWID;
--pg   PRIMARY KEY (log, seq, option));

-- Who chose what. In an anonymous poll `voter` is a hash keyed with the poll's secret, and nothing
-- else tells who it was.
CREATE TABLE poll_votes (
  log BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  voter BYTEA NOT NULL,
  option BIGINT NOT NULL,
  principal BIGINT,                   -- NULL: anonymous
  at BIGINT NOT NULL,                 -- 0: anonymous
--sqlite   PRIMARY KEY (log, seq, voter, option)) WITHOUT ROWID;
--pg   PRIMARY KEY (log, seq, voter, option));
