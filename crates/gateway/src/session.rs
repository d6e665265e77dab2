//! One socket's life: hello, then frames both ways until either side leaves.

use std::{collections::HashMap, ops::Deref, pin::Pin, sync::Arc, time::Duration};

use async_trait::async_trait;
use axum::extract::ws::Utf8Bytes;
use bytes::Buf;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde_json::json;
use tokio::{
    sync::{
        Semaphore,
        mpsc::{self, WeakSender},
    },
    task::JoinHandle,
    time::{Instant, sleep, sleep_until},
};
use tungstenite::{Utf8Bytes as Text, protocol::frame::coding::CloseCode};
use weft_http::{Caller, Credential, Problem};
use weft_kernel::{Fault, FaultKind, LogKey, PrincipalKey, id::PrincipalId};

use crate::{
    chunk::Chunk,
    hub::{Hub, Socket},
    presence::{self, MAX_WATCHED},
    queue::Take,
    wire::{self, Heard},
};

type Wire = wire::Wire<TokioIo<Upgraded>>;

/// The version of the protocol, in `hello`.
const PROTOCOL: u32 = 1;
/// Clients send something at least this often.
const HEARTBEAT: Duration = Duration::from_secs(30);
/// A socket silent for this long is gone.
const SILENCE: Duration = Duration::from_secs(75);
/// A reader that takes nothing for this long is gone.
const STUCK: Duration = Duration::from_secs(30);
/// While delivery is suspended, how often to look again.
const SUSPENDED: Duration = Duration::from_millis(100);
/// Answers of one command that wait to be written.
const REPLIES: usize = 8;

/// Where a command's answers go; they are written in order, ahead of nothing else.
pub type Reply = mpsc::Sender<Utf8Bytes>;

/// What is left of a command when the next one may begin.
pub type Rest = Pin<Box<dyn Future<Output = Result<(), Fault>> + Send>>;

/// What the gateway asks of the domains. It passes frames on without understanding them.
#[async_trait]
pub trait Backend: Send + Sync + 'static {
    /// The server's epoch; a client of another drops its store.
    fn epoch(&self) -> String;

    /// Every log that the caller listens to.
    ///
    /// # Errors
    /// Any fault; the client tries again.
    async fn logs(&self, caller: &Caller) -> Result<Vec<LogKey>, Fault>;

    /// Answers `resume`: for each log that has grown past its cursor, `changes` frames.
    ///
    /// # Errors
    /// Any fault; the client tries again.
    async fn resume(
        &self,
        caller: &Caller,
        cursors: HashMap<String, i64>,
        reply: &Reply,
    ) -> Result<(), Fault>;

    /// Answers any other command of kind `t`. Commands of one socket are taken one after the other;
    /// what must not hold up the next one (waiting for a commit) is given back as the rest.
    ///
    /// # Errors
    /// A fault becomes a `nack` for the command's `id`.
    async fn command(
        &self,
        caller: &Caller,
        t: &str,
        frame: &str,
        reply: &Reply,
    ) -> Result<Option<Rest>, Fault>;

    /// The people among `ids` whose presence the caller may see.
    ///
    /// # Errors
    /// Any fault.
    async fn people(&self, caller: &Caller, ids: Vec<PrincipalId>) -> Result<Vec<PrincipalKey>, Fault>;
}

/// What every frame has.
#[derive(Deserialize)]
struct Envelope {
    t: String,
    #[serde(default)]
    id: Option<i64>,
}

#[derive(Deserialize)]
struct Resume {
    cursors: HashMap<String, i64>,
}

/// Whether a person is in front of this client; absent: yes.
#[derive(Deserialize)]
struct Active {
    #[serde(default)]
    on: Option<bool>,
}

/// What a client sends only because its person does something.
const DEEDS: [&str; 4] = ["send", "read", "thread_read", "typing"];

#[derive(Deserialize)]
struct Watch {
    people: Vec<PrincipalId>,
}

/// Commands of one socket whose answers are still to come.
const PIPELINE: usize = 64;

/// The commands under way: their answers, and the turn of the one that must be through before the
/// next is taken. Nothing of it is kept while a socket is idle.
struct Lane {
    reply: WeakSender<Utf8Bytes>,
    answers: mpsc::Receiver<Utf8Bytes>,
    turn: Option<JoinHandle<()>>,
    pipeline: Arc<Semaphore>,
}

