//! Who may do what in a conversation, answered from memory and proved again at the commit.
//!
//! **Invariants:** a function that writes into a conversation takes a [`Seat`]; one that reads it
//! takes a [`View`]. What the caller may not know of is `not_found`.

use std::sync::Arc;

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use weft_http::{Caller, Role};
use weft_kernel::{Fault, LogKey, OrgKey, PrincipalKey, id::ConversationId};
use weft_log::Proof;
use weft_storage::{Db, params, statements};

use crate::{
    events::{ROLE_OWNER, ROLE_PUBLISHER},
    wire::Kind,
};

statements! {
    /// A conversation and its permission version.
    ROOM = "SELECT c.log, c.org, c.kind, c.archived_at IS NOT NULL, c.member_count, l.acl_version, c.id, c.comments, c.vanish_after
            FROM conversations c JOIN logs l ON l.log = c.log WHERE c.id = $1";
    /// A conversation by its log.
    ROOM_BY_LOG = "SELECT c.log, c.org, c.kind, c.archived_at IS NOT NULL, c.member_count, l.acl_version, c.id, c.comments, c.vanish_after
                   FROM conversations c JOIN logs l ON l.log = c.log WHERE c.log = $1";
    /// A present member.
    SEAT = "SELECT role, visible_from_seq FROM members WHERE log = $1 AND principal = $2 AND left_seq IS NULL";
}

/// Conversations remembered; above it the cache starts anew.
const MAX_ROOMS: usize = 100_000;

/// What is known of a conversation, at one permission version.
#[derive(Debug)]
pub struct Room {
    /// Its log.
    pub log: LogKey,
    /// Its public id.
    pub id: ConversationId,
    /// The org that owns it.
    pub org: OrgKey,
    /// What kind of conversation.
    pub kind: Kind,
    /// Closed for writing.
    pub archived: bool,
    /// Whether the posts of an announcement conversation may be commented on.
    pub comments: bool,
    /// How long after being read new messages vanish, in seconds.
    pub vanish_after: Option<i64>,
    /// Members when this was read; for hints, not for decisions.
    pub member_count: i64,
    /// The log's `acl_version` when this was read.
    pub acl_version: i64,
    seats: Mutex<FxHashMap<PrincipalKey, SeatRow>>,
}

#[derive(Debug, Clone, Copy)]
struct SeatRow {
    owner: bool,
    publisher: bool,
    visible_from: i64,
}

/// Proof that the caller is a member.
#[derive(Debug, Clone)]
pub struct Seat {
    /// The conversation.
    pub room: Arc<Room>,
    /// The caller.
    pub principal: PrincipalKey,
    /// Whether they own the conversation.
    pub owner: bool,
    /// Whether they are named as one who posts, where few do.
    pub publisher: bool,
    /// The first event that they may see.
    pub visible_from: i64,
    /// To be confirmed in the writing transaction.
    pub proof: Proof,
}

impl Seat {
    /// Refuses when the conversation is archived.
    ///
    /// # Errors
    /// `conflict` with code `archived`.
    pub fn open(&self) -> Result<(), Fault> {
        if self.room.archived {
            return Err(Fault::conflict(
                "archived",
                "This conversation is archived. Unarchive it to write in it.",
            ));
        }
        Ok(())
    }
}

/// Proof that the caller may read.
#[derive(Debug, Clone)]
pub struct View {
    /// The conversation.
    pub room: Arc<Room>,
    /// The first event that they may see.
    pub visible_from: i64,
    /// Their membership, if they are a member.
    pub seat: Option<Seat>,
}

/// Answers from memory; invalidated by this node's own changes and by the control log.
pub struct Guard {
    db: Db,
    rooms: Mutex<FxHashMap<ConversationId, Arc<Room>>>,
    by_log: Mutex<FxHashMap<LogKey, ConversationId>>,
}

impl Guard {
    /// A guard over `db`.
    pub fn new(db: Db) -> Self {
        Guard { db, rooms: Mutex::default(), by_log: Mutex::default() }
    }

