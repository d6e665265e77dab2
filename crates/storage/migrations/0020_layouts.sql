-- Office documents as PDF, made when somebody opens one.

-- What became of a file's layout; gone with the file. The PDF lies beside the file's thumbnails.
CREATE TABLE file_layouts (
  file BIGINT PRIMARY KEY,
  state TEXT NOT NULL,                -- pending, ready, or why there is none
  size BIGINT NOT NULL,               -- of the PDF, in bytes
  at BIGINT NOT NULL                  -- when that came to be so
);