/// What happens next in a lane.
enum Step {
    /// Answers to write.
    Answers(Vec<Utf8Bytes>),
    /// The next command may be taken.
    Free,
    /// Every command has been answered.
    Over,
}

impl Lane {
    fn new() -> (Lane, Reply) {
        let (reply, answers) = mpsc::channel(REPLIES);
        let pipeline = Arc::new(Semaphore::new(PIPELINE));
        (Lane { reply: reply.downgrade(), answers, turn: None, pipeline }, reply)
    }

    async fn next(&mut self) -> Step {
        let Lane { answers, turn, .. } = self;
        let mut frames = Vec::new();
        tokio::select! {
            biased;
            count = answers.recv_many(&mut frames, REPLIES) => {
                if count == 0 { Step::Over } else { Step::Answers(frames) }
            }
            () = over(turn) => {
                *turn = None;
                Step::Free
            }
        }
    }
}

/// Waits for the turn to end.
async fn over(turn: &mut Option<JoinHandle<()>>) {
    match turn {
        // A turn that panicked is over, too; its answer stays away.
        Some(turn) => drop(turn.await),
        None => std::future::pending().await,
    }
}

/// What happens next in the lane, if there is one.
async fn next_step(lane: &mut Option<Lane>) -> Step {
    match lane {
        Some(lane) => lane.next().await,
        None => std::future::pending().await,
    }
}

pub(crate) struct Session {
    pub(crate) hub: Arc<Hub>,
    pub(crate) backend: Arc<dyn Backend>,
    pub(crate) socket: Arc<Socket>,
}

/// Why a session ended; the socket is gone or must go.
struct Ended;

impl Session {
    /// Runs until the socket closes; then forgets it.
    pub(crate) async fn run(self, mut wire: Wire) {
        let _ = self.serve(&mut wire).await;
        self.hub.leave(&self.socket);
        wire.hang_up().await;
    }

    async fn serve(&self, wire: &mut Wire) -> Result<(), Ended> {
        self.say(wire, &[self.hello()]).await?;
        let mut lane: Option<Lane> = None;
        let life = self.life();
        let expiry = sleep(life.unwrap_or_default());
        // Kept from one round to the next: a timer is dearer to set than to look at.
        let mut silent_at = Instant::now() + SILENCE;
        let silence = sleep_until(silent_at);
        tokio::pin!(expiry, silence);
        loop {
            tokio::select! {
                () = self.socket.queue.rung() => self.drain(wire).await?,
                step = next_step(&mut lane) => match step {
                    Step::Answers(frames) => self.say(wire, &frames).await?,
                    Step::Free => {}
                    Step::Over => lane = None,
                },
                heard = wire.recv(), if free(&lane) => {
                    silent_at = Instant::now() + SILENCE;
                    self.hear(wire, heard, &mut lane).await?;
                }
                () = &mut expiry, if life.is_some() => return self.bye(wire, "session_expired").await,
                () = &mut silence, if free(&lane) => {
                    if Instant::now() >= silent_at {
                        return self.close(wire, CloseCode::Library(4000), "silent for too long").await;
                    }
                    silence.as_mut().reset(silent_at);
                }
            }
        }
    }

    async fn hear(&self, wire: &mut Wire, heard: Heard, lane: &mut Option<Lane>) -> Result<(), Ended> {
        if let Some(answer) = wire.answer() {
            self.write(wire, answer).await?;
        }
        match heard {
            Heard::Text(text) => self.take(wire, text, lane).await,
            Heard::Sign => Ok(()),
            Heard::Refused(code, reason) => self.close(wire, code, reason).await,
            Heard::Close | Heard::Gone => Err(Ended),
        }
    }

    /// How long the credential is still good; none when nothing but a revocation ends it.
    fn life(&self) -> Option<Duration> {
        match self.socket.caller.credential {
            Credential::Token { expires_at: Some(at), .. } => {
                Some(Duration::from_micros(u64::try_from(at - self.hub.env.now()).unwrap_or(0)))
            }
            _ => None,
        }
    }

