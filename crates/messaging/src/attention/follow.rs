//! Follows the messages that are sent and does for each what others want of it: alerts, and the
//! replies of who is away. Behind the append, never in its way.
//!
//! **Invariants:** an append only leaves a note here, and goes on when too many wait (what is
//! missed then is an alert, never a message); nothing is done for members, only for who has
//! alerts, is named, or is written to directly.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::extract::ws::Utf8Bytes;
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use serde_json::{json, value::RawValue};
use tokio::{sync::mpsc, time::Instant};
use weft_http::limits;
use weft_kernel::{
    Env, Fault, LogKey, Micros, OrgKey, PrincipalKey,
    id::{ConversationId, MessageId, PrincipalId},
};
use weft_log::Publisher;
use weft_storage::{Db, DbResult, params};

use super::{
    away,
    matcher::{Hit, Matcher, keyword},
    rules::Alerts,
    sql,
};
use crate::{content::Part, wire::Kind};

/// Messages that wait to be looked at.
const QUEUE: usize = 16_384;
/// Messages looked at together.
const BATCH: usize = 256;
/// What is known of an org's alerts is read again after this: another process may have changed them.
const KNOWN_FOR: Duration = Duration::from_secs(60);
/// Conversations and orgs remembered; above it both start anew.
const MAX_KNOWN: usize = 50_000;

/// A message that was just committed.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) log: LogKey,
    pub(crate) conversation: ConversationId,
    pub(crate) seq: i64,
    pub(crate) n: i64,
    pub(crate) at: Micros,
    pub(crate) sender: PrincipalKey,
    pub(crate) sender_id: PrincipalId,
    pub(crate) thread: Option<(i64, MessageId)>,
    pub(crate) mentions: Vec<PrincipalKey>,
    pub(crate) parts: Box<RawValue>,
}

/// The entrance. Cheap to clone.
#[derive(Clone)]
pub struct Attention {
    queue: mpsc::Sender<Sent>,
    known: Known,
}

/// What the follower works with.
pub(super) struct Worker {
    pub(super) db: Db,
    pub(super) env: Env,
    pub(super) publisher: Arc<dyn Publisher>,
    known: Known,
    rooms: FxHashMap<LogKey, (OrgKey, Option<Kind>)>,
}

impl Attention {
    /// Starts the follower.
    pub(crate) fn start(db: Db, env: Env, publisher: Arc<dyn Publisher>) -> Attention {
        let (queue, sent) = mpsc::channel(QUEUE);
        let known = Known::default();
        let worker = Worker { db, env, publisher, known: known.clone(), rooms: FxHashMap::default() };
        tokio::spawn(worker.run(sent));
        Attention { queue, known }
    }

    /// A message was committed; cheap.
    pub(crate) fn sent(&self, sent: Sent) {
        // When too many wait already, nobody is alerted of this one.
        let _ = self.queue.try_send(sent);
    }

    /// Somebody's alerts in `org` have changed.
    pub(super) fn changed(&self, org: OrgKey) {
        self.known.changes.fetch_add(1, Ordering::SeqCst);
        self.known.orgs.lock().remove(&org);
    }

    /// The alerts of an org.
    pub(super) async fn matcher(&self, db: &Db, org: OrgKey) -> Result<Arc<Matcher>, Fault> {
        self.known.matcher(db, org).await
    }
}

/// When the alerts of each org were read, and what finds them.
type ByOrg = FxHashMap<OrgKey, (Instant, Arc<Matcher>)>;

/// The alerts of each org.
#[derive(Clone, Default)]
struct Known {
    orgs: Arc<Mutex<ByOrg>>,
    /// How often anybody's have changed here: what was read before a change is not kept after it.
    changes: Arc<AtomicU64>,
}

