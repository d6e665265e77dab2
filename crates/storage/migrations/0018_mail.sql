-- Mails that gather what somebody missed.

-- Nobody has shown that mail to this address reaches them: it was typed by whoever followed a link.
ALTER TABLE accounts ADD COLUMN email_unproven BIGINT NOT NULL DEFAULT 0;

-- Whoever was told by mail, or has something that waits to be.
CREATE TABLE digests (
  principal BIGINT PRIMARY KEY REFERENCES principals (principal),
  job BIGINT,                         -- in the outbox; NULL: nothing waits
  sent BIGINT NOT NULL DEFAULT 0,     -- how many mails; orders what two processes do
  sent_at BIGINT
);

-- Up to where somebody was told of a conversation by mail.
CREATE TABLE digest_told (
  principal BIGINT NOT NULL,
  log BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
--sqlite   PRIMARY KEY (principal, log)) WITHOUT ROWID;
--pg   PRIMARY KEY (principal, log));
CREATE INDEX digest_told_at ON digest_told (at);