    fn hello(&self) -> Utf8Bytes {
        let caller = &self.socket.caller;
        let session = match caller.credential {
            Credential::Session { id, .. } => Some(id),
            Credential::Token { .. } => None,
        };
        json!({
            "t": "hello", "v": PROTOCOL, "epoch": self.backend.epoch(), "me": caller.principal_id,
            "session": session, "heartbeat_s": HEARTBEAT.as_secs(), "jitter_ms": self.hub.config.jitter_ms,
            "now": self.hub.env.now(),
        })
        .to_string()
        .into()
    }

    /// Understands a frame as far as the gateway needs to, and starts its work.
    async fn take(&self, wire: &mut Wire, text: Text, lane: &mut Option<Lane>) -> Result<(), Ended> {
        let envelope: Envelope = match serde_json::from_str(&text) {
            Ok(envelope) => envelope,
            Err(e) => {
                let fault = Fault::new(FaultKind::BadRequest, format!("The frame is not understood: {e}."));
                return self.say(wire, &[nack(None, &fault)]).await;
            }
        };
        match envelope.t.as_str() {
            "ping" => return self.say(wire, &[r#"{"t":"pong"}"#]).await,
            "active" => return self.active(wire, &envelope, &text).await,
            deed if DEEDS.contains(&deed) => self.hub.touched(&self.socket, true),
            _ => {}
        }
        let reply = self.lane(wire, lane).await?;
        if let Some(lane) = lane {
            let (hub, backend, socket) = (self.hub.clone(), self.backend.clone(), self.socket.clone());
            let work =
                Command { hub, backend, socket, envelope, text, reply, pipeline: lane.pipeline.clone() };
            // In a task of its own: a socket that closes must not stop a change between its commit
            // and the telling of it.
            lane.turn = Some(tokio::spawn(work.run()));
        }
        Ok(())
    }

    async fn active(&self, wire: &mut Wire, envelope: &Envelope, text: &str) -> Result<(), Ended> {
        match parse::<Active>(text) {
            Ok(Active { on }) => {
                self.hub.touched(&self.socket, on.unwrap_or(true));
                Ok(())
            }
            Err(fault) => self.say(wire, &[nack(envelope.id, &fault)]).await,
        }
    }

    /// Where the answers of the next command go: behind those still to come, if there are any.
    async fn lane(&self, wire: &mut Wire, lane: &mut Option<Lane>) -> Result<Reply, Ended> {
        if let Some(open) = lane {
            if let Some(reply) = open.reply.upgrade() {
                return Ok(reply);
            }
            while let Ok(frame) = open.answers.try_recv() {
                self.say(wire, &[frame]).await?;
            }
        }
        let (fresh, reply) = Lane::new();
        *lane = Some(fresh);
        Ok(reply)
    }

    /// Writes what waits, in one go.
    async fn drain(&self, wire: &mut Wire) -> Result<(), Ended> {
        loop {
            match self.socket.queue.take() {
                Take::Nothing => return Ok(()),
                Take::Bye(code) => return self.bye(wire, code).await,
                Take::Resync => self.say(wire, &[r#"{"t":"resync"}"#]).await?,
                Take::Frames(frames) => {
                    while !self.hub.may_deliver() {
                        if self.socket.queue.ended() {
                            break;
                        }
                        sleep(SUSPENDED).await;
                    }
                    if !self.socket.queue.ended() {
                        self.write(wire, frames).await?;
                    }
                }
            }
        }
    }

    /// Writes frames that are for this socket alone.
    async fn say<T: Deref<Target = str>>(&self, wire: &mut Wire, texts: &[T]) -> Result<(), Ended> {
        self.write(wire, Chunk::of(texts)).await
    }

    /// Writes frames with as few system calls as fit; gives up on a stuck or revoked socket.
    async fn write(&self, wire: &mut Wire, frames: impl Buf) -> Result<(), Ended> {
        let all = async { wire.write(frames).await.map_err(|_| Ended) };
        tokio::pin!(all);
        // Most writes end at once and need no timer.
        tokio::select! {
            biased;
            done = &mut all => return done,
            () = std::future::ready(()) => {}
        }
        let deadline = Instant::now() + STUCK;
        loop {
            tokio::select! {
                done = &mut all => return done,
                () = sleep(Duration::from_millis(100)) => {
                    if self.socket.queue.ended() || Instant::now() > deadline {
                        return Err(Ended);
                    }
                }
            }
        }
    }

    async fn bye(&self, wire: &mut Wire, code: &'static str) -> Result<(), Ended> {
        let mut frame = json!({ "t": "bye", "code": code });
        let status = match code {
            "draining" => 4002,
            "overloaded" => {
                frame["retry_ms"] = self.hub.config.jitter_ms.into();
                4003
            }
            _ => 4001,
        };
        let last = Chunk::of(&[frame.to_string()]).chain(wire::close(status.into(), code));
        // A full socket must not keep a revoked session alive.
        let _ = tokio::time::timeout(Duration::from_millis(100), wire.write(last)).await;
        Err(Ended)
    }

    async fn close(&self, wire: &mut Wire, code: CloseCode, reason: &'static str) -> Result<(), Ended> {
        let close = wire::close(code, reason);
        let _ = tokio::time::timeout(Duration::from_secs(1), wire.write(close)).await;
        Err(Ended)
    }
}

/// Whether the next command may be taken.
fn free(lane: &Option<Lane>) -> bool {
    lane.as_ref().is_none_or(|lane| lane.turn.is_none())
}

/// A command and all that it needs.
struct Command {
    hub: Arc<Hub>,
    backend: Arc<dyn Backend>,
    socket: Arc<Socket>,
    envelope: Envelope,
    text: Text,
    reply: Reply,
    pipeline: Arc<Semaphore>,
}

impl Command {
    /// Runs the part that the next command must wait for; what is left goes on beside it.
    async fn run(self) {
        let done = self.dispatch().await;
        let Command { envelope, reply, pipeline, .. } = self;
        match done {
            Ok(None) => {}
            Ok(Some(rest)) => {
                // Never closed, so this only waits until there is room.
                let Ok(room) = pipeline.acquire_owned().await else { return };
                tokio::spawn(async move {
                    if let Err(fault) = rest.await {
                        refuse(&reply, &envelope, &fault).await;
                    }
                    drop(room);
                });
            }
            Err(fault) => refuse(&reply, &envelope, &fault).await,
        }
    }

    async fn dispatch(&self) -> Result<Option<Rest>, Fault> {
        let Command { hub, backend, socket, text, reply, .. } = self;
        match self.envelope.t.as_str() {
            "resume" => resume(hub, &**backend, socket, text, reply).await.map(|()| None),
            "watch" => watch(hub, &**backend, socket, text, reply).await.map(|()| None),
            t => backend.command(&socket.caller, t, text, reply).await,
        }
    }
}

async fn refuse(reply: &Reply, envelope: &Envelope, fault: &Fault) {
    if let Some(internal) = fault.internal_detail() {
        tracing::warn!(t = envelope.t, internal, "socket command failed");
    }
    let _ = reply.send(nack(envelope.id, fault)).await;
}

fn nack(id: Option<i64>, fault: &Fault) -> Utf8Bytes {
    json!({ "t": "nack", "id": id, "problem": Problem::of(fault) }).to_string().into()
}

fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Fault> {
    weft_http::extract::refuse_nul(text.as_bytes())?;
    serde_json::from_str(text)
        .map_err(|e| Fault::new(FaultKind::BadRequest, format!("The frame is not understood: {e}.")))
}

async fn resume(
    hub: &Arc<Hub>,
    backend: &dyn Backend,
    socket: &Arc<Socket>,
    text: &str,
    reply: &Reply,
) -> Result<(), Fault> {
    let Resume { cursors } = parse(text)?;
    let _turn = hub.resumes.acquire().await.map_err(Fault::internal)?;
    // Subscribed before the log is read: what happens meanwhile arrives as frames, and a client
    // ignores what it already has.
    socket.queue.listen();
    hub.listen_to_all(socket, backend).await?;
    backend.resume(&socket.caller, cursors, reply).await?;
    let _ = reply.send(Utf8Bytes::from_static(r#"{"t":"ready"}"#)).await;
    Ok(())
}

async fn watch(
    hub: &Arc<Hub>,
    backend: &dyn Backend,
    socket: &Arc<Socket>,
    text: &str,
    reply: &Reply,
) -> Result<(), Fault> {
    let Watch { people } = parse(text)?;
    if people.len() > MAX_WATCHED {
        return Err(Fault::invalid("people", format!("At most {MAX_WATCHED} people can be watched.")));
    }
    let people = backend.people(&socket.caller, people).await?;
    let online = hub.presence.watch(socket, people);
    let _ = reply.send(presence::frame(&online, &[])).await;
    Ok(())
}
