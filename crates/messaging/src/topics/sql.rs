//! Statements of this module. "A topic's columns" are those of `Topic::read`.

use weft_storage::statements;

statements! {
    /// An open topic by its folded name.
    BY_NAME = "SELECT topic, id, name FROM topics WHERE log = $1 AND name_key = $2 AND merged_into IS NULL";
    /// A topic by its id, or the one that it was merged into, if the viewer may see something of it.
    SEEN = "SELECT r.topic, r.id, r.name FROM topics t JOIN topics r ON r.topic = COALESCE(t.merged_into, t.topic)
            WHERE t.log = $1 AND t.id = $2 AND (r.created_seq >= $3 OR t.created_seq >= $3 OR EXISTS
              (SELECT 1 FROM messages m WHERE m.log = r.log AND m.topic = r.topic AND m.seq >= $3))";
    /// Where a topic is.
    PLACE = "SELECT log, topic FROM topics WHERE id = $1";
    /// How many topics a conversation has.
    COUNT = "SELECT COUNT(*) FROM topics WHERE log = $1 AND merged_into IS NULL";
    /// A new one.
    INSERT = "INSERT INTO topics (id, log, name, name_key, created_by, created_at, created_seq, changed_seq)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $7) RETURNING topic";
    /// Topics that changed, a topic's columns after its event.
    CHANGED = "SELECT t.changed_seq, t.id, t.name, t.resolved_at IS NOT NULL, p.id, t.created_at, g.id
               FROM topics t JOIN principals p ON p.principal = t.created_by LEFT JOIN topics g ON g.topic = t.merged_into
               WHERE t.log = $1 AND t.changed_seq > $2 AND (t.created_seq >= $3 OR EXISTS
                 (SELECT 1 FROM messages m WHERE m.log = t.log AND m.topic = t.topic AND m.seq >= $3))
               ORDER BY t.changed_seq LIMIT $4";
    /// One topic under its log's head lock: who made it, the last place that it was spoken of, and a
    /// topic's columns.
    LOCKED = "SELECT t.created_by, GREATEST(t.created_seq, COALESCE((SELECT MAX(m.seq) FROM messages m
                WHERE m.log = t.log AND m.topic = t.topic), 0)),
                t.id, t.name, t.resolved_at IS NOT NULL, p.id, t.created_at, g.id
              FROM topics t JOIN principals p ON p.principal = t.created_by LEFT JOIN topics g ON g.topic = t.merged_into
              WHERE t.topic = $1";
    /// Writes a topic's name and whether it is resolved.
    SET = "UPDATE topics SET name = $2, name_key = $3, resolved_at = $4, changed_seq = $5 WHERE topic = $1";
    /// A topic goes into another, and with it those that went into it before.
    MERGE = "UPDATE topics SET merged_into = $2, changed_seq = $3 WHERE topic = $1 OR merged_into = $1";
    /// After a merge what was read by itself is not known any more: better unread than lost.
    FORGET_MARKS = "DELETE FROM topic_marks WHERE log = $1 AND topic IN ($2, $3)";
    /// Whether some member may not see what is at a place.
    HIDDEN = "SELECT hidden_below > $2 FROM conversations WHERE log = $1";
    /// From where on everybody sees everything.
    HIDDEN_BELOW = "SELECT hidden_below FROM conversations WHERE log = $1";
    /// Messages to be moved, by their ids.
    MESSAGES = "SELECT seq, sender, kind, state, thread, topic FROM messages WHERE log = $1 AND id IN_UUIDS($2)";
    /// How much a topic holds, counted up to a limit.
    SIZE = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM messages WHERE log = $1 AND topic = $2 LIMIT $3) k";
    /// The first messages of a topic.
    FIRST = "SELECT seq FROM messages WHERE log = $1 AND topic = $2 ORDER BY seq LIMIT $3";
    /// Messages and what was replied to them.
    WITH_REPLIES = "SELECT seq FROM messages WHERE log = $1 AND seq IN_INTS($2)
                    UNION ALL SELECT seq FROM messages WHERE log = $1 AND thread IN_INTS($2)";
    /// Labels messages anew, one event for each, in their order after seq $4. A reply's row names no
    /// topic, but its present state is another one.
    LABEL = "UPDATE messages SET topic = CASE WHEN messages.thread IS NULL THEN CAST($3 AS BIGINT) ELSE NULL END,
               changed_seq = CAST($4 AS BIGINT) + x.place
             FROM (SELECT s.seq AS at, ROW_NUMBER() OVER (ORDER BY s.seq) AS place FROM messages s
                   WHERE s.log = $1 AND s.seq IN_INTS($2)) x
             WHERE messages.log = $1 AND messages.seq = x.at";
    /// Topics by when they were last spoken of, before a place in that order, for a viewer who has read
    /// up to $8, or where $9 is 1 as far as their marks say: place, time, who, how much, how much
    /// unread, the mark, and a topic's columns.
    LIST = "SELECT x.last_seq, l.at, w.id,
              (SELECT COUNT(*) FROM (SELECT 1 AS one FROM messages c WHERE c.log = $1 AND c.topic = x.topic AND c.seq >= $3 LIMIT $10) a),
              (SELECT COUNT(*) FROM (SELECT 1 AS one FROM messages u WHERE u.log = $1 AND u.topic = x.topic AND u.seq > x.read_seq
                 AND u.seq >= $3 AND u.sender <> $2 AND u.n IS NOT NULL LIMIT $10) b),
              x.read_seq, t.id, t.name, t.resolved_at IS NOT NULL, p.id, t.created_at, CAST(NULL AS UUID)
            FROM (SELECT s.topic AS topic,
                    (SELECT MAX(m.seq) FROM messages m WHERE m.log = s.log AND m.topic = s.topic) AS last_seq,
                    CASE WHEN CAST($9 AS BIGINT) = 1 THEN GREATEST(CAST($8 AS BIGINT), COALESCE(k.read_seq, 0)) ELSE CAST($8 AS BIGINT) END AS read_seq
                  FROM topics s LEFT JOIN topic_marks k ON k.principal = $2 AND k.log = s.log AND k.topic = s.topic
                  WHERE s.log = $1 AND s.merged_into IS NULL AND s.name_key LIKE $4 ESCAPE '\\'
                    AND (CAST($7 AS BIGINT) = 1 OR s.resolved_at IS NULL)) x
            JOIN topics t ON t.topic = x.topic
            JOIN messages l ON l.log = $1 AND l.seq = x.last_seq
            JOIN principals w ON w.principal = l.sender
            JOIN principals p ON p.principal = t.created_by
            WHERE x.last_seq < $5 AND x.last_seq >= $3 ORDER BY x.last_seq DESC LIMIT $6";
    /// How much of what has no topic is unread after $2.
    UNREAD_WITHOUT = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM messages u WHERE u.log = $1 AND u.seq > $2 AND u.thread IS NULL
                        AND u.topic IS NULL AND u.kind = 1 AND u.sender <> $3 LIMIT $4) k";
    /// How far somebody has read a conversation, and whether they marked it unread.
    PROGRESS = "SELECT l.head_seq, m.read_seq, m.unread_from FROM members m JOIN logs l ON l.log = m.log
                WHERE m.log = $1 AND m.principal = $2 AND m.left_seq IS NULL";
    /// How far somebody has read a topic by itself.
    MARK = "SELECT read_seq FROM topic_marks WHERE principal = $1 AND log = $2 AND topic = $3";
    /// Raises a mark.
    READ = "INSERT INTO topic_marks (principal, log, topic, read_seq, own_seq) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (principal, log, topic) DO UPDATE SET read_seq = excluded.read_seq, own_seq = excluded.own_seq
            WHERE topic_marks.read_seq < excluded.read_seq";
    /// The first message of the main lane after $3 that no mark of its reader's covers.
    FIRST_UNREAD = "SELECT m.seq FROM messages m LEFT JOIN topic_marks k ON k.principal = $2 AND k.log = m.log AND k.topic = COALESCE(m.topic, 0)
                    WHERE m.log = $1 AND m.seq > $3 AND m.thread IS NULL AND m.n IS NOT NULL AND m.sender <> $2
                      AND m.seq > COALESCE(k.read_seq, 0) ORDER BY m.seq LIMIT 1";
    /// Marks that changed in the own log.
    MARKS = "SELECT c.id, t.id, k.read_seq FROM topic_marks k JOIN conversations c ON c.log = k.log
             LEFT JOIN topics t ON t.topic = k.topic WHERE k.principal = $1 AND k.own_seq > $2 ORDER BY k.log, k.topic";
}
