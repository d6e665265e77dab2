//! Statements of invitations. One counts only while its maker could still make it: whoever was
//! let go keeps no way back in.

use weft_storage::statements;

statements! {
    /// A new one.
    INSERT = "INSERT INTO invitations (id, org, secret_hash, email, role, claims, created_by, created_at,
              expires_at, max_uses) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    /// Those of an org that can still be used, newest first.
    OPEN = "SELECT i.invitation, i.id, i.email, i.role, i.created_at, i.expires_at, i.max_uses, i.uses, b.id, c.id
            FROM invitations i JOIN principals b ON b.principal = i.created_by
            LEFT JOIN principals c ON c.principal = i.claims
            WHERE i.org = $1 AND i.revoked_at IS NULL AND i.expires_at > $2 AND i.uses < i.max_uses
            AND b.state = 1 AND b.role <= 2 AND (i.role > 1 OR b.role = 1) AND i.invitation < $3 ORDER BY i.invitation DESC LIMIT $4";
    /// How many of an org can still be used.
    COUNT_OPEN = "SELECT COUNT(*) FROM invitations WHERE org = $1 AND revoked_at IS NULL AND expires_at > $2
                  AND uses < max_uses";
    /// Takes one back.
    REVOKE = "UPDATE invitations SET revoked_at = $3 WHERE org = $1 AND id = $2 AND revoked_at IS NULL";
    /// Removes those that ran out some time ago.
    DELETE_ENDED = "DELETE FROM invitations WHERE expires_at <= $1";
    /// Looks at the one of a secret, if it can be used.
    BY_SECRET = "SELECT i.invitation, i.email, i.role, i.claims, o.org, o.id, o.log, o.name
                 FROM invitations i JOIN orgs o ON o.org = i.org
                 JOIN principals b ON b.principal = i.created_by
                 WHERE b.state = 1 AND b.role <= 2 AND (i.role > 1 OR b.role = 1) AND i.secret_hash = $1 AND i.revoked_at IS NULL AND i.expires_at > $2 AND i.uses < i.max_uses";
    /// Uses it once, if it still can be.
    USE = "UPDATE invitations SET uses = uses + 1 WHERE invitation = $1 AND revoked_at IS NULL
           AND expires_at > $2 AND uses < max_uses AND EXISTS (
               SELECT 1 FROM principals b WHERE b.principal = invitations.created_by
               AND b.state = 1 AND b.role <= 2 AND (invitations.role > 1 OR b.role = 1))";
}
