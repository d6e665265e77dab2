//! Statements of links.

use weft_storage::statements;

statements! {
    /// What is remembered of an address, and whether it can be shown.
    KNOWN = "SELECT link, body IS NOT NULL FROM links WHERE org = $1 AND hash = $2 AND expires_at > $3
             ORDER BY link DESC LIMIT 1";
    /// Remembers what was found at one.
    ADD = "INSERT INTO links (id, org, hash, body, pictures, expires_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING link";
    /// An org's public id.
    ORG = "SELECT id FROM orgs WHERE org = $1";
    /// What is out of date and shown nowhere.
    OUT_OF_DATE = "SELECT l.link, l.id, o.id, l.pictures FROM links l JOIN orgs o ON o.org = l.org
                   WHERE l.expires_at <= $1 AND NOT EXISTS (SELECT 1 FROM message_links x WHERE x.link = l.link)
                   ORDER BY l.expires_at LIMIT 500";
    /// Forgets it, if that is still so.
    FORGET = "DELETE FROM links WHERE link = $1 AND NOT EXISTS (SELECT 1 FROM message_links x WHERE x.link = links.link)";
    /// A link with pictures that someone may see: who may read a message that shows it.
    FIND = "SELECT o.id, l.pictures FROM links l JOIN orgs o ON o.org = l.org
            WHERE l.org = $1 AND l.id = $2 AND EXISTS (
              SELECT 1 FROM message_links x JOIN conversations c ON c.log = x.log
              LEFT JOIN members m ON m.log = x.log AND m.principal = $3 AND m.left_seq IS NULL
              WHERE x.link = l.link AND x.hidden = 0 AND c.org = l.org
                AND ((m.principal IS NOT NULL AND x.seq >= m.visible_from_seq)
                     OR (m.principal IS NULL AND c.kind = 1 AND CAST($4 AS BIGINT) = 0)))";
}
