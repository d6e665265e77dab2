//! Every limit that a caller can meet, in one table. `docs/API.md` tells of them.

/// Largest JSON body, in bytes.
pub const JSON_BODY: usize = 512 * 1024;
/// Largest avatar, in bytes.
pub const AVATAR: usize = 2 * 1024 * 1024;
/// Largest import archive, in bytes.
pub const IMPORT_ARCHIVE: u64 = 16 * 1024 * 1024 * 1024;
/// Most entries of an import archive: five hundred channels over three years of days.
pub const IMPORT_ENTRIES: usize = 500_000;
/// Largest JSON file of an import archive, unpacked. A day is read at once, so this bounds memory.
pub const IMPORT_JSON: u64 = 512 << 20;
/// Longest line of an import's text file, in bytes.
pub const IMPORT_LINE: u64 = 32 << 20;
/// All JSON files of an import archive together, unpacked.
pub const IMPORT_UNPACKED: u64 = 128 << 30;
/// How many times its packed size a file of an import archive may have. JSON reaches about 30.
pub const IMPORT_RATIO: u64 = 250;
/// Items of a page when the caller does not say.
pub const PAGE: u32 = 50;
/// Most items of a page.
pub const PAGE_MAX: u32 = 200;
/// Longest message text, in characters.
pub const MESSAGE_CHARS: usize = 40_000;
/// Most people mentioned in one message.
pub const MENTIONS: usize = 50;
/// `@all` needs confirmation above this many members.
pub const CONFIRM_ALL_ABOVE: i64 = 50;
/// Different reactions on one message.
pub const REACTIONS: i64 = 50;
/// Reactions that one person adds or takes back at once…
pub const REACTING_BURST: u32 = 60;
/// …and one more each so many microseconds.
pub const REACTING_EVERY: i64 = 500_000;
/// Longest nonce, in bytes.
pub const NONCE: usize = 64;
/// A message vanishes so many seconds after it was read, at least.
pub const VANISH_MIN_S: i64 = 5;
/// And at most.
pub const VANISH_MAX_S: i64 = 7 * 24 * 3_600;
/// Own messages whose readers one request asks to hear of.
pub const RECEIPTS_WATCHED: usize = 100;
/// Longest name of a topic, in characters.
pub const TOPIC_CHARS: usize = 60;
/// Topics of one conversation.
pub const TOPICS: i64 = 5_000;
/// Messages moved to another topic by one request.
pub const TOPIC_MOVE: usize = 100;
/// Messages, with their replies, of a topic that is merged into another.
pub const TOPIC_MERGE: i64 = 10_000;
/// Up to how many a topic's messages are counted.
pub const TOPIC_COUNT: i64 = 1_000;
/// Messages that one person has scheduled, failed ones among them.
pub const SCHEDULED: i64 = 200;
/// What one person keeps for later.
pub const SAVED: i64 = 2_000;
/// Longest note beside it, in characters.
pub const SAVED_NOTE: usize = 2_000;
/// Largest picture of an emoji, in bytes…
pub const EMOJI_BYTES: usize = 256 * 1024;
/// …and its longer side, in pixels.
pub const EMOJI_SIDE: u32 = 512;
/// Emoji of one org.
pub const EMOJI: i64 = 5_000;
/// Largest picture of a sticker, in bytes…
pub const STICKER_BYTES: usize = 512 * 1024;
/// …and its longer side, in pixels.
pub const STICKER_SIDE: u32 = 1_024;
/// Largest zip of stickers, in bytes.
pub const STICKER_ZIP: usize = 24 << 20;
/// Largest form of stickers, in bytes.
pub const STICKER_FORM: usize = 32 << 20;
/// Stickers of one pack, and of one request.
pub const STICKERS: i64 = 100;
/// Somebody's own stickers.
pub const OWN_STICKERS: i64 = 300;
/// Packs of one org.
pub const STICKER_PACKS: i64 = 200;
/// Settings of a person, in bytes of JSON.
pub const SETTINGS: usize = 64 * 1024;
/// People named in one request.
pub const PEOPLE_AT_ONCE: usize = 500;
/// Frame from a client to the gateway, in bytes.
pub const FRAME: usize = 256 * 1024;
/// Frames that wait for a slow socket before it is told to resync.
pub const SOCKET_QUEUE: usize = 1024;
/// Bytes that wait for a slow socket before it is told to resync.
pub const SOCKET_QUEUE_BYTES: usize = 4 * 1024 * 1024;
/// Largest file of an org that has not set another limit, in bytes.
pub const FILE: i64 = 1 << 30;
/// Largest limit that an org can set for one file, in bytes.
pub const FILE_MAX: i64 = 1 << 40;
/// Files in one message.
pub const FILES_AT_ONCE: usize = 20;
/// Longest name of a file, in characters.
pub const FILE_NAME: usize = 200;
/// Uploads that one person may have under way.
pub const UPLOADS: i64 = 100;
/// What a client is advised to send of an upload at once, in bytes.
pub const UPLOAD_CHUNK: i64 = 8 << 20;
/// Most pixels of a picture; one with more is refused, since whoever opens it unpacks it.
pub const IMAGE_PIXELS: u64 = 150_000_000;
/// Memory that decoding a picture may take, in bytes; one that needs more has no thumbnail.
pub const IMAGE_MEMORY: u64 = 640 << 20;
/// Largest picture, packed, that gets a thumbnail, in bytes.
pub const IMAGE_FILE: i64 = 64 << 20;
/// How many times its packed size an archive's content may have, once it is larger than
/// [`ARCHIVE_UNPACKED`].
pub const ARCHIVE_RATIO: u64 = 200;
/// An archive's content, in bytes, that is accepted whatever its ratio.
pub const ARCHIVE_UNPACKED: u64 = 256 << 20;
/// Entries of an archive.
pub const ARCHIVE_ENTRIES: usize = 200_000;
/// What a preview shows of a text, in bytes.
pub const TEXT_PREVIEW: u64 = 256 << 10;
/// Samples of a voice message's waveform.
pub const WAVEFORM: usize = 100;
/// Devices of one account that are told of what is new; the oldest gives way.
pub const PUSH_DEVICES: i64 = 20;
/// Links of a message whose pages are shown under it.
pub const LINKS_SHOWN: usize = 3;
/// Longest address that is shown, in bytes.
pub const LINK: usize = 2048;
/// What is read of a page, in bytes.
pub const LINK_PAGE: usize = 512 << 10;
/// Largest picture of a page, in bytes.
pub const LINK_PICTURE: usize = 8 << 20;
/// Memory that decoding it may take, in bytes.
pub const LINK_PICTURE_MEMORY: u64 = 128 << 20;
/// A channel of more members than this tells only of what calls one, unless one chose otherwise.
pub const QUIET_ABOVE: i64 = 50;
/// Keywords, people watched, people always heard: each.
pub const ALERTS: usize = 50;
/// Longest keyword, in characters.
pub const KEYWORD_CHARS: usize = 60;
/// People who are alerted of one message.
pub const ALERTED: usize = 1_000;
/// Spans in a weekly do-not-disturb schedule.
pub const DND_SPANS: usize = 14;
/// How far away the end of do-not-disturb may be, in microseconds: a year.
pub const DND_LONGEST: i64 = 366 * 24 * 3_600 * 1_000_000;
/// Longest automatic reply of somebody who is away, in characters.
pub const AWAY_REPLY_CHARS: usize = 300;
/// The inbox counts what is unread up to here.
pub const INBOX_COUNT: i64 = 100;
/// Largest mail that is taken in, in bytes.
pub const MAIL: usize = 25 << 20;
/// Parts of a mail.
pub const MAIL_PARTS: usize = 300;
/// Options of a poll.
pub const POLL_OPTIONS: usize = 20;
/// Longest question of a poll, in characters.
pub const POLL_QUESTION: usize = 300;
/// Longest option of a poll, in characters.
pub const POLL_OPTION: usize = 120;
