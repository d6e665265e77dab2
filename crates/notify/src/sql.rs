//! Statements of this crate, but for those of mails.

use weft_storage::statements;

statements! {
    /// Messages of people that stand, in order, in a conversation that is open.
    NEWS = "SELECT m.seq, m.id, m.sender, m.n, m.thread, m.at, m.body, c.id, c.kind, c.name, c.org, o.id, r.id
            FROM messages m JOIN conversations c ON c.log = m.log JOIN orgs o ON o.org = c.org
            LEFT JOIN messages r ON r.log = m.log AND r.seq = m.thread
            WHERE m.log = $1 AND m.seq > $2 AND m.seq <= $3 AND m.at >= $4 AND m.kind = 1 AND m.state = 1
              AND c.archived_at IS NULL ORDER BY m.seq LIMIT $5";
    /// How far some conversations are, and how far they were looked through.
    HEADS = "SELECT l.log, l.head_seq, k.seq FROM logs l LEFT JOIN push_cursors k ON k.log = l.log
             WHERE l.kind = 1 AND l.log IN_INTS($1)";
    /// Conversations with something new since a time.
    BEHIND = "SELECT l.log FROM logs l LEFT JOIN push_cursors k ON k.log = l.log
              WHERE l.kind = 1 AND l.last_at >= $1 AND COALESCE(k.seq, 0) < l.head_seq";
    /// A cursor, before it rises.
    CURSOR = "SELECT seq FROM push_cursors WHERE log = $1 FOR_UPDATE";
    /// Raises it.
    PUT_CURSOR = "INSERT INTO push_cursors (log, seq) VALUES ($1, $2)
                  ON CONFLICT (log) DO UPDATE SET seq = GREATEST(push_cursors.seq, excluded.seq)";
    /// How far a job is that goes on in the next transaction.
    PUT_JOB = "UPDATE outbox SET payload = $2 WHERE job = $1";
    /// Whether anybody has a device.
    ANY_DEVICE = "SELECT device FROM push_devices LIMIT 1";
    /// A conversation's members who may be told of a message, ascending: not its sender, and with a
    /// device that was there when it was sent. `$4` is its root (0: none), `$5` its ordinal.
    MEMBERS = "SELECT m.principal, p.id, m.muted,
                 CASE WHEN CAST($4 AS BIGINT) = 0 THEN m.read_seq >= $2 ELSE COALESCE(t.read_n, 0) >= $5 END, COALESCE(t.following, 0) = 1
               FROM members m JOIN principals p ON p.principal = m.principal
               LEFT JOIN thread_marks t ON t.principal = m.principal AND t.log = m.log AND t.root = $4
               WHERE m.log = $1 AND m.left_seq IS NULL AND m.visible_from_seq <= $2 AND m.principal > $3 AND m.principal <> $6
                 AND p.state = 1 AND p.kind <= 2 AND EXISTS
                   (SELECT 1 FROM push_devices d JOIN sessions s ON s.session = d.session
                    WHERE d.account = p.account AND d.created_at <= $7 AND s.expires_at > $8)
               ORDER BY m.principal LIMIT $9";
    /// The same among some people.
    MEMBERS_AMONG = "SELECT m.principal, p.id, m.muted,
                 CASE WHEN CAST($4 AS BIGINT) = 0 THEN m.read_seq >= $2 ELSE COALESCE(t.read_n, 0) >= $5 END, COALESCE(t.following, 0) = 1
               FROM members m JOIN principals p ON p.principal = m.principal
               LEFT JOIN thread_marks t ON t.principal = m.principal AND t.log = m.log AND t.root = $4
               WHERE m.log = $1 AND m.left_seq IS NULL AND m.visible_from_seq <= $2 AND m.principal > $3 AND m.principal <> $6
                 AND p.state = 1 AND p.kind <= 2 AND EXISTS
                   (SELECT 1 FROM push_devices d JOIN sessions s ON s.session = d.session
                    WHERE d.account = p.account AND d.created_at <= $7 AND s.expires_at > $8)
                 AND m.principal IN_INTS($10) ORDER BY m.principal LIMIT $9";
    /// Who follows a thread, ascending.
    FOLLOWERS = "SELECT principal FROM thread_marks WHERE log = $1 AND root = $2 AND following = 1 AND principal > $3
                 ORDER BY principal LIMIT $4";
    /// The keys of people by their ids.
    KEYS = "SELECT principal FROM principals WHERE org = $1 AND id IN_UUIDS($2)";
    /// Notes what somebody's devices show from now on; nothing when they show it, or newer, already.
    SHOW = "INSERT INTO push_shown (principal, log, root, seq, at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (principal, log, root) DO UPDATE SET seq = excluded.seq, at = excluded.at
            WHERE push_shown.seq < excluded.seq RETURNING principal";
    /// What they show of a place.
    SHOWN = "SELECT seq FROM push_shown WHERE principal = $1 AND log = $2 AND root = $3";
    /// What devices show and its owners, by their own logs, have read by now or may not see any more.
    READ = "SELECT s.principal, s.log, s.root FROM push_shown s JOIN principals p ON p.principal = s.principal
            LEFT JOIN members m ON m.log = s.log AND m.principal = s.principal AND m.left_seq IS NULL
            LEFT JOIN thread_marks t ON t.principal = s.principal AND t.log = s.log AND t.root = s.root
            LEFT JOIN messages x ON x.log = s.log AND x.seq = s.seq
            WHERE p.log IN_INTS($1) AND (m.principal IS NULL OR x.seq IS NULL
              OR (s.root = 0 AND m.read_seq >= s.seq) OR (s.root > 0 AND t.read_n >= x.n))";
    /// Messages that were taken back between two events.
    TAKEN_BACK = "SELECT seq FROM messages WHERE log = $1 AND changed_seq > $2 AND changed_seq <= $3 AND changed_seq > seq AND state <> 1";
    /// Who is shown some messages of a conversation.
    SHOWN_OF = "SELECT principal, log, root FROM push_shown WHERE log = $1 AND seq IN_INTS($2)";
    /// They are not shown any more.
    HIDE = "DELETE FROM push_shown WHERE principal = $1 AND log = $2 AND root = $3 RETURNING principal";
    /// Forgets what was shown long ago.
    FORGET_SHOWN = "DELETE FROM push_shown WHERE at < $1";
    /// The devices of somebody, of sessions that have not run out.
    DEVICES_OF = "SELECT d.device FROM principals p JOIN push_devices d ON d.account = p.account
                  JOIN sessions s ON s.session = d.session WHERE p.principal = $1 AND p.state = 1 AND s.expires_at > $2 ORDER BY d.device";
    /// A device, and whom it tells.
    DEVICE = "SELECT d.device, d.kind, d.endpoint, d.p256dh, d.auth, d.failures, d.resting_until, a.locale, d.id
              FROM push_devices d JOIN sessions s ON s.session = d.session JOIN accounts a ON a.account = d.account
              WHERE d.device = $1 AND s.expires_at > $2";
    /// What the words of a notification need to know of its reader.
    READER = "SELECT p.id, p.settings, o.settings, o.name FROM principals p JOIN orgs o ON o.org = p.org WHERE p.principal = $1 AND p.state = 1";
    /// A conversation's public id.
    CONVERSATION = "SELECT id FROM conversations WHERE log = $1";
    /// Names of people.
    NAMES = "SELECT id, name FROM principals WHERE org = $1 AND id IN_UUIDS($2)";
    /// The name of one.
    NAME = "SELECT name FROM principals WHERE principal = $1";
    /// The names of conversations that somebody is in.
    ROOM_NAMES = "SELECT c.id, c.name FROM conversations c JOIN members m ON m.log = c.log AND m.left_seq IS NULL
                  WHERE m.principal = $1 AND c.id IN_UUIDS($2)";
    /// The names of a group's other people, the first few.
    PEERS = "SELECT p.name FROM members m JOIN principals p ON p.principal = m.principal
             WHERE m.log = $1 AND m.left_seq IS NULL AND m.principal <> $2 ORDER BY m.joined_at, m.principal LIMIT 4";
    /// How much calls somebody, in every org of their account: unread in direct conversations and
    /// groups, and unread mentions.
    UNREAD = "SELECT CAST(COALESCE(SUM(l.last_n - m.read_n), 0) AS BIGINT) FROM principals me
              JOIN principals p ON p.account = me.account AND p.state = 1
              JOIN members m ON m.principal = p.principal AND m.left_seq IS NULL AND m.muted = 0
              JOIN conversations c ON c.log = m.log AND c.kind >= 3 JOIN logs l ON l.log = m.log
              WHERE me.principal = $1 AND l.last_n > m.read_n";
    /// The mentions among it.
    UNREAD_MENTIONS = "SELECT COUNT(*) FROM principals me
              JOIN principals p ON p.account = me.account AND p.state = 1
              JOIN mentions x ON x.principal = p.principal AND x.thread IS NULL
              JOIN members m ON m.log = x.log AND m.principal = p.principal AND m.left_seq IS NULL AND m.muted = 0
              JOIN conversations c ON c.log = m.log AND c.kind <= 2
              WHERE me.principal = $1 AND x.seq > m.read_seq AND x.n > m.read_n";
    /// The key with which the server signs, made once.
    MAKE_KEY = "INSERT INTO server_state (key, value) VALUES ('push_key', $1) ON CONFLICT DO NOTHING";
    /// That key.
    KEY = "SELECT value FROM server_state WHERE key = 'push_key'";
    /// A new device, or one that registers again: it is the caller's from now on.
    REGISTER = "INSERT INTO push_devices (id, account, session, kind, endpoint, endpoint_hash, p256dh, auth, name, created_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                ON CONFLICT (endpoint_hash) DO UPDATE SET account = excluded.account, session = excluded.session, kind = excluded.kind,
                  p256dh = excluded.p256dh, auth = excluded.auth, name = excluded.name, failures = 0, resting_until = 0,
                  created_at = CASE WHEN push_devices.account = excluded.account THEN push_devices.created_at ELSE excluded.created_at END,
                  id = CASE WHEN push_devices.account = excluded.account THEN push_devices.id ELSE excluded.id END,
                  used_at = CASE WHEN push_devices.account = excluded.account THEN push_devices.used_at ELSE NULL END
                RETURNING device, id";
    /// Leaves an account its newest devices, and each browser session one of each kind.
    PRUNE = "DELETE FROM push_devices WHERE account = $1 AND device <> $3 AND ((session = $2 AND kind = $4) OR device NOT IN
             (SELECT device FROM push_devices WHERE account = $1 ORDER BY created_at DESC, device DESC LIMIT $5))";
    /// An account's devices.
    DEVICES = "SELECT d.id, d.name, d.kind, d.created_at, d.used_at, d.session, d.endpoint FROM push_devices d
               JOIN sessions s ON s.session = d.session WHERE d.account = $1 AND s.expires_at > $2
               ORDER BY d.created_at DESC, d.device DESC";
    /// One of them.
    DEVICE_OF = "SELECT device FROM push_devices WHERE account = $1 AND id = $2";
    /// Removes one.
    REMOVE = "DELETE FROM push_devices WHERE account = $1 AND id = $2";
    /// Its service knows it no more.
    GONE = "DELETE FROM push_devices WHERE device = $1";
    /// Its service took something; noted when that was not known for some time.
    TAKEN = "UPDATE push_devices SET used_at = $2, failures = 0, resting_until = 0
             WHERE device = $1 AND (failures > 0 OR COALESCE(used_at, 0) < $3)";
    /// Its service did not.
    FAILED = "UPDATE push_devices SET failures = failures + 1, resting_until = $2 WHERE device = $1";
    /// An account's language.
    LOCALE = "SELECT locale FROM accounts WHERE account = $1";
}
