-- The text of documents, so that it can be searched for.

-- What was read in a file, or why nothing was; gone with the file.
CREATE TABLE file_texts (
  file BIGINT PRIMARY KEY,
  org BIGINT NOT NULL REFERENCES orgs (org),
  seq BIGINT NOT NULL,                -- dense within the org, in the order of commits
  state TEXT NOT NULL,                -- ready, or why there is none
  cut BIGINT NOT NULL,                -- 1: only the beginning is kept
  size BIGINT NOT NULL,               -- of the text, in bytes
  at BIGINT NOT NULL,
  body BYTEA                          -- the text in its envelope
);
CREATE UNIQUE INDEX file_texts_seq ON file_texts (org, seq);

-- The last `seq` of each org.
CREATE TABLE file_text_heads (
  org BIGINT PRIMARY KEY REFERENCES orgs (org),
  head BIGINT NOT NULL
);

-- Files that are here already are read in the background, after whatever is new.
INSERT INTO outbox (kind, payload, run_at)
  SELECT 'read_document_later', '{"file":' || file || '}', 0
  FROM files WHERE kind IN ('pdf', 'text', 'code', 'office');
