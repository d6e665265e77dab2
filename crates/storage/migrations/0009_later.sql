-- Messages for later: saved, reminded of, sent at a time; conversations put away.

-- A message that is sent at a time. Rows of what was sent or given up stay for a while, so that
-- other devices learn of it.
CREATE TABLE scheduled_messages (
  id UUID PRIMARY KEY,
  principal BIGINT NOT NULL REFERENCES principals (principal),
  log BIGINT NOT NULL REFERENCES conversations (log),
  nonce TEXT NOT NULL,
  at BIGINT NOT NULL,
  state BIGINT NOT NULL,              -- 1 waiting, 2 sending, 3 failed, 4 gone
  body BYTEA,                         -- envelope of its JSON; NULL when gone
  job BIGINT NOT NULL,                -- in the outbox
  failed_at BIGINT,
  reason TEXT,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  own_seq BIGINT NOT NULL             -- last change in the principal's log
);
CREATE INDEX scheduled_own ON scheduled_messages (principal, own_seq);
CREATE UNIQUE INDEX scheduled_nonce ON scheduled_messages (log, principal, nonce);
CREATE INDEX scheduled_gone ON scheduled_messages (changed_at) WHERE state = 4;

-- The files that it will refer to: kept meanwhile.
CREATE TABLE scheduled_files (
  scheduled UUID NOT NULL,
  file BIGINT NOT NULL,
--sqlite   PRIMARY KEY (scheduled, file)) WITHOUT ROWID;
--pg   PRIMARY KEY (scheduled, file));
CREATE INDEX scheduled_files_file ON scheduled_files (file);

-- What somebody keeps for later: a message, or only a note.
CREATE TABLE saved_items (
  id UUID PRIMARY KEY,
  principal BIGINT NOT NULL REFERENCES principals (principal),
  log BIGINT,                         -- NULL: a note without a message
  seq BIGINT,
  note BYTEA NOT NULL,                -- envelope
  state BIGINT NOT NULL,              -- 1 in progress, 2 done, 4 gone
  saved_at BIGINT NOT NULL,
  remind_at BIGINT,
  reminded_at BIGINT,
  own_seq BIGINT NOT NULL             -- last change in the principal's log
);
CREATE INDEX saved_own ON saved_items (principal, own_seq);
CREATE INDEX saved_list ON saved_items (principal, state, saved_at, id);
CREATE UNIQUE INDEX saved_message ON saved_items (principal, log, seq) WHERE log IS NOT NULL;

-- Put away: up to this ordinal of the main lane, and perhaps until a time.
ALTER TABLE members ADD COLUMN hidden_n BIGINT;
ALTER TABLE members ADD COLUMN snoozed_until BIGINT;
