//! Statements of stickers.

use weft_storage::statements;

statements! {
    /// An org's packs, the oldest first.
    PACKS = "SELECT k.id, k.name, p.id, k.made_at FROM sticker_packs k JOIN principals p ON p.principal = k.made_by
             WHERE k.org = $1 ORDER BY k.made_at, k.id";
    /// Stickers of an org's packs and somebody's own, in the order they were added.
    ALL_OF = "SELECT id, pack, name, animated, width, height FROM stickers
              WHERE org = $1 AND (owner IS NULL OR owner = $2) ORDER BY added_at, id";
    /// One pack, and who made it.
    PACK = "SELECT k.made_by FROM sticker_packs k WHERE k.org = $1 AND k.id = $2 FOR_UPDATE";
    /// How many packs an org has.
    COUNT_PACKS = "SELECT COUNT(*) FROM sticker_packs WHERE org = $1";
    /// A new pack.
    ADD_PACK = "INSERT INTO sticker_packs (id, org, name, made_by, made_at) VALUES ($1, $2, $3, $4, $5)";
    /// Another name.
    RENAME_PACK = "UPDATE sticker_packs SET name = $3 WHERE org = $1 AND id = $2";
    /// Removes a pack.
    DROP_PACK = "DELETE FROM sticker_packs WHERE org = $1 AND id = $2";
    /// Removes its stickers.
    DROP_OF_PACK = "DELETE FROM stickers WHERE org = $1 AND pack = $2";
    /// How many a pack has.
    COUNT_OF_PACK = "SELECT COUNT(*) FROM stickers WHERE org = $1 AND pack = $2";
    /// How many somebody has.
    COUNT_OWN = "SELECT COUNT(*) FROM stickers WHERE org = $1 AND owner = $2";
    /// A new sticker.
    ADD = "INSERT INTO stickers (id, org, pack, owner, name, file, animated, width, height, added_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    /// A file is a sticker's, and not listed with what people send each other.
    MARK = "UPDATE files SET sticker = 1 WHERE file = $1";
    /// Whether somebody has a file among their own already.
    HAS = "SELECT id FROM stickers WHERE org = $1 AND owner = $2 AND file = $3";
    /// A sticker that somebody may remove, and the pack it is of.
    REMOVABLE = "SELECT s.pack, k.made_by FROM stickers s LEFT JOIN sticker_packs k ON k.id = s.pack
                 WHERE s.org = $1 AND s.id = $2 AND (s.owner IS NULL OR s.owner = $3)";
    /// Removes a sticker.
    DROP_ONE = "DELETE FROM stickers WHERE org = $1 AND id = $2";
    /// The file of a sticker that somebody may send.
    FILE = "SELECT f.file, f.id, f.uploader, f.name, f.mime, f.kind, f.size, f.sha256, f.details, f.picture, f.preview, f.created_at, o.id,
                   s.name, s.animated
            FROM stickers s JOIN files f ON f.file = s.file JOIN orgs o ON o.org = f.org
            WHERE s.org = $1 AND s.id = $2 AND (s.owner IS NULL OR s.owner = $3)";
}
