-- Messages that ask to be acknowledged, and who has answered.

CREATE TABLE ack_requests (
  log BIGINT NOT NULL,
  seq BIGINT NOT NULL,                -- of the message
  sender BIGINT NOT NULL,
  at BIGINT NOT NULL,                 -- who joined later is not asked
  deadline BIGINT,
  everybody BIGINT NOT NULL,          -- 0: those in ack_asked
  total BIGINT NOT NULL,              -- as last counted, like the two below
  acknowledged BIGINT NOT NULL DEFAULT 0,
  done BIGINT NOT NULL DEFAULT 0,
  reminded_at BIGINT,
  reminders BIGINT NOT NULL DEFAULT 0,
  deadline_told BIGINT NOT NULL DEFAULT 0,
--sqlite   PRIMARY KEY (log, seq)) WITHOUT ROWID;
--pg   PRIMARY KEY (log, seq));

-- Whom a sender asked by name.
CREATE TABLE ack_asked (
  log BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  principal BIGINT NOT NULL,
--sqlite   PRIMARY KEY (log, seq, principal)) WITHOUT ROWID;
--pg   PRIMARY KEY (log, seq, principal));

-- Who has answered.
CREATE TABLE acks (
  log BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  principal BIGINT NOT NULL,
  state BIGINT NOT NULL,              -- 1 acknowledged, 2 done
  at BIGINT NOT NULL,
--sqlite   PRIMARY KEY (log, seq, principal)) WITHOUT ROWID;
--pg   PRIMARY KEY (log, seq, principal));
