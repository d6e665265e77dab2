-- An organisation's own emoji. What was removed stays as a row, so that clients hear of it.
CREATE TABLE emoji (
  id UUID PRIMARY KEY,
  org BIGINT NOT NULL REFERENCES orgs (org),
  name TEXT NOT NULL,
  aliases TEXT NOT NULL,              -- JSON: a list
  file BIGINT NOT NULL,               -- of `files`; kept for as long as `removed_at` is NULL
  added_by BIGINT NOT NULL REFERENCES principals (principal),
  added_at BIGINT NOT NULL,
  animated BIGINT NOT NULL,
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  removed_at BIGINT,
  changed_seq BIGINT NOT NULL         -- in the org's log
);
CREATE INDEX emoji_changed ON emoji (org, changed_seq);
CREATE INDEX emoji_file ON emoji (file);

-- Which names are taken: those of present emoji, and their aliases.
CREATE TABLE emoji_names (
  org BIGINT NOT NULL,
  name TEXT NOT NULL,
  emoji UUID NOT NULL,
--sqlite   PRIMARY KEY (org, name)) WITHOUT ROWID;
--pg   PRIMARY KEY (org, name));
CREATE INDEX emoji_names_emoji ON emoji_names (emoji);
