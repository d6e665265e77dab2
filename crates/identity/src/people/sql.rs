//! Statements of the directory. The first eighteen columns are what [`super::Person::read`] reads.

use weft_storage::statements;

statements! {
    /// By keys.
    BY_KEYS = "SELECT p.principal, p.id, p.org, p.log, p.account, p.kind, p.role, p.state, p.name, p.title,
                      p.avatar, p.status, p.search_key, p.email, p.timezone, p.name_key, p.changed_seq, p.dnd
               FROM principals p WHERE p.principal IN_INTS($1)";
    /// By public ids, of one org; for a guest ($3) only whom they share a conversation with.
    BY_IDS = "SELECT p.principal, p.id, p.org, p.log, p.account, p.kind, p.role, p.state, p.name, p.title,
                     p.avatar, p.status, p.search_key, p.email, p.timezone, p.name_key, p.changed_seq, p.dnd
              FROM principals p WHERE p.id IN_UUIDS($1) AND p.org = $2
              AND (CAST($3 AS BIGINT) = 0 OR p.principal = $3 OR EXISTS (
                  SELECT 1 FROM members mine JOIN members theirs ON theirs.log = mine.log
                  WHERE mine.principal = $3 AND mine.left_seq IS NULL AND theirs.principal = p.principal))";
    /// By public ids, of one org, locked.
    BY_IDS_LOCKED = "SELECT p.principal, p.id, p.org, p.log, p.account, p.kind, p.role, p.state, p.name, p.title,
                            p.avatar, p.status, p.search_key, p.email, p.timezone, p.name_key, p.changed_seq, p.dnd
                     FROM principals p WHERE p.id = $1 AND p.org = $2 FOR_UPDATE";
    /// A page of the directory by name. $4..$6: state, role, kind (0: any); $7: the query ('': any)
    /// and its patterns: start, start of a later word, anywhere; $11: start of an e-mail address
    /// ('': not looked at); $12: the guest who asks (0: no guest).
    DIRECTORY = r"SELECT p.principal, p.id, p.org, p.log, p.account, p.kind, p.role, p.state, p.name, p.title,
                         p.avatar, p.status, p.search_key, p.email, p.timezone, p.name_key, p.changed_seq, p.dnd
                  FROM principals p
                  WHERE p.org = $1 AND (p.name_key, p.principal) > ($2, $3) AND p.state <> 4
                  AND (CAST($4 AS BIGINT) = 0 OR p.state = $4) AND (CAST($5 AS BIGINT) = 0 OR p.role = $5)
                  AND (CAST($6 AS BIGINT) = 0 OR p.kind = $6)
                  AND (CAST($7 AS TEXT) = '' OR p.search_key LIKE $8 ESCAPE '\' OR p.search_key LIKE $9 ESCAPE '\'
                       OR p.name_key LIKE $10 ESCAPE '\'
                       OR (CAST($11 AS TEXT) <> '' AND LOWER(p.email) LIKE $11 ESCAPE '\'))
                  AND (CAST($12 AS BIGINT) = 0 OR p.principal = $12 OR EXISTS (
                      SELECT 1 FROM members mine JOIN members theirs ON theirs.log = mine.log
                      WHERE mine.principal = $12 AND mine.left_seq IS NULL AND theirs.principal = p.principal))
                  ORDER BY p.name_key, p.principal LIMIT $13";
    /// What changed in an org after a number, up to another.
    CHANGED = "SELECT p.principal, p.id, p.org, p.log, p.account, p.kind, p.role, p.state, p.name, p.title,
                      p.avatar, p.status, p.search_key, p.email, p.timezone, p.name_key, p.changed_seq, p.dnd
               FROM principals p WHERE p.org = $1 AND p.changed_seq > $2 AND p.changed_seq <= $3
               AND (CAST($4 AS BIGINT) = 0 OR p.principal = $4 OR EXISTS (
                   SELECT 1 FROM members mine JOIN members theirs ON theirs.log = mine.log
                   WHERE mine.principal = $4 AND mine.left_seq IS NULL AND theirs.principal = p.principal))
               ORDER BY p.changed_seq LIMIT $5";
    /// Which of the guests $4 something concerns that happened in an org's log ($1) after a number,
    /// up to another: a person whom they see, or the org itself, has changed. From the few changes
    /// to the few conversations of guests: nobody walks the members of a large channel.
    CONCERNED = "SELECT mine.principal FROM orgs o CROSS JOIN principals p CROSS JOIN members mine CROSS JOIN members theirs
                 WHERE o.log = $1 AND p.org = o.org AND p.changed_seq > $2 AND p.changed_seq <= $3
                 AND mine.principal IN_INTS($4) AND mine.left_seq IS NULL
                 AND theirs.log = mine.log AND theirs.principal = p.principal
                 UNION SELECT g.principal FROM orgs o JOIN principals g ON g.org = o.org
                 WHERE o.log = $1 AND g.principal IN_INTS($4)
                 AND (o.changed_seq > $2 AND o.changed_seq <= $3 OR g.changed_seq > $2 AND g.changed_seq <= $3)";
    /// Active owners of an org other than one.
    OTHER_OWNERS = "SELECT COUNT(*) FROM principals WHERE org = $1 AND role = 1 AND state = 1 AND principal <> $2";
    /// Active people of an org other than one.
    OTHER_ACTIVE = "SELECT COUNT(*) FROM principals WHERE org = $1 AND state = 1 AND principal <> $2";
    /// The principal of an account in an org.
    OF_ACCOUNT = "SELECT principal, state FROM principals WHERE org = $1 AND account = $2";
    /// The principal that an account may act as in an org, for tokens.
    ACTIVE_OF_ACCOUNT = "SELECT principal FROM principals WHERE org = $1 AND account = $2 AND state = 1";
    /// What people write about themselves, or admins about them.
    UPDATE_PROFILE = "UPDATE principals SET name = $2, name_key = $3, search_key = $4, title = $5, status = $6,
                      timezone = $7, avatar = $8, changed_seq = $9, dnd = $10 WHERE principal = $1";
    /// What they may do.
    UPDATE_ROLE = "UPDATE principals SET role = $2, kind = $3, state = $4, changed_seq = $5 WHERE principal = $1";
    /// A placeholder becomes someone.
    CLAIM = "UPDATE principals SET account = $2, kind = $3, role = $4, state = 1, name = $5, name_key = $6,
             search_key = $7, email = $8, timezone = $9, changed_seq = $10 WHERE principal = $1";
    /// The new address of an account, wherever it is shown.
    UPDATE_EMAIL = "UPDATE principals SET email = $2 WHERE account = $1";
    /// Logs for new principals, one for each item of $2.
    INSERT_LOGS = {
        sqlite: "INSERT INTO logs (kind, org) SELECT 2, $1 FROM json_each($2) WHERE true RETURNING log",
        pg: "INSERT INTO logs (kind, org) SELECT 2, CAST($1 AS BIGINT) FROM unnest(CAST($2 AS BIGINT[])) RETURNING log",
    };
    /// New principals, from a JSON list of rows.
    INSERT = {
        sqlite: "INSERT INTO principals (id, org, account, log, kind, role, state, name, name_key, search_key, email,
                 title, timezone, changed_seq, created_at)
                 SELECT unhex(value->>'id'), $2, value->>'account', value->>'log', value->>'kind', value->>'role',
                 value->>'state', value->>'name', value->>'name_key', value->>'search_key', value->>'email',
                 value->>'title', value->>'timezone', value->>'changed_seq', $3
                 FROM json_each($1) WHERE true RETURNING principal, id",
        pg: "INSERT INTO principals (id, org, account, log, kind, role, state, name, name_key, search_key, email,
             title, timezone, changed_seq, created_at)
             SELECT r.id, CAST($2 AS BIGINT), r.account, r.log, r.kind, r.role, r.state, r.name, r.name_key,
             r.search_key, r.email, r.title, r.timezone, r.changed_seq, CAST($3 AS BIGINT)
             FROM json_to_recordset(CAST(CAST($1 AS TEXT) AS JSON)) AS r(id uuid, account bigint, log bigint,
             kind bigint, role bigint, state bigint, name text, name_key text, search_key text, email text,
             title text, timezone text, changed_seq bigint) RETURNING principal, id",
    };
    /// A person's settings, and when they last changed in their log.
    SETTINGS = "SELECT settings, settings_seq FROM principals WHERE principal = $1";
    /// The same by public id.
    SETTINGS_BY_ID = "SELECT settings FROM principals WHERE id = $1";
    /// The same, locked.
    SETTINGS_LOCKED = "SELECT settings FROM principals WHERE principal = $1 FOR_UPDATE";
    /// Stores settings.
    UPDATE_SETTINGS = "UPDATE principals SET settings = $2, settings_seq = $3 WHERE principal = $1";
}
