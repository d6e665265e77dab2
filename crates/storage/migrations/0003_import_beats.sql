-- A running import says that it lives, so that another process does not take it for one that broke off.

ALTER TABLE imports ADD COLUMN beat_at BIGINT NOT NULL DEFAULT 0;
