//! Statements of the inbox.

use weft_storage::statements;

statements! {
    /// What calls somebody ($1), what is unread first, then the newest, after a place in that order
    /// ($7..$10). $2..$5: whether mentions, alerts, replies, reactions are asked for; $6: what was
    /// looked at up to there is read. The columns after the first five are those of `MessageRow`.
    INBOX = "SELECT c.id, q.kind, q.unread, q.at, q.why, g.log, g.seq, g.id, g.sender, g.state, g.n, g.thread, g.nonce,
             g.at, g.edited_at, g.changed_seq, g.pinned_at, g.pinned_by, g.body FROM (SELECT i.log AS log, i.seq AS seq,
             i.kind AS kind, COALESCE(i.at, g.at) AS at, i.why AS why, CAST(CASE WHEN COALESCE(i.at, g.at) > $6 AND (i.kind
             = 5 OR (g.thread IS NULL AND g.n > m.read_n) OR (g.thread IS NOT NULL AND g.n > COALESCE(t.read_n, 0))) AND
             NOT EXISTS (SELECT 1 FROM inbox_marks k WHERE k.principal = $1 AND k.log = i.log AND k.seq = i.seq AND k.at >=
             COALESCE(i.at, g.at)) THEN 1 ELSE 0 END AS BIGINT) AS unread FROM (SELECT x.log AS log, x.seq AS seq, CAST(1
             AS BIGINT) AS kind, CAST(NULL AS BIGINT) AS at, CAST(NULL AS TEXT) AS why FROM mentions x WHERE x.principal =
             $1 AND CAST($2 AS BIGINT) = 1 UNION ALL SELECT x.log, x.seq, CAST(2 AS BIGINT), CAST(NULL AS BIGINT),
             CAST(NULL AS TEXT) FROM members b JOIN mentions x ON x.principal = 0 AND x.log = b.log WHERE b.principal = $1
             AND b.left_seq IS NULL AND b.all_silenced = 0 AND b.muted = 0 AND CAST($2 AS BIGINT) = 1 AND NOT EXISTS
             (SELECT 1 FROM mentions y WHERE y.principal = $1 AND y.log = x.log AND y.seq = x.seq) UNION ALL SELECT a.log,
             a.seq, CAST(3 AS BIGINT), CAST(NULL AS BIGINT), a.why FROM alerts a WHERE a.principal = $1 AND CAST($3 AS
             BIGINT) = 1 UNION ALL SELECT x.log, x.seq, CAST(4 AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS TEXT) FROM
             thread_marks k JOIN messages x ON x.log = k.log AND x.thread = k.root WHERE k.principal = $1 AND k.following =
             1 AND CAST($4 AS BIGINT) = 1 AND NOT EXISTS (SELECT 1 FROM mentions y WHERE y.principal = $1 AND y.log = x.log
             AND y.seq = x.seq) AND NOT EXISTS (SELECT 1 FROM alerts y WHERE y.principal = $1 AND y.log = x.log AND y.seq =
             x.seq) UNION ALL SELECT r.log, r.seq, CAST(5 AS BIGINT), MAX(r.at), CAST(NULL AS TEXT) FROM reactions r WHERE
             r.author = $1 AND r.principal <> $1 AND CAST($5 AS BIGINT) = 1 GROUP BY r.log, r.seq) i JOIN members m ON
             m.log = i.log AND m.principal = $1 AND m.left_seq IS NULL AND i.seq >= m.visible_from_seq JOIN messages g ON
             g.log = i.log AND g.seq = i.seq AND g.state = 1 AND (CASE WHEN g.sender = $1 THEN 1 ELSE 0 END) = (CASE WHEN
             i.kind = 5 THEN 1 ELSE 0 END) LEFT JOIN thread_marks t ON t.principal = $1 AND t.log = g.log AND t.root =
             g.thread) q JOIN messages g ON g.log = q.log AND g.seq = q.seq JOIN conversations c ON c.log = q.log WHERE
             (q.unread, q.at, q.log, q.seq) < ($7, $8, $9, $10) ORDER BY q.unread DESC, q.at DESC, q.log DESC, q.seq DESC,
             q.kind LIMIT $11";
    /// How many are unread, up to 100; parameters as above.
    UNREAD = "SELECT COUNT(*) FROM (SELECT DISTINCT i.log, i.seq FROM (SELECT x.log AS log, x.seq AS seq, CAST(1 AS BIGINT)
              AS kind, CAST(NULL AS BIGINT) AS at, CAST(NULL AS TEXT) AS why FROM mentions x WHERE x.principal = $1 AND
              CAST($2 AS BIGINT) = 1 UNION ALL SELECT x.log, x.seq, CAST(2 AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS
              TEXT) FROM members b JOIN mentions x ON x.principal = 0 AND x.log = b.log WHERE b.principal = $1 AND
              b.left_seq IS NULL AND b.all_silenced = 0 AND b.muted = 0 AND CAST($2 AS BIGINT) = 1 AND NOT EXISTS (SELECT 1
              FROM mentions y WHERE y.principal = $1 AND y.log = x.log AND y.seq = x.seq) UNION ALL SELECT a.log, a.seq,
              CAST(3 AS BIGINT), CAST(NULL AS BIGINT), a.why FROM alerts a WHERE a.principal = $1 AND CAST($3 AS BIGINT) = 1
              UNION ALL SELECT x.log, x.seq, CAST(4 AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS TEXT) FROM thread_marks k
              JOIN messages x ON x.log = k.log AND x.thread = k.root WHERE k.principal = $1 AND k.following = 1 AND CAST($4
              AS BIGINT) = 1 AND NOT EXISTS (SELECT 1 FROM mentions y WHERE y.principal = $1 AND y.log = x.log AND y.seq =
              x.seq) AND NOT EXISTS (SELECT 1 FROM alerts y WHERE y.principal = $1 AND y.log = x.log AND y.seq = x.seq)
              UNION ALL SELECT r.log, r.seq, CAST(5 AS BIGINT), MAX(r.at), CAST(NULL AS TEXT) FROM reactions r WHERE
              r.author = $1 AND r.principal <> $1 AND CAST($5 AS BIGINT) = 1 GROUP BY r.log, r.seq) i JOIN members m ON
              m.log = i.log AND m.principal = $1 AND m.left_seq IS NULL AND i.seq >= m.visible_from_seq JOIN messages g ON
              g.log = i.log AND g.seq = i.seq AND g.state = 1 AND (CASE WHEN g.sender = $1 THEN 1 ELSE 0 END) = (CASE WHEN
              i.kind = 5 THEN 1 ELSE 0 END) LEFT JOIN thread_marks t ON t.principal = $1 AND t.log = g.log AND t.root =
              g.thread WHERE CAST(CASE WHEN COALESCE(i.at, g.at) > $6 AND (i.kind = 5 OR (g.thread IS NULL AND g.n >
              m.read_n) OR (g.thread IS NOT NULL AND g.n > COALESCE(t.read_n, 0))) AND NOT EXISTS (SELECT 1 FROM inbox_marks
              k WHERE k.principal = $1 AND k.log = i.log AND k.seq = i.seq AND k.at >= COALESCE(i.at, g.at)) THEN 1 ELSE 0
              END AS BIGINT) = 1 LIMIT 100) q";
    /// When everything was looked at.
    SEEN = "SELECT seen_at FROM attention WHERE principal = $1";
    /// Everything is read up to a time.
    PUT_SEEN = "INSERT INTO attention (principal, org, seen_at) VALUES ($1, $2, $3)
                ON CONFLICT (principal) DO UPDATE SET seen_at = GREATEST(attention.seen_at, excluded.seen_at)";
    /// One message is read here.
    MARK = "INSERT INTO inbox_marks (principal, log, seq, at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (principal, log, seq) DO UPDATE SET at = excluded.at";
    /// It is not.
    UNMARK = "DELETE FROM inbox_marks WHERE principal = $1 AND log = $2 AND seq = $3";
    /// A message's place, for who is where it is.
    PLACE = "SELECT g.log, g.seq FROM messages g JOIN members m ON m.log = g.log AND m.principal = $2 AND m.left_seq IS NULL
             WHERE g.id = $1 AND g.seq >= m.visible_from_seq";
}
