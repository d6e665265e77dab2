-- Announcement conversations: kind 5. Who may post there is in members.role: 1 owner, 2 publisher.

-- Whether its posts may be commented on; each post may be closed to comments by itself.
ALTER TABLE conversations ADD COLUMN comments BIGINT NOT NULL DEFAULT 1;
CREATE UNIQUE INDEX conversations_board_name ON conversations (org, name_key) WHERE kind = 5 AND parent IS NULL;
