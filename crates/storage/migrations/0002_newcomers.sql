-- What newcomers see of a conversation's history.

ALTER TABLE conversations ADD COLUMN newcomers_see BIGINT NOT NULL DEFAULT 1; -- 1 all, 2 from joining
-- No member was ever given less: every present member sees all from this event on.
ALTER TABLE conversations ADD COLUMN hidden_below BIGINT NOT NULL DEFAULT 0;
