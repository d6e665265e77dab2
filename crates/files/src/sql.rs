//! Statements of files.
//!
//! Whoever may read a conversation is said here as messaging's guard says it: members what they
//! may see of it, others of the org (but guests) public channels.

use weft_storage::statements;

statements! {
    /// Makes the server's key.
    MAKE_KEY = "INSERT INTO server_state (key, value) VALUES ('files_key', $1) ON CONFLICT DO NOTHING";
    /// The server's key.
    KEY = "SELECT value FROM server_state WHERE key = 'files_key'";
    /// Settings as they are by default.
    MAKE_SETTINGS = "INSERT INTO file_settings (org, max_size, quota) VALUES ($1, $2, NULL) ON CONFLICT DO NOTHING";
    /// An org's settings.
    SETTINGS = "SELECT max_size, quota, used, link_previews FROM file_settings WHERE org = $1";
    /// Changes them.
    PUT_SETTINGS = "UPDATE file_settings SET max_size = $2, quota = $3, link_previews = $4 WHERE org = $1";
    /// Counts bytes, if they fit the quota.
    RESERVE = "UPDATE file_settings SET used = used + $2 WHERE org = $1 AND (quota IS NULL OR used + $2 <= quota)";
    /// Gives bytes back.
    RELEASE = "UPDATE file_settings SET used = GREATEST(0, used - $2) WHERE org = $1";
    /// Uploads that someone has under way.
    UPLOADS_OF = "SELECT COUNT(*) FROM uploads WHERE principal = $1 AND expires_at > $2";
    /// A new upload.
    ADD_UPLOAD = "INSERT INTO uploads (id, org, principal, size, request, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
    /// Someone's upload.
    UPLOAD = "SELECT size, request, expires_at FROM uploads WHERE id = $1 AND org = $2 AND principal = $3";
    /// Forgets an upload.
    DROP_UPLOAD = "DELETE FROM uploads WHERE id = $1";
    /// Uploads that nobody finished.
    EXPIRED_UPLOADS = "SELECT id, org, size FROM uploads WHERE expires_at <= $1 ORDER BY expires_at LIMIT 500";
    /// Which of some uploads are known.
    KNOWN_UPLOADS = "SELECT id FROM uploads WHERE id IN_UUIDS($1)";
    /// Notes that an object may be waste from a time on.
    WASTE = "INSERT INTO file_waste (address, since) VALUES ($1, $2) ON CONFLICT (address) DO UPDATE SET since = excluded.since";
    /// It is no waste.
    NO_WASTE = "DELETE FROM file_waste WHERE address = $1";
    /// What is waste.
    ALL_WASTE = "SELECT address FROM file_waste WHERE since <= $1 LIMIT 500";
    /// A new file.
    ADD = "INSERT INTO files (id, org, uploader, name, name_key, mime, kind, size, sha256, details, picture, preview, created_at, keep_until)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING file";
    /// A file that someone may read: who may read a message that refers to it; before there is one,
    /// who uploaded it.
    FIND = "SELECT f.file, f.id, f.uploader, f.name, f.mime, f.kind, f.size, f.sha256, f.details, f.picture, f.preview, f.created_at, o.id
            FROM files f JOIN orgs o ON o.org = f.org
            WHERE f.org = $1 AND f.id = $2 AND (
              (f.uploader = $3 AND NOT EXISTS (SELECT 1 FROM message_files x WHERE x.file = f.file))
              OR EXISTS (SELECT 1 FROM message_files x JOIN conversations c ON c.log = x.log
                         LEFT JOIN members m ON m.log = x.log AND m.principal = $3 AND m.left_seq IS NULL
                         WHERE x.file = f.file AND c.org = f.org
                           AND ((m.principal IS NOT NULL AND x.seq >= m.visible_from_seq)
                                OR (m.principal IS NULL AND c.kind = 1 AND CAST($4 AS BIGINT) = 0))))";
    /// A file, whoever may read it: for links that were signed.
    BY_ID = "SELECT f.file, f.id, f.uploader, f.name, f.mime, f.kind, f.size, f.sha256, f.details, f.picture, f.preview, f.created_at, o.id
             FROM files f JOIN orgs o ON o.org = f.org WHERE f.id = $1";
    /// A file of an org, whoever reads.
    OF_ORG = "SELECT f.file, f.id, f.uploader, f.name, f.mime, f.kind, f.size, f.sha256, f.details, f.picture, f.preview, f.created_at, o.id
              FROM files f JOIN orgs o ON o.org = f.org WHERE f.org = $1 AND f.id = $2";
    /// An upload that a process left when it ended.
    LEFT_OVER = "SELECT size FROM uploads WHERE id = $1 AND org = $2";
    /// An org's public id.
    ORG_ID = "SELECT id FROM orgs WHERE org = $1";
    /// Whether some of these files came with another's message that vanishes.
    VANISHING = "SELECT x.file FROM message_files x JOIN vanishing v ON v.log = x.log AND v.seq = x.seq
                 WHERE x.file IN_INTS($1) AND v.sender <> $2 LIMIT 1";
    /// Keeps files a little longer: they are about to be referred to.
    HOLD = "UPDATE files SET keep_until = GREATEST(keep_until, $2) WHERE file IN_INTS($1)";

    /// Files that messages refer to and someone may read, newest first.
    LIST = "SELECT f.file, f.id, f.uploader, f.name, f.mime, f.kind, f.size, f.sha256, f.details, f.picture, f.preview, f.created_at, o.id,
                   x.at, x.seq, g.id, c.id, p.id, x.log
            FROM message_files x
            JOIN files f ON f.file = x.file
            JOIN orgs o ON o.org = f.org
            JOIN messages g ON g.log = x.log AND g.seq = x.seq
            JOIN conversations c ON c.log = x.log
            JOIN principals p ON p.principal = g.sender
            LEFT JOIN members m ON m.log = x.log AND m.principal = $2 AND m.left_seq IS NULL
            WHERE c.org = $1 AND f.sticker = 0
              AND NOT EXISTS (SELECT 1 FROM vanishing v WHERE v.log = x.log AND v.seq = x.seq)
              AND ((m.principal IS NOT NULL AND x.seq >= m.visible_from_seq)
                   OR (m.principal IS NULL AND c.kind = 1 AND CAST($3 AS BIGINT) = 0))
              AND (CAST($4 AS UUID) IS NULL OR c.id = $4)
              AND (CAST($5 AS UUID) IS NULL OR p.id = $5)
              AND f.kind IN_TEXTS($6)
              AND x.at >= $7 AND x.at < $8
              AND f.name_key LIKE $9 ESCAPE '\\'
              AND (x.at < $10 OR (x.at = $10 AND (x.log < $11 OR (x.log = $11 AND (x.seq < $12 OR (x.seq = $12 AND x.file < $13))))))
            ORDER BY x.at DESC, x.log DESC, x.seq DESC, x.file DESC LIMIT $14";
    /// Files that nothing refers to and nobody holds.
    UNREFERRED = "SELECT f.file, f.id, f.uploader, f.name, f.mime, f.kind, f.size, f.sha256, f.details, f.picture, f.preview, f.created_at, o.id, f.org
                  FROM files f JOIN orgs o ON o.org = f.org
                  WHERE f.keep_until <= $1 AND NOT EXISTS (SELECT 1 FROM message_files x WHERE x.file = f.file)
                    AND NOT EXISTS (SELECT 1 FROM scheduled_files s WHERE s.file = f.file)
                    AND NOT EXISTS (SELECT 1 FROM emoji e WHERE e.file = f.file AND e.removed_at IS NULL)
                    AND NOT EXISTS (SELECT 1 FROM stickers s WHERE s.file = f.file)
                  ORDER BY f.file LIMIT 200";
    /// Forgets a file, if that is still so.
    FORGET = "DELETE FROM files WHERE file = $1 AND keep_until <= $2
              AND NOT EXISTS (SELECT 1 FROM message_files x WHERE x.file = files.file)
              AND NOT EXISTS (SELECT 1 FROM scheduled_files s WHERE s.file = files.file)
              AND NOT EXISTS (SELECT 1 FROM emoji e WHERE e.file = files.file AND e.removed_at IS NULL)
              AND NOT EXISTS (SELECT 1 FROM stickers s WHERE s.file = files.file)";
    /// A file by its key, whoever reads.
    BY_KEY = "SELECT f.file, f.id, f.uploader, f.name, f.mime, f.kind, f.size, f.sha256, f.details, f.picture, f.preview, f.created_at, o.id, f.org
              FROM files f JOIN orgs o ON o.org = f.org WHERE f.file = $1";
    /// Keeps a file from being removed until the transaction ends.
    LOCK = "UPDATE files SET keep_until = keep_until WHERE file = $1";
    /// The next number among the texts of a file's org.
    NEXT_TEXT = "INSERT INTO file_text_heads (org, head) SELECT org, 1 FROM files WHERE file = $1
                 ON CONFLICT (org) DO UPDATE SET head = file_text_heads.head + 1 RETURNING head";
    /// What was read in a file, or why nothing was.
    PUT_TEXT = "INSERT INTO file_texts (file, org, seq, state, cut, size, at, body)
                SELECT file, org, $2, $3, $4, $5, $6, $7 FROM files WHERE file = $1
                ON CONFLICT (file) DO UPDATE SET seq = excluded.seq, state = excluded.state, cut = excluded.cut,
                  size = excluded.size, at = excluded.at, body = excluded.body";
    /// The same, read.
    TEXT = "SELECT state, cut, body FROM file_texts WHERE file = $1";
    /// Which documents of a message have a text, and its size.
    TEXTS_OF_MESSAGE = "SELECT t.file, t.size FROM message_files x JOIN file_texts t ON t.file = x.file
                        WHERE x.log = $1 AND x.seq = $2 AND t.size > 0
                          AND NOT EXISTS (SELECT 1 FROM vanishing v WHERE v.log = x.log AND v.seq = x.seq) ORDER BY t.file";
    /// One of them.
    TEXT_BODY = "SELECT f.id, t.body FROM file_texts t JOIN files f ON f.file = t.file WHERE t.file = $1";
    /// Forgets a file's text.
    DROP_TEXT = "DELETE FROM file_texts WHERE file = $1";
    /// What became of a file's layout.
    LAYOUT = "SELECT state, size, at FROM file_layouts WHERE file = $1";
    /// Asks for one, if nobody has, or if this machine failed at it before $3.
    ASK_LAYOUT = "INSERT INTO file_layouts (file, state, size, at) SELECT file, 'pending', 0, $2 FROM files WHERE file = $1
                  ON CONFLICT (file) DO UPDATE SET state = excluded.state, at = excluded.at
                  WHERE file_layouts.state = 'unavailable' AND file_layouts.at <= $3";
    /// What became of it.
    PUT_LAYOUT = "UPDATE file_layouts SET state = $2, size = $3, at = $4 WHERE file = $1";
    /// Forgets a file's layout.
    DROP_LAYOUT = "DELETE FROM file_layouts WHERE file = $1";
    /// Sets what a file's thumbnails come from.
    PICTURE = "UPDATE files SET picture = $2, details = $3 WHERE file = $1";
}
