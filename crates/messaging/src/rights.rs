//! What a role allows, in one place.

use weft_http::{Caller, Credential};
use weft_kernel::Fault;
use weft_log::Proof;

use crate::{
    guard::{Room, Seat, View},
    load::MessageRow,
    messages::Found,
    wire::{Kind, state},
};

/// Whether the caller may use an owner's or admin's powers with this credential.
pub fn administers(caller: &Caller) -> bool {
    let scoped = match caller.credential {
        Credential::Token { scopes, .. } => scopes.admin,
        Credential::Session { .. } => true,
    };
    caller.role.administers() && scoped
}

/// Refuses guests.
///
/// # Errors
/// `forbidden` with code `guest`.
pub fn not_guest(caller: &Caller) -> Result<(), Fault> {
    if caller.is_guest() {
        return Err(
            Fault::forbidden("Guests may not do this. Ask a member of the organisation.").code("guest")
        );
    }
    Ok(())
}

/// Refuses who neither owns the conversation nor administers the org.
///
/// # Errors
/// `forbidden`.
pub fn manages(view: &View, caller: &Caller) -> Result<(), Fault> {
    if administers(caller) || view.seat.as_ref().is_some_and(|seat| seat.owner) {
        return Ok(());
    }
    Err(manager_only())
}

/// What only those who manage a conversation may do.
pub(crate) fn manager_only() -> Fault {
    Fault::forbidden("Only the conversation's owners and the organisation's admins may do this.")
}

/// The caller's seat in a viewed conversation.
///
/// # Errors
/// `forbidden` with code `not_member`.
pub fn seated(view: &View) -> Result<&Seat, Fault> {
    view.seat.as_ref().ok_or_else(|| {
        Fault::forbidden("Only members may do this. Join the channel first.").code("not_member")
    })
}

/// Refuses who may not post in an announcement conversation: its owner, its publishers and the
/// org's admins may.
///
/// # Errors
/// `forbidden` with code `not_publisher`.
pub fn publishes(seat: &Seat, caller: &Caller) -> Result<(), Fault> {
    let may = seat.owner || seat.publisher || administers(caller);
    if may && !caller.is_guest() {
        return Ok(());
    }
    let advice = "Only this space's publishers may post here. Ask one of its owners.";
    Err(Fault::forbidden(advice).code("not_publisher"))
}

/// Refuses comments under `root` in an announcement conversation where they are off.
///
/// # Errors
/// `forbidden` with code `comments_off`; `message_gone` where the post was taken back.
pub(crate) fn comments(room: &Room, root: &MessageRow) -> Result<(), Fault> {
    if room.kind != Kind::Announcement {
        return Ok(());
    }
    if root.state != state::LIVE {
        return Err(Fault::conflict("message_gone", "The message was recalled or deleted."));
    }
    if room.comments && root.stored().post().is_some_and(|post| post.comments) {
        return Ok(());
    }
    Err(Fault::forbidden("Comments are switched off for this announcement.").code("comments_off"))
}

/// Refuses who may not learn who has read or confirmed a message: its sender may, and in an
/// announcement conversation whoever manages it.
///
/// # Errors
/// `forbidden` with code `not_sender`.
pub(crate) fn told_of_readers(found: &Found, caller: &Caller, otherwise: &'static str) -> Result<(), Fault> {
    let board = found.view.room.kind == Kind::Announcement;
    if found.row.sender == caller.principal || board && manages(&found.view, caller).is_ok() {
        return Ok(());
    }
    Err(Fault::forbidden(otherwise).code("not_sender"))
}

/// Refuses direct conversations, whose two people never change.
///
/// # Errors
/// `conflict` with code `direct`.
pub fn not_direct(room: &Room) -> Result<(), Fault> {
    if room.kind == Kind::Direct {
        return Err(Fault::conflict(
            "direct",
            "The people of a direct conversation cannot change. Start a group.",
        ));
    }
    Ok(())
}

/// Refuses archived conversations.
///
/// # Errors
/// `conflict` with code `archived`.
pub fn open(room: &Room) -> Result<(), Fault> {
    if room.archived {
        return Err(Fault::conflict("archived", "This conversation is archived. Unarchive it first."));
    }
    Ok(())
}

/// The proof of a caller who looked at `room`, member or not.
pub fn proof(room: &Room, caller: &Caller) -> Proof {
    Proof {
        log: room.log,
        log_version: room.acl_version,
        principal_log: caller.log,
        principal_version: caller.acl_version,
    }
}

/// The proof of a caller who acts where there is no conversation: that they may act at all.
pub fn own_proof(caller: &Caller) -> Proof {
    Proof {
        log: caller.log,
        log_version: caller.acl_version,
        principal_log: caller.log,
        principal_version: caller.acl_version,
    }
}
