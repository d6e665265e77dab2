//! Statements of mails.

use weft_storage::statements;

statements! {
    /// Those of some people who may be told by mail and for whom nothing waits yet.
    TO_WAIT = "SELECT p.principal, p.settings, COALESCE(p.timezone, a.timezone), o.settings
               FROM principals p JOIN accounts a ON a.account = p.account JOIN orgs o ON o.org = p.org
               LEFT JOIN digests d ON d.principal = p.principal
               WHERE p.principal IN_INTS($1) AND p.state = 1 AND p.kind <= 2 AND a.email_unproven = 0 AND d.job IS NULL
               ORDER BY p.principal";
    /// Something waits for somebody.
    WAIT = "INSERT INTO digests (principal, job) VALUES ($1, $2)
            ON CONFLICT (principal) DO UPDATE SET job = excluded.job WHERE digests.job IS NULL";
    /// A job is in hand.
    TAKEN = "UPDATE digests SET job = NULL WHERE principal = $1 AND job = $2";
    /// Somebody who may be told.
    READER = "SELECT p.settings, p.dnd, COALESCE(p.timezone, a.timezone), a.email, a.locale, o.id, o.name, o.settings, d.sent
              FROM principals p JOIN accounts a ON a.account = p.account JOIN orgs o ON o.org = p.org
              JOIN digests d ON d.principal = p.principal
              WHERE p.principal = $1 AND p.state = 1 AND p.kind <= 2 AND a.email_unproven = 0";
    /// One more mail, after so many.
    SENT = "UPDATE digests SET sent = sent + 1, sent_at = $3 WHERE principal = $1 AND sent = $2";
    /// Up to where somebody was told of a conversation.
    TELL = "INSERT INTO digest_told (principal, log, seq, at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (principal, log) DO UPDATE SET seq = GREATEST(digest_told.seq, excluded.seq), at = excluded.at";
    /// Forgets what is old.
    FORGET_TOLD = "DELETE FROM digest_told WHERE at < $1";
    /// Somebody's conversations with something new since a time: head, up to where they have read or
    /// were told, and whether every message of the main flow may count.
    ROOMS = "SELECT m.log, l.head_seq, GREATEST(m.read_seq, COALESCE(d.seq, 0)),
               CAST(CASE WHEN m.muted = 0 AND m.level <> 2 AND l.last_n > m.read_n
                 AND (m.level = 1 OR c.kind >= 3 OR c.member_count <= $3) THEN 1 ELSE 0 END AS BIGINT)
             FROM members m JOIN logs l ON l.log = m.log JOIN conversations c ON c.log = m.log
             LEFT JOIN digest_told d ON d.principal = m.principal AND d.log = m.log
             WHERE m.principal = $1 AND m.left_seq IS NULL AND c.archived_at IS NULL AND l.last_at >= $2
               AND l.head_seq > COALESCE(d.seq, 0)";
    /// Unread messages of one's main flow after a place, the newest first.
    MAIN_FLOW = "SELECT g.log, g.seq, g.at FROM messages g
                 JOIN members m ON m.log = g.log AND m.principal = $3 AND m.left_seq IS NULL AND g.seq >= m.visible_from_seq
                 WHERE g.log = $1 AND g.seq > $2 AND g.thread IS NULL AND g.kind = 1 AND g.state = 1 AND g.sender <> $3
                   AND g.at >= $4 AND NOT EXISTS (SELECT 1 FROM topic_marks k
                     WHERE k.principal = $3 AND k.log = g.log AND k.topic = COALESCE(g.topic, 0) AND k.read_seq >= g.seq)
                 ORDER BY g.seq DESC LIMIT $5";
    /// Unread messages that call somebody: mentions, calls to everybody, alerts; the newest first.
    CALLS = "SELECT g.log, g.seq, g.at FROM (
               SELECT x.log AS log, x.seq AS seq FROM mentions x WHERE x.principal = $1
               UNION SELECT x.log, x.seq FROM members b JOIN mentions x ON x.principal = 0 AND x.log = b.log
                     WHERE b.principal = $1 AND b.left_seq IS NULL AND b.all_silenced = 0 AND b.muted = 0
               UNION SELECT a.log, a.seq FROM alerts a WHERE a.principal = $1) i
             JOIN members m ON m.log = i.log AND m.principal = $1 AND m.left_seq IS NULL AND i.seq >= m.visible_from_seq
             JOIN messages g ON g.log = i.log AND g.seq = i.seq AND g.state = 1 AND g.sender <> $1 AND g.at >= $2
             LEFT JOIN thread_marks t ON t.principal = $1 AND t.log = g.log AND t.root = g.thread
             LEFT JOIN digest_told d ON d.principal = $1 AND d.log = g.log
             WHERE g.seq > COALESCE(d.seq, 0)
               AND ((g.thread IS NULL AND g.n > m.read_n) OR (g.thread IS NOT NULL AND g.n > COALESCE(t.read_n, 0)))
               AND NOT EXISTS (SELECT 1 FROM topic_marks k WHERE g.thread IS NULL
                 AND k.principal = $1 AND k.log = g.log AND k.topic = COALESCE(g.topic, 0) AND k.read_seq >= g.seq)
               AND NOT EXISTS (SELECT 1 FROM inbox_marks k WHERE k.principal = $1 AND k.log = g.log AND k.seq = g.seq AND k.at >= g.at)
               AND g.at > COALESCE((SELECT seen_at FROM attention WHERE principal = $1), 0)
             ORDER BY g.at DESC LIMIT $3";
    /// Unread replies in followed threads, and in those of direct conversations; the newest first.
    REPLIES = "SELECT g.log, g.seq, g.at FROM (
                 SELECT k.log AS log, k.root AS root FROM thread_marks k WHERE k.principal = $1 AND k.following = 1
                 UNION SELECT x.log, x.thread FROM members b JOIN conversations c ON c.log = b.log AND c.kind = 4
                       JOIN messages x ON x.log = b.log AND x.thread IS NOT NULL AND x.at >= $2
                       WHERE b.principal = $1 AND b.left_seq IS NULL) i
               JOIN members m ON m.log = i.log AND m.principal = $1 AND m.left_seq IS NULL
               JOIN messages g ON g.log = i.log AND g.thread = i.root AND g.state = 1 AND g.sender <> $1 AND g.at >= $2
                 AND g.seq >= m.visible_from_seq
               LEFT JOIN thread_marks t ON t.principal = $1 AND t.log = g.log AND t.root = g.thread
               LEFT JOIN digest_told d ON d.principal = $1 AND d.log = g.log
               WHERE g.seq > COALESCE(d.seq, 0) AND g.n > COALESCE(t.read_n, 0)
               ORDER BY g.at DESC LIMIT $3";
}
