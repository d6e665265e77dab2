-- What a person wants to be told of.

ALTER TABLE members ADD COLUMN level BIGINT NOT NULL DEFAULT 0; -- 0 by kind and size, 1 all, 2 mentions; muted: nothing
ALTER TABLE members ADD COLUMN all_silenced BIGINT NOT NULL DEFAULT 0; -- @all and @here do not call
-- Who hears everything of a conversation that is large enough to be quiet by itself.
CREATE INDEX members_loud ON members (log, principal) WHERE level = 1;
-- Who follows a thread.
CREATE INDEX thread_marks_root ON thread_marks (log, root, principal) WHERE following = 1;

ALTER TABLE principals ADD COLUMN dnd TEXT;  -- JSON {until, schedule}

-- Alerts and exceptions; the row of who has set none says when they looked at everything.
CREATE TABLE attention (
  principal BIGINT PRIMARY KEY REFERENCES principals (principal),
  org BIGINT NOT NULL,
  body TEXT NOT NULL DEFAULT '{}',    -- JSON {keywords, people, vips, mentions_pass}
  alerting BIGINT NOT NULL DEFAULT 0, -- has keywords or people
  seen_at BIGINT NOT NULL DEFAULT 0,  -- what is in the inbox up to here is read
  own_seq BIGINT NOT NULL DEFAULT 0   -- last change in the principal's log
);
CREATE INDEX attention_alerting ON attention (org) WHERE alerting = 1;

-- Messages that matched somebody's alerts: bounded by the alerts, not by the members.
CREATE TABLE alerts (
  principal BIGINT NOT NULL,
  log BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  n BIGINT,
  thread BIGINT,
  at BIGINT NOT NULL,
  why TEXT NOT NULL,                  -- JSON {keywords, person}
--sqlite   PRIMARY KEY (principal, log, seq)) WITHOUT ROWID;
--pg   PRIMARY KEY (principal, log, seq));
CREATE INDEX alerts_at ON alerts (principal, at);

-- Messages that somebody marked as read in the inbox, without reading the conversation.
CREATE TABLE inbox_marks (
  principal BIGINT NOT NULL,
  log BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,                 -- a later reaction to it is unread again
--sqlite   PRIMARY KEY (principal, log, seq)) WITHOUT ROWID;
--pg   PRIMARY KEY (principal, log, seq));

-- Whose message a reaction is on; 0 where an import brought it.
ALTER TABLE reactions ADD COLUMN author BIGINT NOT NULL DEFAULT 0;
CREATE INDEX reactions_author ON reactions (author, at) WHERE author > 0;

-- Whom an absent person has answered by themselves on which day.
CREATE TABLE away_replies (
  absent BIGINT NOT NULL,
  sender BIGINT NOT NULL,
  day BIGINT NOT NULL,                -- days since 1970 where the absent person is
--sqlite   PRIMARY KEY (absent, sender)) WITHOUT ROWID;
--pg   PRIMARY KEY (absent, sender));
