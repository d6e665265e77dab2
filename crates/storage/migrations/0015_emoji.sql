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

-- Packs of stickers that everybody of an org has.
CREATE TABLE sticker_packs (
  id UUID PRIMARY KEY,
  org BIGINT NOT NULL REFERENCES orgs (org),
  name TEXT NOT NULL,
  made_by BIGINT NOT NULL REFERENCES principals (principal),
  made_at BIGINT NOT NULL
);
CREATE INDEX sticker_packs_org ON sticker_packs (org, made_at);

-- Stickers of a pack, or somebody's own. A message that one was sent with refers to its file.
CREATE TABLE stickers (
  id UUID PRIMARY KEY,
  org BIGINT NOT NULL REFERENCES orgs (org),
  pack UUID,                          -- NULL: somebody's own
  owner BIGINT,                       -- NULL: of a pack
  name TEXT NOT NULL,
  file BIGINT NOT NULL,               -- of `files`; kept for as long as this is there
  animated BIGINT NOT NULL,
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  added_at BIGINT NOT NULL
);
CREATE INDEX stickers_pack ON stickers (pack) WHERE pack IS NOT NULL;
CREATE INDEX stickers_owner ON stickers (owner) WHERE owner IS NOT NULL;
CREATE INDEX stickers_file ON stickers (file);

-- 1: the picture of a sticker, which lists of files leave out.
ALTER TABLE files ADD COLUMN sticker BIGINT NOT NULL DEFAULT 0;
