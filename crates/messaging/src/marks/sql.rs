//! Statements of this module.

use weft_storage::statements;

statements! {
    /// A conversation's head, and what someone has read of it.
    PROGRESS = "SELECT l.head_seq, l.last_n, m.read_seq, m.read_n, m.unread_from FROM members m JOIN logs l ON l.log = m.log
                WHERE m.log = $1 AND m.principal = $2 AND m.left_seq IS NULL";
    /// The highest ordinal of the main lane up to a place.
    N_AT = "SELECT n FROM messages WHERE log = $1 AND seq <= $2 AND thread IS NULL AND n IS NOT NULL ORDER BY seq DESC LIMIT 1";
    /// Raises a read mark.
    READ = "UPDATE members SET read_seq = GREATEST(read_seq, $3), read_n = GREATEST(read_n, $4), unread_from = NULL, own_seq = $5
            WHERE log = $1 AND principal = $2 AND left_seq IS NULL";
    /// Whoever writes has read up to there. No event: every client concludes the same.
    WROTE = "UPDATE members SET read_seq = GREATEST(read_seq, $3), read_n = GREATEST(read_n, $4)
             WHERE log = $1 AND principal = $2 AND left_seq IS NULL AND read_n < $4";
    /// The same in a thread.
    WROTE_IN_THREAD = "UPDATE thread_marks SET read_n = $4 WHERE log = $1 AND principal = $2 AND root = $3 AND read_n < $4";
    /// Marks as unread.
    UNREAD = "UPDATE members SET unread_from = $3, own_seq = $4 WHERE log = $1 AND principal = $2 AND left_seq IS NULL";
    /// Preferences, read under the own log's lock before they are changed.
    PREFERENCES = "SELECT m.muted, m.favourite, m.section, m.hidden, m.hidden_n, m.snoozed_until, l.last_n, m.level, m.all_silenced
                   FROM members m JOIN logs l ON l.log = m.log WHERE m.log = $1 AND m.principal = $2 AND m.left_seq IS NULL";
    /// Writes preferences.
    PREFER = "UPDATE members SET muted = $3, favourite = $4, section = $5, hidden = $6, own_seq = $7,
                hidden_n = $8, snoozed_until = $9, level = $10, all_silenced = $11
              WHERE log = $1 AND principal = $2 AND left_seq IS NULL";
    /// A membership and the ordinal that it stands beside.
    MEMBERSHIP = "SELECT l.last_n, m.role, m.joined_at, m.read_seq, m.read_n, m.unread_from, m.muted, m.favourite, m.section, m.hidden,
                    m.hidden_n, m.snoozed_until, m.level, m.all_silenced
                  FROM members m JOIN logs l ON l.log = m.log WHERE m.log = $1 AND m.principal = $2 AND m.left_seq IS NULL";
    /// Conversations with something unread.
    UNREAD_ROOMS = "SELECT m.log FROM members m JOIN logs l ON l.log = m.log
                    WHERE m.principal = $1 AND m.left_seq IS NULL AND (m.read_n < l.last_n OR m.unread_from IS NOT NULL)
                    ORDER BY m.log";
    /// Followed threads with something unread.
    UNREAD_THREADS = "SELECT t.log, t.root FROM thread_marks t WHERE t.principal = $1 AND t.following = 1
                      AND t.read_n < COALESCE((SELECT MAX(x.n) FROM messages x WHERE x.log = t.log AND x.thread = t.root), 0)
                      ORDER BY t.log, t.root";
    /// Reads those conversations to their heads.
    READ_ROOMS = "UPDATE members SET
                    read_seq = GREATEST(read_seq, (SELECT l.head_seq FROM logs l WHERE l.log = members.log)),
                    read_n = GREATEST(read_n, (SELECT l.last_n FROM logs l WHERE l.log = members.log)),
                    unread_from = NULL, own_seq = $3
                  WHERE principal = $1 AND log IN_INTS($2) AND left_seq IS NULL RETURNING log, read_seq";
    /// Reads every followed thread to its end.
    READ_THREADS = "UPDATE thread_marks SET own_seq = $2,
                      read_n = COALESCE((SELECT MAX(x.n) FROM messages x WHERE x.log = thread_marks.log AND x.thread = thread_marks.root), 0)
                    WHERE principal = $1 AND following = 1
                      AND read_n < COALESCE((SELECT MAX(x.n) FROM messages x WHERE x.log = thread_marks.log AND x.thread = thread_marks.root), 0)
                    RETURNING log, root, read_n";
    /// Whose membership returns.
    SNOOZED = "SELECT p.id, p.log, c.id FROM members m JOIN principals p ON p.principal = m.principal JOIN conversations c ON c.log = m.log
               WHERE m.log = $1 AND m.principal = $2 AND m.snoozed_until = $3 AND m.left_seq IS NULL";
    /// The time has come: it returns, unread from its last message on.
    BRING_BACK = "UPDATE members SET hidden = 0, hidden_n = NULL, snoozed_until = NULL, own_seq = $4,
                    unread_from = COALESCE(unread_from, (SELECT MAX(x.seq) FROM messages x WHERE x.log = members.log
                      AND x.thread IS NULL AND x.n IS NOT NULL AND x.seq >= members.visible_from_seq))
                  WHERE log = $1 AND principal = $2 AND snoozed_until = $3 AND left_seq IS NULL";
    /// A draft's text.
    DRAFT = "SELECT text FROM drafts WHERE principal = $1 AND log = $2 AND thread = $3";
    /// Writes a draft.
    PUT_DRAFT = "INSERT INTO drafts (principal, log, thread, text, updated_at, own_seq) VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (principal, log, thread) DO UPDATE SET text = excluded.text, updated_at = excluded.updated_at,
                   own_seq = excluded.own_seq";
    /// A thread's last ordinal.
    THREAD_LAST = "SELECT COALESCE(MAX(n), 0) FROM messages WHERE log = $1 AND thread = $2";
    /// The highest ordinal of a thread up to a place.
    THREAD_N_AT = "SELECT COALESCE(MAX(n), 0) FROM messages WHERE log = $1 AND thread = $2 AND seq <= $3";
    /// A thread's mark.
    MARK = "SELECT following = 1, read_n FROM thread_marks WHERE principal = $1 AND log = $2 AND root = $3";
    /// Follows a thread, or stops.
    FOLLOW = "INSERT INTO thread_marks (principal, log, root, following, read_n, own_seq) VALUES ($1, $2, $3, $4, $5, $6)
              ON CONFLICT (principal, log, root) DO UPDATE SET following = excluded.following,
                read_n = GREATEST(thread_marks.read_n, excluded.read_n), own_seq = excluded.own_seq";
    /// Raises a thread's read mark. Whoever reads it without following it has a mark too, so that
    /// who wrote there learns of it.
    READ_THREAD = "INSERT INTO thread_marks (principal, log, root, following, read_n, own_seq) VALUES ($1, $2, $3, 2, $4, $5)
                   ON CONFLICT (principal, log, root) DO UPDATE SET read_n = excluded.read_n, own_seq = excluded.own_seq
                   WHERE thread_marks.read_n < excluded.read_n";
    /// Followed threads, the newest reply first, after a place in that order. The columns after
    /// the first five are those of `MessageRow`, of the root.
    THREADS = "SELECT l.at, l.n, t.read_n, t.log, c.id,
                 r.log, r.seq, r.id, r.sender, r.state, r.n, r.thread, r.nonce, r.at, r.edited_at, r.changed_seq, r.pinned_at, r.pinned_by, r.body
               FROM (SELECT k.log AS log, k.root AS root, k.read_n AS read_n,
                       (SELECT MAX(x.seq) FROM messages x WHERE x.log = k.log AND x.thread = k.root) AS last_seq
                     FROM thread_marks k JOIN members m ON m.log = k.log AND m.principal = k.principal AND m.left_seq IS NULL
                       AND k.root >= m.visible_from_seq
                     WHERE k.principal = $1 AND k.following = 1) t
               JOIN messages l ON l.log = t.log AND l.seq = t.last_seq
               JOIN messages r ON r.log = t.log AND r.seq = t.root
               JOIN conversations c ON c.log = t.log
               WHERE (l.at, t.log, t.root) < ($2, $3, $4)
               ORDER BY l.at DESC, t.log DESC, t.root DESC LIMIT $5";
    /// The place of a thread in that order.
    THREAD_PLACE = "SELECT l.at, r.log, r.seq FROM messages r
                    JOIN messages l ON l.log = r.log AND l.seq = (SELECT MAX(x.seq) FROM messages x WHERE x.log = r.log AND x.thread = r.seq)
                    JOIN members m ON m.log = r.log AND m.principal = $2 AND r.seq >= m.visible_from_seq
                    WHERE r.id = $1";
    /// Thread marks that changed in the own log after $2, up to $3.
    MARKS = "SELECT r.id, c.id, t.root, t.following = 1, t.read_n,
               COALESCE((SELECT MAX(x.n) FROM messages x WHERE x.log = t.log AND x.thread = t.root), 0)
             FROM thread_marks t JOIN conversations c ON c.log = t.log JOIN messages r ON r.log = t.log AND r.seq = t.root
             WHERE t.principal = $1 AND t.own_seq > $2 AND t.own_seq <= $3 ORDER BY t.log, t.root";
}