    /// The caller's seat in `conversation`.
    ///
    /// # Errors
    /// `not_found` when they may not know of it; `forbidden` with code `not_member` when it is a
    /// channel that they could join.
    pub async fn seat(&self, caller: &Caller, conversation: ConversationId) -> Result<Seat, Fault> {
        let view = self.view(caller, conversation).await?;
        view.seat.ok_or_else(|| {
            Fault::forbidden("Only members may do this. Join the channel first.").code("not_member")
        })
    }

    /// As [`Guard::view`], by the conversation's log.
    ///
    /// # Errors
    /// As [`Guard::view`].
    pub async fn view_by_log(&self, caller: &Caller, log: LogKey) -> Result<View, Fault> {
        let id = self.id_of(log).await?;
        self.view(caller, id).await
    }

    /// What the caller may read of `conversation`: members all that they may see, others of the
    /// org (but guests) public channels.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn view(&self, caller: &Caller, conversation: ConversationId) -> Result<View, Fault> {
        let nothing = || Fault::not_found("conversation");
        let room = self.room(conversation).await?.filter(|r| r.org == caller.org).ok_or_else(nothing)?;
        if let Some(seat) = self.seat_in(&room, caller).await? {
            return Ok(View { visible_from: seat.visible_from, room, seat: Some(seat) });
        }
        if room.kind == Kind::Channel && caller.role != Role::Guest {
            return Ok(View { room, visible_from: 0, seat: None });
        }
        Err(nothing())
    }

    async fn seat_in(&self, room: &Arc<Room>, caller: &Caller) -> Result<Option<Seat>, Fault> {
        let known = room.seats.lock().get(&caller.principal).copied();
        let row = match known {
            Some(row) => row,
            None => {
                let Some(row) = self.db.query_opt(SEAT, params![room.log, caller.principal]).await? else {
                    return Ok(None);
                };
                let role: i64 = row.get(0)?;
                let row = SeatRow {
                    owner: role == ROLE_OWNER,
                    publisher: role == ROLE_PUBLISHER,
                    visible_from: row.get(1)?,
                };
                room.seats.lock().insert(caller.principal, row);
                row
            }
        };
        let proof = Proof {
            log: room.log,
            log_version: room.acl_version,
            principal_log: caller.log,
            principal_version: caller.acl_version,
        };
        Ok(Some(Seat {
            room: room.clone(),
            principal: caller.principal,
            owner: row.owner,
            publisher: row.publisher,
            visible_from: row.visible_from,
            proof,
        }))
    }

    async fn id_of(&self, log: LogKey) -> Result<ConversationId, Fault> {
        if let Some(id) = self.by_log.lock().get(&log) {
            return Ok(*id);
        }
        let row = self.db.query_opt(ROOM_BY_LOG, params![log]).await?;
        let row = row.ok_or_else(|| Fault::not_found("conversation"))?;
        Ok(self.remember(&row)?.id)
    }

    async fn room(&self, id: ConversationId) -> Result<Option<Arc<Room>>, Fault> {
        if let Some(room) = self.rooms.lock().get(&id) {
            return Ok(Some(room.clone()));
        }
        let Some(row) = self.db.query_opt(ROOM, params![id]).await? else { return Ok(None) };
        self.remember(&row).map(Some)
    }

    fn remember(&self, row: &weft_storage::Row) -> Result<Arc<Room>, Fault> {
        let room = Arc::new(Room {
            log: row.get(0)?,
            org: row.get(1)?,
            kind: Kind::from_stored(row.get(2)?)
                .ok_or_else(|| Fault::internal("unknown kind of conversation"))?,
            archived: row.get(3)?,
            member_count: row.get(4)?,
            acl_version: row.get(5)?,
            id: row.get(6)?,
            comments: row.get(7)?,
            vanish_after: row.get(8)?,
            seats: Mutex::default(),
        });
        let mut rooms = self.rooms.lock();
        if rooms.len() >= MAX_ROOMS {
            rooms.clear();
            self.by_log.lock().clear();
        }
        rooms.insert(room.id, room.clone());
        self.by_log.lock().insert(room.log, room.id);
        Ok(room)
    }

    /// Forgets what is known of the conversation with `log`: its members or state changed.
    pub fn forget(&self, log: LogKey) {
        let id = self.by_log.lock().get(&log).copied();
        if let Some(id) = id {
            self.rooms.lock().remove(&id);
        }
    }
}
