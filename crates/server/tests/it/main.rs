//! The whole server from outside: the real binary, on both databases, over HTTP and sockets.

mod acks;
mod bad_input;
mod crash;
mod faults;
mod files;
mod first_start;
mod guests;
mod imported_files;
mod imports;
mod log;
mod previews;
mod protocol;
mod proxy;
mod push;
mod receipts;
mod refusals;
mod search;
mod sockets;
mod statements;
mod threads;
mod tls;
mod topics;
mod unread;
mod upgrade;
mod urgent;
