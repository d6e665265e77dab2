//! The mapping's statements.

use weft_storage::statements;

statements! {
    /// A person of an org.
    PERSON = "SELECT principal, log, state FROM principals WHERE org = $1 AND id = $2";
    /// What imports know the person as becomes the other one.
    REPOINT = "UPDATE import_map SET subject = $3 WHERE org = $1 AND kind = 'user' AND subject = $2";
    /// Conversations with a trace of the person.
    TRACES = "SELECT c.log FROM conversations c WHERE c.org = $1 AND (
                EXISTS (SELECT 1 FROM members m WHERE m.log = c.log AND m.principal = $2)
                OR EXISTS (SELECT 1 FROM messages m WHERE m.log = c.log AND m.sender = $2 AND m.nonce IS NOT NULL)
                OR EXISTS (SELECT 1 FROM mentions m WHERE m.principal = $2 AND m.log = c.log)
                OR EXISTS (SELECT 1 FROM thread_marks m WHERE m.principal = $2 AND m.log = c.log)
                OR EXISTS (SELECT 1 FROM reactions r WHERE r.log = c.log AND r.principal = $2)
                OR c.created_by = $2) ORDER BY c.log";
    /// Messages that the person wrote; imported ones carry a nonce.
    WRITTEN = "SELECT seq FROM messages WHERE log = $1 AND sender = $2 AND nonce IS NOT NULL ORDER BY seq LIMIT 2000";
    /// Messages get another sender and the number of that event.
    RESEND = {
        sqlite: "UPDATE messages SET sender = $3, changed_seq = $4 WHERE log = $1 AND seq = $2",
        pg: "UPDATE messages SET sender = u.c, changed_seq = u.d
             FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) u (a, b, c, d)
             WHERE messages.log = u.a AND messages.seq = u.b",
    };
    /// Messages that mention the person.
    MENTIONED = "SELECT m.seq, m.body FROM mentions n JOIN messages m ON m.log = n.log AND m.seq = n.seq
                 WHERE n.log = $1 AND n.principal = $2 ORDER BY m.seq LIMIT 500";
    /// Messages get another body and the number of that event.
    REWRITE = {
        sqlite: "UPDATE messages SET body = $3, changed_seq = $4 WHERE log = $1 AND seq = $2",
        pg: "UPDATE messages SET body = u.c, changed_seq = u.d
             FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bigint[]) u (a, b, c, d)
             WHERE messages.log = u.a AND messages.seq = u.b",
    };
    /// Mentions of the person become mentions of the other one, who may be mentioned as well.
    COPY_MENTIONS = "INSERT INTO mentions (principal, log, seq, n, thread)
                     SELECT $3, log, seq, n, thread FROM mentions WHERE log = $1 AND principal = $2
                       AND seq IN_INTS($4) ON CONFLICT DO NOTHING";
    /// The person is no longer mentioned.
    DROP_MENTIONS = "DELETE FROM mentions WHERE log = $1 AND principal = $2 AND seq IN_INTS($3)";
    /// Messages with a reaction of the person.
    REACTED = "SELECT DISTINCT seq FROM reactions WHERE log = $1 AND principal = $2 ORDER BY seq LIMIT 2000";
    /// Reactions become the other one's, who may have given the same.
    COPY_REACTIONS = "INSERT INTO reactions (log, seq, emoji, principal, at)
                      SELECT log, seq, emoji, $3, at FROM reactions WHERE log = $1 AND principal = $2
                        AND seq IN_INTS($4) ON CONFLICT DO NOTHING";
    /// The person's reactions go.
    DROP_REACTIONS = "DELETE FROM reactions WHERE log = $1 AND principal = $2 AND seq IN_INTS($3)";
    /// Messages have changed.
    TOUCH = {
        sqlite: "UPDATE messages SET changed_seq = $3 WHERE log = $1 AND seq = $2",
        pg: "UPDATE messages SET changed_seq = u.c FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) u (a, b, c)
             WHERE messages.log = u.a AND messages.seq = u.b",
    };
    /// Whether somebody is or was a member.
    MEMBERSHIP = "SELECT left_seq FROM members WHERE log = $1 AND principal = $2";
    /// The other one becomes a member as the person was.
    COPY_MEMBER = "INSERT INTO members (log, principal, role, visible_from_seq, joined_at, changed_seq, read_seq, read_n,
                     own_seq)
                   SELECT log, $3, role, visible_from_seq, joined_at, $4, read_seq, read_n, $5 FROM members
                   WHERE log = $1 AND principal = $2";
    /// The person leaves.
    LEAVE = "UPDATE members SET left_seq = $3, changed_seq = $3 WHERE log = $1 AND principal = $2";
    /// Followed threads become the other one's, who may follow the same.
    COPY_MARKS = "INSERT INTO thread_marks (principal, log, root, following, read_n, own_seq)
                  SELECT $3, log, root, following, read_n, 0 FROM thread_marks WHERE log = $1 AND principal = $2
                  ON CONFLICT DO NOTHING";
    /// The person follows nothing.
    DROP_MARKS = "DELETE FROM thread_marks WHERE log = $1 AND principal = $2";
    /// The conversation's maker.
    REMAKE = "UPDATE conversations SET created_by = $3 WHERE log = $1 AND created_by = $2";
    /// Counts who is in the conversation.
    COUNT = "UPDATE conversations SET changed_seq = $2, member_count =
             (SELECT COUNT(*) FROM members m WHERE m.log = conversations.log AND m.left_seq IS NULL) WHERE log = $1";
    /// The people of a direct conversation or group, where it is known by them.
    PEOPLE = "SELECT m.principal FROM conversations c JOIN members m ON m.log = c.log AND m.left_seq IS NULL
              WHERE c.log = $1 AND c.people_key IS NOT NULL ORDER BY m.principal";
    /// Whether another conversation is of the same people.
    SAME_PEOPLE = "SELECT log FROM conversations WHERE org = $1 AND people_key = $2 AND log <> $3";
    /// By whom a conversation is known.
    SET_PEOPLE = "UPDATE conversations SET people_key = $2 WHERE log = $1";
    /// Moves a locked head on.
    MOVE = "UPDATE logs SET head_seq = $2 WHERE log = $1";
    /// Moves a locked head on and makes earlier permission proofs stale.
    MOVE_ACL = "UPDATE logs SET head_seq = $2, acl_version = acl_version + 1 WHERE log = $1";
    /// The placeholder is the other one now.
    BECOME = "UPDATE principals SET state = 4, mapped_to = $2, changed_seq = $3 WHERE principal = $1";
    /// Files that the person brought are the other one's.
    UPLOADED = "UPDATE files SET uploader = $2 WHERE uploader = $1";
    /// Invitations to claim the placeholder have no object any more.
    REVOKE = "UPDATE invitations SET revoked_at = $2 WHERE claims = $1 AND revoked_at IS NULL";
}
