//! Mails that gather what somebody missed, and what they answer.

mod answers;
mod digests;
mod kit;
