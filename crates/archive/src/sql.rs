//! Statements beside those of the sections.

use weft_storage::statements;

statements! {
    /// An org's id and name.
    ORG = "SELECT id, name FROM orgs WHERE org = $1";
    /// Conversations and their heads.
    TALKS = "SELECT c.log, c.id, l.head_seq, l.last_n FROM conversations c JOIN logs l ON l.log = c.log WHERE c.org = $1";
    /// People and the heads of their logs.
    PEOPLE = "SELECT p.principal, p.id, l.head_seq FROM principals p JOIN logs l ON l.log = p.log WHERE p.org = $1";
    /// Topics of an org.
    TOPICS = "SELECT t.topic, t.id FROM topics t JOIN conversations c ON c.log = t.log WHERE c.org = $1";
    /// The org of an id.
    ORG_OF = "SELECT org, log FROM orgs WHERE id = $1";
    /// Whether an archive came in: 1 whole, 0 begun.
    MARK = "SELECT subject FROM import_map WHERE org = $1 AND source = 'weft' AND kind = 'archive' AND outside = $2";
    /// Notes it.
    SET_MARK = "INSERT INTO import_map (org, source, kind, outside, subject) VALUES ($1, 'weft', 'archive', $2, $3)
                ON CONFLICT (org, source, kind, outside) DO UPDATE SET subject = EXCLUDED.subject";
    /// New logs: of kind $1, in org $2, $3 of them.
    NEW_LOGS = {
        sqlite: "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < $3)
                 INSERT INTO logs (kind, org) SELECT $1, $2 FROM c RETURNING log",
        pg: "INSERT INTO logs (kind, org) SELECT $1::bigint, $2::bigint FROM generate_series(1, $3::bigint) RETURNING log",
    };
    /// Their heads.
    SET_HEADS = {
        sqlite: "UPDATE logs SET head_seq = $2, last_n = $3, last_at = $4, floor_seq = $5 WHERE log = $1",
        pg: "UPDATE logs SET head_seq = u.b, last_n = u.c, last_at = u.d, floor_seq = u.e
             FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) u (a, b, c, d, e)
             WHERE logs.log = u.a",
    };
    /// Which of some people are here, in which org.
    PEOPLE_HERE = "SELECT id, principal, org FROM principals WHERE id IN_UUIDS($1)";
    /// Which of some conversations are here, in which org.
    TALKS_HERE = "SELECT id, log, org FROM conversations WHERE id IN_UUIDS($1)";
    /// Which of some messages are here, and in which org's logs.
    MESSAGES_HERE = "SELECT m.id FROM messages m JOIN conversations c ON c.log = m.log WHERE m.id IN_UUIDS($1) AND c.org <> $2 LIMIT 1";
    /// Which of some files are here, in which org.
    FILES_HERE = "SELECT id, file, org FROM files WHERE id IN_UUIDS($1)";
    /// Who became whom.
    MAPPED_TO = {
        sqlite: "UPDATE principals SET mapped_to = $2 WHERE principal = $1",
        pg: "UPDATE principals SET mapped_to = u.b FROM unnest($1::bigint[], $2::bigint[]) u (a, b) WHERE principal = u.a",
    };
    /// What conversations hang on.
    PARENTS = {
        sqlite: "UPDATE conversations SET parent = $2 WHERE log = $1",
        pg: "UPDATE conversations SET parent = u.b FROM unnest($1::bigint[], $2::bigint[]) u (a, b) WHERE log = u.a",
    };
    /// The account of an address.
    ACCOUNT = "SELECT account FROM accounts WHERE email_key = $1";
    /// A new account without a password: its person sets one with a link.
    ADD_ACCOUNT = "INSERT INTO accounts (id, email, email_key, locale, timezone, created_at)
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    /// Gives a person to an account that is nobody else in the org.
    LINK = "UPDATE principals SET account = $2 WHERE principal = $1 AND account IS NULL AND NOT EXISTS
            (SELECT 1 FROM principals x WHERE x.org = $3 AND x.account = $2)";
    /// An org's limits for files.
    LIMITS = "INSERT INTO file_settings (org, max_size, quota) VALUES ($1, $2, $3)
              ON CONFLICT (org) DO UPDATE SET max_size = EXCLUDED.max_size, quota = EXCLUDED.quota";
    /// Deadlines that have not passed when the archive was made.
    DEADLINES = "SELECT a.log, a.seq, a.deadline FROM ack_requests a JOIN conversations c ON c.log = a.log
                 WHERE c.org = $1 AND a.deadline IS NOT NULL AND a.deadline_told = 0";
    /// Reads the section people.
    READ_PEOPLE = "SELECT p.id, p.kind, p.role, p.state, p.name, p.email, p.title, p.avatar, p.status, p.timezone, p.settings,
           p.settings_seq, p.changed_seq, p.created_at, p.mapped_to, l.head_seq, l.last_n, l.last_at, l.floor_seq,
           a.id, a.email, a.locale, a.timezone, a.created_at, p.principal
         FROM principals p JOIN logs l ON l.log = p.log LEFT JOIN accounts a ON a.account = p.account
         WHERE p.org = $1 AND p.id > $2 ORDER BY p.id LIMIT $3";
    /// Writes the section people.
    WRITE_PEOPLE = {
        sqlite: "INSERT INTO principals (id, org, log, kind, role, state, name, name_key, search_key, email, title, avatar,
           status, timezone, settings, settings_seq, changed_seq, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        pg: "INSERT INTO principals (id, org, log, kind, role, state, name, name_key, search_key, email, title, avatar,
           status, timezone, settings, settings_seq, changed_seq, created_at)
         SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
           $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[],
           $15::text[], $16::bigint[], $17::bigint[], $18::bigint[])",
    };
    /// Reads the section conversations.
    READ_CONVERSATIONS = "SELECT c.id, c.kind, c.name, c.topic, c.purpose, c.is_default, c.archived_at, c.people_key, c.anchor_seq,
           c.member_count, c.changed_seq, c.created_by, c.created_at, c.newcomers_see, c.hidden_below, c.parent,
           l.head_seq, l.last_n, l.last_at, l.floor_seq, c.comments, c.vanish_after, c.log
         FROM conversations c JOIN logs l ON l.log = c.log
         WHERE c.org = $1 AND c.id > $2 ORDER BY c.id LIMIT $3";
    /// Writes the section conversations.
    WRITE_CONVERSATIONS = {
        sqlite: "INSERT INTO conversations (log, id, org, kind, name, name_key, search_key, topic, purpose, is_default,
           archived_at, people_key, anchor_seq, member_count, changed_seq, created_by, created_at, newcomers_see,
           hidden_below, comments, vanish_after)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
        pg: "INSERT INTO conversations (log, id, org, kind, name, name_key, search_key, topic, purpose, is_default,
           archived_at, people_key, anchor_seq, member_count, changed_seq, created_by, created_at, newcomers_see,
           hidden_below, comments, vanish_after)
         SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[],
           $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::text[], $13::bigint[], $14::bigint[],
           $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[],
           $21::bigint[])",
    };
    /// Reads the section files.
    READ_FILES = "SELECT f.id, f.uploader, f.name, f.mime, f.kind, f.size, f.sha256, f.details, f.picture, f.preview, f.created_at,
           f.file
         FROM files f WHERE f.org = $1 AND f.id > $2
           AND (EXISTS (SELECT 1 FROM message_files x WHERE x.file = f.file
                  AND NOT EXISTS (SELECT 1 FROM vanishing v WHERE v.log = x.log AND v.seq = x.seq))
                OR EXISTS (SELECT 1 FROM emoji e WHERE e.file = f.file AND e.removed_at IS NULL)
                OR EXISTS (SELECT 1 FROM scheduled_files d WHERE d.file = f.file)
                OR EXISTS (SELECT 1 FROM stickers s WHERE s.file = f.file)) ORDER BY f.id LIMIT $3";
    /// How many messages of an org will vanish.
    VANISHING = "SELECT COUNT(*) FROM vanishing v JOIN conversations c ON c.log = v.log WHERE c.org = $1";
    /// Reads the section messages.
    READ_MESSAGES = "SELECT m.log, m.seq, m.id, m.sender, m.kind, CASE WHEN v.seq IS NULL THEN m.state ELSE 4 END, m.n, m.thread,
           m.nonce, CASE WHEN v.seq IS NULL THEN m.request_hash END, m.at, CASE WHEN v.seq IS NULL THEN m.edited_at END,
           m.changed_seq, m.pinned_at, m.pinned_by, CASE WHEN v.seq IS NULL THEN m.body END, m.topic
         FROM messages m LEFT JOIN vanishing v ON v.log = m.log AND v.seq = m.seq
         WHERE m.log = $1 AND m.seq > $2 AND m.seq <= $3";
    /// Writes it.
    WRITE_MESSAGES = {
        sqlite: "INSERT INTO messages (log, seq, id, sender, kind, state, n, thread, nonce, request_hash, at, edited_at,
           changed_seq, pinned_at, pinned_by, body, topic)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT DO NOTHING",
        pg: "INSERT INTO messages (log, seq, id, sender, kind, state, n, thread, nonce, request_hash, at, edited_at,
           changed_seq, pinned_at, pinned_by, body, topic)
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
           $8::bigint[], $9::text[], $10::bytea[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[],
           $15::bigint[], $16::bytea[], $17::bigint[]) ON CONFLICT DO NOTHING",
    };
    /// Writes the section files.
    WRITE_FILES = "SELECT file FROM files WHERE org = $1 AND id = $2";
    /// Reads the section emoji.
    READ_EMOJI = "SELECT id, org, name, aliases, file, added_by, added_at, animated, width, height, changed_seq
         FROM emoji WHERE org = $1 AND removed_at IS NULL";
    /// Writes it.
    WRITE_EMOJI = {
        sqlite: "INSERT INTO emoji (id, org, name, aliases, file, added_by, added_at, animated, width, height, changed_seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        pg: "INSERT INTO emoji (id, org, name, aliases, file, added_by, added_at, animated, width, height, changed_seq)
         SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[],
           $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[]) ON CONFLICT DO NOTHING",
    };
    /// Reads the section pack_stickers.
    READ_PACK_STICKERS = "SELECT id, org, pack, name, file, animated, width, height, added_at FROM stickers WHERE org = $1 AND pack IS NOT NULL";
    /// Writes it.
    WRITE_PACK_STICKERS = {
        sqlite: "INSERT INTO stickers (id, org, pack, name, file, animated, width, height, added_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        pg: "INSERT INTO stickers (id, org, pack, name, file, animated, width, height, added_at)
         SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[],
           $8::bigint[], $9::bigint[]) ON CONFLICT DO NOTHING",
    };
    /// Reads the section own_stickers.
    READ_OWN_STICKERS = "SELECT id, org, owner, name, file, animated, width, height, added_at FROM stickers WHERE org = $1 AND owner IS NOT NULL";
    /// Writes it.
    WRITE_OWN_STICKERS = {
        sqlite: "INSERT INTO stickers (id, org, owner, name, file, animated, width, height, added_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        pg: "INSERT INTO stickers (id, org, owner, name, file, animated, width, height, added_at)
         SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[],
           $8::bigint[], $9::bigint[]) ON CONFLICT DO NOTHING",
    };
    /// Reads the section org.
    READ_ORG = "SELECT o.id, o.name, o.settings, o.changed_seq, o.created_at, l.head_seq, l.last_n, l.last_at, l.floor_seq,
           f.max_size, f.quota
         FROM orgs o JOIN logs l ON l.log = o.log LEFT JOIN file_settings f ON f.org = o.org WHERE o.org = $1";
    /// Writes the section org.
    WRITE_ORG = "INSERT INTO orgs (id, log, name, settings, changed_seq, created_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING org";
    /// Reads the section imported_people.
    READ_IMPORTED_PEOPLE = "SELECT org, source, outside, subject FROM import_map WHERE org = $1 AND kind = 'user'";
    /// Writes the section imported_people.
    WRITE_IMPORTED_PEOPLE = {
        sqlite: "INSERT INTO import_map (org, source, kind, outside, subject) VALUES ($1, $2, 'user', $3, $4)
         ON CONFLICT DO NOTHING",
        pg: "INSERT INTO import_map (org, source, kind, outside, subject)
         SELECT a, b, 'user', c, d FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[]) u (a, b, c, d)
         ON CONFLICT DO NOTHING",
    };
    /// Reads the section imported_conversations.
    READ_IMPORTED_CONVERSATIONS = "SELECT org, source, outside, subject FROM import_map WHERE org = $1 AND kind = 'conversation'";
    /// Writes the section imported_conversations.
    WRITE_IMPORTED_CONVERSATIONS = {
        sqlite: "INSERT INTO import_map (org, source, kind, outside, subject) VALUES ($1, $2, 'conversation', $3, $4)
         ON CONFLICT DO NOTHING",
        pg: "INSERT INTO import_map (org, source, kind, outside, subject)
         SELECT a, b, 'conversation', c, d FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[]) u (a, b, c, d)
         ON CONFLICT DO NOTHING",
    };
    /// Reads the section imported_until.
    READ_IMPORTED_UNTIL = "SELECT org, source, subject FROM import_map WHERE org = $1 AND kind = 'newest'";
    /// Writes the section imported_until.
    WRITE_IMPORTED_UNTIL = {
        sqlite: "INSERT INTO import_map (org, source, kind, outside, subject) VALUES ($1, $2, 'newest', '', $3)
         ON CONFLICT DO NOTHING",
        pg: "INSERT INTO import_map (org, source, kind, outside, subject)
         SELECT a, b, 'newest', '', c FROM unnest($1::bigint[], $2::text[], $3::bigint[]) u (a, b, c)
         ON CONFLICT DO NOTHING",
    };
    /// Reads the section topics; what a topic was merged into comes later.
    READ_TOPICS = "SELECT id, log, name, name_key, created_by, created_at, created_seq, resolved_at, changed_seq,
                     CAST(CASE WHEN merged_into IS NULL THEN 0 ELSE 1 END AS BIGINT)
                   FROM topics WHERE log = $1";
    /// Writes it: one that was merged needs another to be merged into, or it would take a name.
    WRITE_TOPICS = {
        sqlite: "INSERT INTO topics (id, log, name, name_key, created_by, created_at, created_seq, resolved_at,
                   changed_seq, merged_into)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULLIF($10, 0)) ON CONFLICT DO NOTHING",
        pg: "INSERT INTO topics (id, log, name, name_key, created_by, created_at, created_seq, resolved_at,
               changed_seq, merged_into)
             SELECT a, b, c, d, e, f, g, h, i, NULLIF(j, 0) FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[],
               $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[])
               u (a, b, c, d, e, f, g, h, i, j) ON CONFLICT DO NOTHING",
    };
    /// Reads the section merged_topics.
    READ_MERGED_TOPICS = "SELECT topic, merged_into FROM topics WHERE log = $1 AND merged_into IS NOT NULL";
    /// Writes it.
    WRITE_MERGED_TOPICS = {
        sqlite: "UPDATE topics SET merged_into = $2 WHERE topic = $1",
        pg: "UPDATE topics SET merged_into = u.b FROM unnest($1::bigint[], $2::bigint[]) u (a, b) WHERE topic = u.a",
    };
    /// Reads the section scheduled_messages. One that is on its way was not sent yet.
    READ_SCHEDULED_MESSAGES = "SELECT id, principal, log, nonce, at, CAST(CASE WHEN state = 2 THEN 1 ELSE state END AS BIGINT), body,
                                 failed_at, reason, created_at, changed_at, own_seq
                               FROM scheduled_messages WHERE principal IN_INTS($1) AND state < 4";
    /// Writes it; the jobs come at the end.
    WRITE_SCHEDULED_MESSAGES = {
        sqlite: "INSERT INTO scheduled_messages (id, principal, log, nonce, at, state, body, failed_at, reason, created_at,
                   changed_at, own_seq, job)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0) ON CONFLICT DO NOTHING",
        pg: "INSERT INTO scheduled_messages (id, principal, log, nonce, at, state, body, failed_at, reason, created_at,
               changed_at, own_seq, job)
             SELECT u.*, 0 FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[],
               $7::bytea[], $8::bigint[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[]) u ON CONFLICT DO NOTHING",
    };
    /// Those that wait to be sent and have no job.
    WAITING = "SELECT s.id, s.at FROM scheduled_messages s JOIN conversations c ON c.log = s.log
               WHERE c.org = $1 AND s.state = 1 AND s.job = 0";
    /// The job of one.
    WAITS_WITH = "UPDATE scheduled_messages SET job = $2 WHERE id = $1";
    /// Reads the section scheduled_files.
    READ_SCHEDULED_FILES = "SELECT f.scheduled, f.file FROM scheduled_files f JOIN scheduled_messages s ON s.id = f.scheduled
                            WHERE s.principal IN_INTS($1) AND s.state < 4";
    /// Writes it.
    WRITE_SCHEDULED_FILES = {
        sqlite: "INSERT INTO scheduled_files (scheduled, file) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        pg: "INSERT INTO scheduled_files (scheduled, file) SELECT * FROM unnest($1::uuid[], $2::bigint[]) ON CONFLICT DO NOTHING",
    };
    /// Reminders that are still to come.
    REMINDERS = "SELECT s.id, s.remind_at FROM saved_items s JOIN principals p ON p.principal = s.principal
                 WHERE p.org = $1 AND s.state < 4 AND s.remind_at IS NOT NULL AND s.reminded_at IS NULL";
    /// Conversations that are to return.
    RETURNS = "SELECT m.log, m.principal, m.snoozed_until FROM members m JOIN conversations c ON c.log = m.log
               WHERE c.org = $1 AND m.snoozed_until IS NOT NULL";
    /// Reads the section polls.
    READ_POLLS = "SELECT p.log, p.seq, p.sender, p.choices, p.anonymous, p.results, p.may_add, p.deadline,
                    CASE WHEN p.anonymous = 1 THEN COALESCE(p.closed_at, l.last_at) ELSE p.closed_at END, p.closed_by
                  FROM polls p JOIN logs l ON l.log = p.log WHERE p.log = $1 AND p.seq > $2 AND p.seq <= $3
                    AND p.seq NOT IN (SELECT v.seq FROM vanishing v WHERE v.log = $1)";
    /// Writes it.
    WRITE_POLLS = {
        sqlite: "INSERT INTO polls (log, seq, sender, choices, anonymous, results, may_add, deadline, closed_at, closed_by)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
        pg: "INSERT INTO polls (log, seq, sender, choices, anonymous, results, may_add, deadline, closed_at, closed_by)
             SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
               $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[]) ON CONFLICT DO NOTHING",
    };
    /// Reads the section poll_votes.
    READ_POLL_VOTES = "SELECT log, seq, option, principal, CASE WHEN principal IS NULL THEN voter END, at
                       FROM poll_votes WHERE log = $1 AND seq > $2 AND seq <= $3
                         AND seq NOT IN (SELECT v.seq FROM vanishing v WHERE v.log = $1)";
    /// Writes it: whoever is named is known by their key here.
    WRITE_POLL_VOTES = {
        sqlite: "INSERT INTO poll_votes (log, seq, option, principal, voter, at)
                 VALUES ($1, $2, $3, NULLIF($4, 0), COALESCE($5, unhex(printf('%016x', $4))), $6) ON CONFLICT DO NOTHING",
        pg: "INSERT INTO poll_votes (log, seq, option, principal, voter, at)
             SELECT a, b, c, NULLIF(d, 0), COALESCE(e, int8send(d)), f
             FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bytea[], $6::bigint[]) u (a, b, c, d, e, f)
             ON CONFLICT DO NOTHING",
    };
    /// How many voted in a poll.
    VOTERS = "UPDATE polls SET voters = (SELECT COUNT(DISTINCT v.voter) FROM poll_votes v WHERE v.log = polls.log AND v.seq = polls.seq)
              WHERE log IN (SELECT log FROM conversations WHERE org = $1)";
    /// How many chose each option, and the first of them, as polls show them.
    FACES = {
        sqlite: "UPDATE poll_options SET votes = (SELECT COUNT(*) FROM poll_votes v WHERE v.log = poll_options.log
                     AND v.seq = poll_options.seq AND v.option = poll_options.option),
                   faces = (SELECT json_group_array(f.principal) FROM
                   (SELECT v.principal FROM poll_votes v WHERE v.log = poll_options.log AND v.seq = poll_options.seq
                      AND v.option = poll_options.option AND v.principal IS NOT NULL ORDER BY v.at, v.principal LIMIT 5) f)
                 WHERE log IN (SELECT log FROM conversations WHERE org = $1)",
        pg: "UPDATE poll_options SET votes = (SELECT COUNT(*) FROM poll_votes v WHERE v.log = poll_options.log
                 AND v.seq = poll_options.seq AND v.option = poll_options.option),
               faces = COALESCE((SELECT json_agg(f.principal)::text FROM
               (SELECT v.principal FROM poll_votes v WHERE v.log = poll_options.log AND v.seq = poll_options.seq
                  AND v.option = poll_options.option AND v.principal IS NOT NULL ORDER BY v.at, v.principal LIMIT 5) f), '[]')
             WHERE log IN (SELECT log FROM conversations WHERE org = $1)",
    };
    /// Polls that end by themselves.
    POLL_DEADLINES = "SELECT p.log, p.seq, p.deadline FROM polls p JOIN conversations c ON c.log = p.log
                      WHERE c.org = $1 AND p.deadline IS NOT NULL AND p.closed_at IS NULL";
    /// Reads the section urgent_messages.
    READ_URGENT_MESSAGES = "SELECT log, seq, org, sender, at, CAST(CASE WHEN state = 1 THEN 2 ELSE state END AS BIGINT)
                            FROM urgent_messages WHERE log = $1 AND seq > $2 AND seq <= $3
                              AND seq NOT IN (SELECT v.seq FROM vanishing v WHERE v.log = $1)";
    /// Writes it.
    WRITE_URGENT_MESSAGES = {
        sqlite: "INSERT INTO urgent_messages (log, seq, org, sender, at, state) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        pg: "INSERT INTO urgent_messages (log, seq, org, sender, at, state)
             SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
             ON CONFLICT DO NOTHING",
    };
    /// Reads the section urgent_steps. The first says who is addressed; of a later one that is under
    /// way nobody will know how it ended.
    READ_URGENT_STEPS = "SELECT log, seq, principal, step, org, CAST(CASE WHEN state = 2 THEN 6 ELSE state END AS BIGINT), at, detail
                         FROM urgent_steps WHERE log = $1 AND seq > $2 AND seq <= $3 AND (step = 1 OR state <> 1)
                           AND seq NOT IN (SELECT v.seq FROM vanishing v WHERE v.log = $1)";
    /// Writes it.
    WRITE_URGENT_STEPS = {
        sqlite: "INSERT INTO urgent_steps (log, seq, principal, step, org, state, at, detail)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        pg: "INSERT INTO urgent_steps (log, seq, principal, step, org, state, at, detail)
             SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
               $7::bigint[], $8::text[]) ON CONFLICT DO NOTHING",
    };
}
