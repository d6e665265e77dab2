//! Statements of emoji.

use weft_storage::statements;

statements! {
    /// What an org has decided.
    POLICY = "SELECT settings FROM orgs WHERE org = $1";
    /// An org's present emoji, in the order of their names.
    LIST = "SELECT e.id, e.name, e.aliases, p.id, e.added_at, e.animated, e.width, e.height, e.removed_at, e.changed_seq
            FROM emoji e JOIN principals p ON p.principal = e.added_by
            WHERE e.org = $1 AND e.removed_at IS NULL ORDER BY e.name";
    /// The last change of any.
    LAST = "SELECT COALESCE(MAX(changed_seq), 0) FROM emoji WHERE org = $1";
    /// Those that were added, changed or removed after an event of the org's log, in order.
    CHANGED = "SELECT e.id, e.name, e.aliases, p.id, e.added_at, e.animated, e.width, e.height, e.removed_at, e.changed_seq
               FROM emoji e JOIN principals p ON p.principal = e.added_by
               WHERE e.org = $1 AND e.changed_seq > $2 ORDER BY e.changed_seq LIMIT $3";
    /// Whether any changed between two events of an org's log.
    TOUCHED = "SELECT 1 FROM emoji e JOIN orgs o ON o.org = e.org
               WHERE o.log = $1 AND e.changed_seq > $2 AND e.changed_seq <= $3 LIMIT 1";
    /// One emoji.
    ONE = "SELECT e.id, e.name, e.aliases, p.id, e.added_at, e.animated, e.width, e.height, e.removed_at, e.changed_seq
           FROM emoji e JOIN principals p ON p.principal = e.added_by WHERE e.org = $1 AND e.id = $2";
    /// How many an org has.
    COUNT = "SELECT COUNT(*) FROM emoji WHERE org = $1 AND removed_at IS NULL";
    /// Which of some names are taken, but by one emoji.
    TAKEN = "SELECT name FROM emoji_names WHERE org = $1 AND name IN_TEXTS($2) AND emoji <> $3 LIMIT 1";
    /// A new emoji.
    ADD = "INSERT INTO emoji (id, org, name, aliases, file, added_by, added_at, animated, width, height, changed_seq)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    /// Takes a name.
    NAME = "INSERT INTO emoji_names (org, name, emoji) VALUES ($1, $2, $3)";
    /// Gives an emoji's names back.
    UNNAME = "DELETE FROM emoji_names WHERE org = $1 AND emoji = $2";
    /// Other aliases.
    ALIASES = "UPDATE emoji SET aliases = $3, changed_seq = $4 WHERE org = $1 AND id = $2";
    /// Removes an emoji.
    REMOVE = "UPDATE emoji SET removed_at = $3, changed_seq = $4 WHERE org = $1 AND id = $2";
    /// The file of a present emoji.
    FILE = "SELECT f.file, f.id, f.uploader, f.name, f.mime, f.kind, f.size, f.sha256, f.details, f.picture, f.preview, f.created_at, o.id
            FROM emoji e JOIN files f ON f.file = e.file JOIN orgs o ON o.org = f.org
            WHERE e.org = $1 AND e.id = $2 AND e.removed_at IS NULL";
}
