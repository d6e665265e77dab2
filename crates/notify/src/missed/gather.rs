//! What somebody has missed, as it is now.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use weft_http::limits;
use weft_kernel::{Fault, LogKey, Micros};
use weft_storage::{DbResult, Row, params};

use super::{COUNTED, Line, Place, SHOWN, SINCE, job::Reader, sql};
use crate::{
    Notify,
    news::{self, News},
    tell::words,
};

/// Longest text of a message, in characters.
const TEXT: usize = 1_000;

/// What was found.
pub(super) struct Found {
    pub(super) places: Vec<Place>,
    /// Messages that are not shown.
    pub(super) more: usize,
    /// Even more were not counted.
    pub(super) uncounted: bool,
    /// Up to where each log is told of with this.
    pub(super) upto: Vec<(LogKey, i64)>,
}

/// A conversation with something new.
struct Room {
    /// What came later is for another mail.
    head: i64,
    /// Read, or told of, up to here.
    after: i64,
    /// Every message of its main flow may count.
    lively: bool,
}

/// Messages by their time.
type Candidates = BTreeSet<(Micros, LogKey, i64)>;

pub(super) async fn gather(notify: &Notify, reader: &Reader) -> Result<Found, Fault> {
    let rooms = rooms(notify, reader).await?;
    let mut candidates = candidates(notify, reader, &rooms).await?;
    let uncounted = candidates.len() > COUNTED;
    while candidates.len() > COUNTED {
        candidates.pop_first();
    }
    let mut missed = Vec::new();
    for (_, log, seq) in candidates {
        let Some(news) = news::at(&notify.db, &*notify.content, log, seq).await? else { continue };
        if notify.digests.concerns(&news, reader.key).await? {
            missed.push(news);
        }
    }
    let mut upto: Vec<(LogKey, i64)> =
        missed.iter().filter_map(|news| rooms.get(&news.log).map(|room| (news.log, room.head))).collect();
    upto.sort_unstable();
    upto.dedup();
    let more = missed.len().saturating_sub(SHOWN);
    missed.truncate(SHOWN);
    Ok(Found { places: places(notify, reader, missed).await?, more, uncounted, upto })
}

async fn rooms(notify: &Notify, reader: &Reader) -> DbResult<FxHashMap<LogKey, Room>> {
    let since = notify.env.now() - SINCE;
    let rows = notify.db.query(sql::ROOMS, params![reader.key, since, limits::QUIET_ABOVE]).await?;
    let room = |row: &Row| {
        let room = Room { head: row.get(1)?, after: row.get(2)?, lively: row.get(3)? };
        Ok((row.get(0)?, room))
    };
    rows.iter().map(room).collect()
}

/// Unread messages that may be for the reader.
async fn candidates(
    notify: &Notify,
    reader: &Reader,
    rooms: &FxHashMap<LogKey, Room>,
) -> DbResult<Candidates> {
    let since = notify.env.now() - SINCE;
    // One more than is counted tells that there are more.
    let most = COUNTED as i64 + 1;
    let mut found = Candidates::new();
    let mut add = |rows: Vec<Row>| -> DbResult<()> {
        for row in rows {
            let (log, seq, at): (LogKey, i64, Micros) = (row.get(0)?, row.get(1)?, row.get(2)?);
            // Where the head was looked at, later messages are another mail's.
            if rooms.get(&log).is_some_and(|room| seq <= room.head) {
                found.insert((at, log, seq));
            }
        }
        Ok(())
    };
    add(notify.db.query(sql::CALLS, params![reader.key, since, most]).await?)?;
    add(notify.db.query(sql::REPLIES, params![reader.key, since, most]).await?)?;
    for (log, room) in rooms.iter().filter(|(_, room)| room.lively) {
        let asked = params![*log, room.after, reader.key, since, most];
        add(notify.db.query(sql::MAIN_FLOW, asked).await?)?;
    }
    Ok(found)
}

/// Groups messages by where they are.
async fn places(notify: &Notify, reader: &Reader, missed: Vec<News>) -> Result<Vec<Place>, Fault> {
    let mut places: Vec<Place> = Vec::new();
    for news in missed {
        let lane = news.lane();
        let line = line(notify, reader, &news).await?;
        match places.iter_mut().find(|place| (place.log, place.root) == (lane.log, lane.root)) {
            Some(place) => place.lines.push(line),
            None => places.push(Place {
                log: lane.log,
                root: lane.root,
                conversation: news.conversation,
                name: words::place(notify, &news, reader.key).await?,
                direct: news.is_direct(),
                board: news.is_board(),
                path: line.path.clone(),
                lines: vec![line],
            }),
        }
    }
    Ok(places)
}

async fn line(notify: &Notify, reader: &Reader, news: &News) -> Result<Line, Fault> {
    let text = words::whole(notify, news, reader.key, &reader.locale).await?;
    Ok(Line {
        sender: words::name(notify, news.sender).await?,
        at: news.at,
        text: words::cut(&text, TEXT),
        path: words::link(news),
    })
}
