//! Statements of this module.

use weft_storage::statements;

statements! {
    /// People who can be members, by public id: active ones and imported ones nobody claimed yet.
    PERSONS = "SELECT principal, id, log, role FROM principals WHERE org = $1 AND id IN_UUIDS($2) AND state IN (1, 3)";
    /// The same, by key.
    PERSONS_BY_KEY = "SELECT principal, id, log, role FROM principals WHERE org = $1 AND principal IN_INTS($2) AND state IN (1, 3)";
    /// Someone, whatever their state.
    ANYONE = "SELECT principal, id, log, role FROM principals WHERE org = $1 AND id = $2";
    /// Of these people, whoever shares a conversation with someone.
    ACQUAINTED = "SELECT DISTINCT o.principal FROM members m JOIN members o ON o.log = m.log
                  WHERE m.principal = $1 AND m.left_seq IS NULL AND o.left_seq IS NULL AND o.principal IN_INTS($2)";
    /// A direct conversation or group by its people.
    BY_PEOPLE = "SELECT log FROM conversations WHERE org = $1 AND people_key = $2";
    /// A new conversation.
    INSERT = "INSERT INTO conversations (log, id, org, kind, name, name_key, search_key, topic, purpose, people_key,
                                         member_count, changed_seq, created_by, created_at, comments)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $13, $14)";
    /// Names members who may post.
    NAME_PUBLISHERS = "UPDATE members SET role = 2 WHERE log = $1 AND principal IN_INTS($2) AND role = 3";
    /// Changes a present member's role.
    SET_ROLE = "UPDATE members SET role = $3, changed_seq = $4, own_seq = $5
                WHERE log = $1 AND principal = $2 AND left_seq IS NULL";
    /// A present member's role.
    ROLE = "SELECT role, joined_at FROM members WHERE log = $1 AND principal = $2 AND left_seq IS NULL";
    /// What an org decides for its people.
    POLICY = "SELECT settings FROM orgs WHERE org = $1";
    /// Active people of an org but guests who are not in a conversation, some at a time.
    OUTSIDERS = "SELECT p.principal, p.id, p.log, p.role FROM principals p
                 WHERE p.org = $1 AND p.state = 1 AND p.kind = 1 AND p.role <> $3 AND p.principal > $4
                   AND NOT EXISTS (SELECT 1 FROM members m
                                   WHERE m.log = $2 AND m.principal = p.principal AND m.left_seq IS NULL)
                 ORDER BY p.principal LIMIT $5";
    /// Present members among these.
    PRESENT = "SELECT principal FROM members WHERE log = $1 AND principal IN_INTS($2) AND left_seq IS NULL";
    /// New or returning members, one event each, in the order of their keys after seq $5. Their
    /// own logs were advanced before. Where history begins with joining, they see what comes after $5.
    JOIN = "INSERT INTO members (log, principal, role, visible_from_seq, joined_at, changed_seq, read_seq, read_n, own_seq)
            SELECT CAST($1 AS BIGINT), p.principal, CASE WHEN p.principal = $3 THEN 1 ELSE 3 END,
                   CASE WHEN c.newcomers_see = 1 THEN 0 ELSE CAST($5 AS BIGINT) + 1 END, CAST($4 AS BIGINT),
                   CAST($5 AS BIGINT) + ROW_NUMBER() OVER (ORDER BY p.principal), CAST($6 AS BIGINT), CAST($7 AS BIGINT),
                   l.head_seq
            FROM principals p JOIN logs l ON l.log = p.log JOIN conversations c ON c.log = CAST($1 AS BIGINT)
            WHERE p.principal IN_INTS($2)
            ON CONFLICT (log, principal) DO UPDATE SET
              role = excluded.role, visible_from_seq = excluded.visible_from_seq, left_seq = NULL, joined_at = excluded.joined_at, changed_seq = excluded.changed_seq,
              read_seq = GREATEST(members.read_seq, excluded.read_seq), read_n = GREATEST(members.read_n, excluded.read_n),
              unread_from = NULL, hidden = 0, own_seq = excluded.own_seq";
    /// Newcomers came in after $2: where history begins with joining, something is hidden below.
    HIDE = "UPDATE conversations SET hidden_below = CAST($2 AS BIGINT) + 1 WHERE log = $1 AND newcomers_see <> 1";
    /// The number of members changes. A group whose people changed is no longer found by them.
    COUNT_MEMBERS = "UPDATE conversations SET member_count = member_count + $2,
                       people_key = CASE WHEN kind = 3 THEN NULL ELSE people_key END
                     WHERE log = $1 RETURNING member_count";
    /// Someone leaves.
    LEAVE = "UPDATE members SET left_seq = $3, changed_seq = $3, own_seq = $4
             WHERE log = $1 AND principal = $2 AND left_seq IS NULL RETURNING role, joined_at";
    /// The channels that a new member of the org joins.
    DEFAULTS = "SELECT log, id FROM conversations WHERE org = $1 AND kind IN (1, 5) AND is_default = 1 AND archived_at IS NULL
                ORDER BY log";
    /// Present state, read under the head's lock before it is changed.
    PRESENT_STATE = "SELECT name, topic, purpose, is_default, archived_at IS NOT NULL, member_count, newcomers_see, comments,
                       vanish_after FROM conversations WHERE log = $1";
    /// Writes all that can be set.
    SET = "UPDATE conversations SET name = $2, name_key = $3, search_key = $4, topic = $5, purpose = $6, is_default = $7,
             newcomers_see = $8, changed_seq = $9, comments = $10 WHERE log = $1";
    /// Archives, or brings back ($2 is NULL).
    ARCHIVE = "UPDATE conversations SET archived_at = $2, changed_seq = $3 WHERE log = $1";
    /// Public channels by name, after a place in that order.
    BROWSE = "SELECT c.log FROM conversations c
              WHERE c.org = $1 AND c.kind <= 2 AND c.kind = 1 AND c.parent IS NULL AND (c.archived_at IS NULL OR $2 = 1)
                AND c.search_key LIKE $3 ESCAPE '\\' AND (c.name_key, c.log) > ($4, $5)
              ORDER BY c.name_key, c.log LIMIT $6";
    /// A public channel's place in the order by name.
    PLACE = "SELECT name_key, log FROM conversations WHERE org = $1 AND id = $2 AND kind = 1";
    /// The place in the order by name of someone who is, or was, in a conversation.
    PERSON_PLACE = "SELECT p.name_key, p.principal FROM principals p JOIN members m ON m.principal = p.principal
              WHERE p.org = $1 AND p.id = $2 AND m.log = $3";
    /// Members by name, for conversations that many of the org are in: walks the people in order.
    MEMBERS_OF_MANY = "SELECT p.id, m.role, m.joined_at, p.name, p.avatar, p.kind, p.state
              FROM principals p CROSS JOIN members m
              WHERE p.org = $1 AND m.log = $2 AND m.principal = p.principal AND m.left_seq IS NULL
                AND p.search_key LIKE $3 ESCAPE '\\' AND (p.name_key, p.principal) > ($4, $5)
              ORDER BY p.name_key, p.principal LIMIT $6";
    /// Members by name, for conversations of few: sorts them.
    MEMBERS_OF_FEW = "SELECT p.id, m.role, m.joined_at, p.name, p.avatar, p.kind, p.state
              FROM members m CROSS JOIN principals p
              WHERE p.org = $1 AND m.log = $2 AND m.principal = p.principal AND m.left_seq IS NULL
                AND p.search_key LIKE $3 ESCAPE '\\' AND (p.name_key, p.principal) > ($4, $5)
              ORDER BY p.name_key, p.principal LIMIT $6";
    /// How many members a search finds.
    MEMBERS_FOUND = "SELECT COUNT(*) FROM members m CROSS JOIN principals p
              WHERE m.log = $1 AND m.principal = p.principal AND m.left_seq IS NULL AND p.search_key LIKE $2 ESCAPE '\\'";
}
