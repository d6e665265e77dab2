//! Statements of this module.

use weft_storage::statements;

statements! {
    /// A poll, written with its message.
    POLL = "INSERT INTO polls (log, seq, sender, choices, anonymous, results, may_add, deadline, secret)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// One of its options.
    OPTION = "INSERT INTO poll_options (log, seq, option, text, added_by) VALUES ($1, $2, $3, $4, $5)";
    /// The polls of messages.
    POLLS = "SELECT seq, choices, anonymous, results, may_add, deadline, voters, closed_at, closed_by FROM polls
             WHERE log = $1 AND seq IN_INTS($2)";
    /// Their options.
    OPTIONS = "SELECT seq, option, text, added_by, votes, faces FROM poll_options WHERE log = $1 AND seq IN_INTS($2)
               ORDER BY seq, option";
    /// What voters are hashed with.
    SECRET = "SELECT secret FROM polls WHERE log = $1 AND seq = $2";
    /// Takes the poll's row for a vote, while it is open.
    VOTING = "UPDATE polls SET votes = votes + 1 WHERE log = $1 AND seq = $2 AND closed_at IS NULL
              AND (deadline IS NULL OR deadline > $3) RETURNING choices, anonymous, secret";
    /// Takes back what somebody chose.
    WITHDRAW = "DELETE FROM poll_votes WHERE log = $1 AND seq = $2 AND voter = $3";
    /// Chooses those of some options that there are.
    CHOOSE = {
        sqlite: "INSERT INTO poll_votes (log, seq, voter, option, principal, at)
                 SELECT o.log, o.seq, $3, o.option, $4, $5 FROM poll_options o
                 WHERE o.log = $1 AND o.seq = $2 AND o.option IN_INTS($6)",
        pg: "INSERT INTO poll_votes (log, seq, voter, option, principal, at)
             SELECT o.log, o.seq, CAST($3 AS BYTEA), o.option, CAST($4 AS BIGINT), CAST($5 AS BIGINT) FROM poll_options o
             WHERE o.log = $1 AND o.seq = $2 AND o.option IN_INTS($6)"
    };
    /// What somebody chose.
    MINE = "SELECT option FROM poll_votes WHERE log = $1 AND seq = $2 AND voter = $3 ORDER BY option";
    /// How many chose each option.
    COUNT = "SELECT option, COUNT(*) FROM poll_votes WHERE log = $1 AND seq = $2 GROUP BY option";
    /// How many voted.
    VOTERS = "SELECT COUNT(DISTINCT voter) FROM poll_votes WHERE log = $1 AND seq = $2";
    /// The first who chose each option.
    FACES = "SELECT f.option, f.principal FROM (
               SELECT v.option, v.principal, ROW_NUMBER() OVER (PARTITION BY v.option ORDER BY v.at, v.principal) AS place
               FROM poll_votes v WHERE v.log = $1 AND v.seq = $2 AND v.principal IS NOT NULL) f
             WHERE f.place <= $3 ORDER BY f.option, f.place";
    /// Writes how many voted.
    COUNTED = "UPDATE polls SET voters = $3 WHERE log = $1 AND seq = $2";
    /// Writes how many chose an option, and who did first.
    COUNTED_OPTION = "UPDATE poll_options SET votes = $4, faces = $5 WHERE log = $1 AND seq = $2 AND option = $3";
    /// How many options there are; their texts.
    TEXTS = "SELECT option, text FROM poll_options WHERE log = $1 AND seq = $2 ORDER BY option";
    /// Takes the poll's row to add an option, while it is open.
    ADDING = "UPDATE polls SET votes = votes + 1 WHERE log = $1 AND seq = $2 AND closed_at IS NULL
              AND (deadline IS NULL OR deadline > $3) RETURNING may_add, anonymous";
    /// Closes, once: what its voters were hashed with is gone.
    CLOSE = "UPDATE polls SET closed_at = $3, closed_by = $4, secret = NULL WHERE log = $1 AND seq = $2 AND closed_at IS NULL";
    /// Who chose an option, by name, after a place.
    PEOPLE = "SELECT p.id, v.at FROM poll_votes v JOIN principals p ON p.principal = v.principal
              WHERE v.log = $1 AND v.seq = $2 AND v.option = $3 AND (p.name_key, p.principal) > ($4, $5)
              ORDER BY p.name_key, p.principal LIMIT $6";
    /// Everybody's choices, for the export.
    EXPORT = "SELECT v.option, p.name, v.at FROM poll_votes v JOIN principals p ON p.principal = v.principal
              WHERE v.log = $1 AND v.seq = $2 ORDER BY v.option, p.name_key, p.principal";
    /// A person's place in the order by name.
    PLACE = "SELECT name_key, principal FROM principals WHERE org = $1 AND id = $2";
    /// Forgets a poll whose message is gone.
    FORGET = "DELETE FROM polls WHERE log = $1 AND seq = $2";
    /// Forgets its options.
    FORGET_OPTIONS = "DELETE FROM poll_options WHERE log = $1 AND seq = $2";
    /// Forgets its votes.
    FORGET_VOTES = "DELETE FROM poll_votes WHERE log = $1 AND seq = $2";
}
