//! Statements of this module, besides those of the inbox.

use weft_storage::statements;

statements! {
    /// What somebody set.
    RULES = "SELECT body, own_seq FROM attention WHERE principal = $1";
    /// Sets it.
    PUT_RULES = "INSERT INTO attention (principal, org, body, alerting, own_seq) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (principal) DO UPDATE SET body = excluded.body, alerting = excluded.alerting, own_seq = excluded.own_seq";
    /// Everybody's alerts in an org.
    ALERTING = "SELECT a.principal, a.body FROM attention a JOIN principals p ON p.principal = a.principal
                WHERE a.org = $1 AND a.alerting = 1 AND p.state = 1";
    /// A conversation's org, kind and members.
    ROOM = "SELECT org, kind, member_count FROM conversations WHERE log = $1";
    /// Those of some people who may be alerted of a message, and their logs.
    ALERTABLE = "SELECT m.principal, p.log FROM members m JOIN principals p ON p.principal = m.principal
                 WHERE m.log = $1 AND m.principal IN_INTS($2) AND m.left_seq IS NULL AND m.muted = 0
                   AND m.visible_from_seq <= $3 AND p.state = 1 ORDER BY m.principal LIMIT $4";
    /// A message met somebody's alerts.
    ALERT = "INSERT INTO alerts (principal, log, seq, n, thread, at, why) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    /// Which of some people are away, or who answers for them: id, status, time zone, kind, log.
    STANDING = "SELECT principal, id, status, timezone, kind, log FROM principals WHERE principal IN_INTS($1) AND state = 1";
    /// The other one of a direct conversation.
    PEER = "SELECT principal FROM members WHERE log = $1 AND principal <> $2 AND left_seq IS NULL LIMIT 2";
    /// Somebody who is away answers somebody, once a day.
    AWAY_REPLY = "INSERT INTO away_replies (absent, sender, day) VALUES ($1, $2, $3)
                  ON CONFLICT (absent, sender) DO UPDATE SET day = excluded.day WHERE away_replies.day <> excluded.day";
    /// Those of some people who are in a conversation, with what decides whether they are told of
    /// a message: the columns of `told`.
    WISHES_OF = "SELECT m.principal, p.id, m.muted, m.level, m.all_silenced, p.dnd, a.body,
                   EXISTS (SELECT 1 FROM thread_marks t WHERE t.principal = m.principal AND t.log = m.log AND t.root = $3 AND t.following = 1)
                 FROM members m JOIN principals p ON p.principal = m.principal
                 LEFT JOIN attention a ON a.principal = m.principal
                 WHERE m.log = $1 AND m.principal IN_INTS($2) AND m.left_seq IS NULL AND p.state = 1 AND p.kind <= 2
                   AND m.visible_from_seq <= $4";
    /// Everybody in a conversation; with $2 = 1 those, too, who have muted it.
    EVERYBODY = "SELECT principal FROM members WHERE log = $1 AND left_seq IS NULL AND (muted = 0 OR CAST($2 AS BIGINT) = 1)";
    /// Who has chosen to hear everything of it.
    LOUD = "SELECT principal FROM members WHERE log = $1 AND level = 1 AND left_seq IS NULL AND muted = 0";
    /// Who follows a thread.
    FOLLOWERS = "SELECT principal FROM thread_marks WHERE log = $1 AND root = $2 AND following = 1";
}