impl Known {
    async fn matcher(&self, db: &Db, org: OrgKey) -> Result<Arc<Matcher>, Fault> {
        if let Some((read, matcher)) = self.orgs.lock().get(&org)
            && read.elapsed() < KNOWN_FOR
        {
            return Ok(matcher.clone());
        }
        let (read, changes) = (Instant::now(), self.changes.load(Ordering::SeqCst));
        let rows = db.query(sql::ALERTING, params![org]).await?;
        let rules = rows.iter().map(|row| {
            let body: String = row.get(1)?;
            let Alerts { keywords, people, .. } = Alerts::from_stored(Some(&body));
            Ok((row.get(0)?, keywords.iter().filter_map(|word| keyword(word)).collect(), people))
        });
        let matcher = Arc::new(Matcher::build(rules.collect::<DbResult<Vec<_>>>()?)?);
        let mut orgs = self.orgs.lock();
        if orgs.len() >= MAX_KNOWN {
            orgs.clear();
        }
        if self.changes.load(Ordering::SeqCst) == changes {
            orgs.insert(org, (read, matcher.clone()));
        }
        Ok(matcher)
    }
}

/// The text that alerts are looked for in: what its sender wrote, and the names of files.
pub(super) fn text(parts: &RawValue) -> String {
    let parts: Vec<Part> = serde_json::from_str(parts.get()).unwrap_or_default();
    let mut text = String::new();
    for part in &parts {
        match part {
            Part::Markdown { text: said } => text.push_str(said),
            Part::Post(post) => text.push_str(&post.title),
            Part::Forward(forwarded) => text.push_str(&forwarded.text),
            Part::Files { files } => files.iter().for_each(|file| {
                text.push_str(&file.name);
                text.push('\n');
            }),
            _ => continue,
        }
        text.push('\n');
    }
    text
}

impl Worker {
    async fn run(mut self, mut queue: mpsc::Receiver<Sent>) {
        let mut waiting = Vec::with_capacity(BATCH);
        while queue.recv_many(&mut waiting, BATCH).await > 0 {
            for sent in waiting.drain(..) {
                if let Err(fault) = self.one(&sent).await {
                    tracing::warn!(%fault, log = sent.log.0, seq = sent.seq, "nobody was alerted of a message");
                }
            }
        }
    }

    async fn one(&mut self, sent: &Sent) -> Result<(), Fault> {
        let Some((org, kind)) = self.room(sent.log).await? else { return Ok(()) };
        let matcher = self.known.matcher(&self.db, org).await?;
        if !matcher.is_empty() {
            let mut hits = matcher.hits(sent.sender_id, &text(&sent.parts));
            hits.retain(|who, _| *who != sent.sender && !sent.mentions.contains(who));
            self.alert(sent, hits).await?;
        }
        away::answer(self, sent, kind == Some(Kind::Direct)).await
    }

    async fn room(&mut self, log: LogKey) -> DbResult<Option<(OrgKey, Option<Kind>)>> {
        if let Some(known) = self.rooms.get(&log) {
            return Ok(Some(*known));
        }
        let Some(row) = self.db.query_opt(sql::ROOM, params![log]).await? else { return Ok(None) };
        let room = (row.get(0)?, Kind::from_stored(row.get(1)?));
        if self.rooms.len() >= MAX_KNOWN {
            self.rooms.clear();
        }
        self.rooms.insert(log, room);
        Ok(Some(room))
    }

    async fn alert(&self, sent: &Sent, hits: FxHashMap<PrincipalKey, Hit>) -> Result<(), Fault> {
        if hits.is_empty() {
            return Ok(());
        }
        let who: Vec<i64> = hits.keys().map(|who| who.0).collect();
        let asked = params![sent.log, who, sent.seq, limits::ALERTED as i64];
        let rows = self.db.query(sql::ALERTABLE, asked).await?;
        if rows.is_empty() {
            return Ok(());
        }
        let mut logs: Vec<LogKey> = Vec::with_capacity(rows.len());
        let mut tx = self.db.begin().await?;
        for row in &rows {
            let who: PrincipalKey = row.get(0)?;
            let Some(hit) = hits.get(&who) else { continue };
            let why = json!({"keywords": hit.keywords, "person": hit.person}).to_string();
            let thread = sent.thread.map(|(seq, _)| seq);
            tx.execute(sql::ALERT, params![who, sent.log, sent.seq, sent.n, thread, sent.at, why]).await?;
            logs.push(row.get(1)?);
        }
        tx.commit().await?;
        for log in logs {
            self.publisher.publish_ephemeral(log, None, Utf8Bytes::from_static(super::INBOX_FRAME));
        }
        Ok(())
    }
}
