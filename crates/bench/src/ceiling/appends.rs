//! Bare appends: the rows and indexes of a message, in batches, and nothing else.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use rusqlite::{Connection, params};
use tokio::sync::oneshot;
use tokio_postgres::NoTls;
use uuid::Uuid;

use crate::{Outcome, nonce, stats::per_second};

const SCHEMA: &str = include_str!("../../../storage/migrations/0001_init.sql");
const ROOMS: u64 = 50;
const FIRST_LOG: u64 = 100;
const BODY: [u8; 200] = [b'x'; 200];
const HASH: [u8; 16] = [1; 16];

const RAISE: &str = "UPDATE logs SET head_seq = head_seq + 1, last_n = last_n + 1, last_at = MAX(last_at, ?2) \
    WHERE log = ?1 AND acl_version = 1 RETURNING head_seq, last_n";
const INSERT: &str = "INSERT INTO messages \
    (log, seq, id, sender, kind, state, n, nonce, request_hash, at, changed_seq, body) \
    VALUES (?1, ?2, ?3, 5, 1, 1, ?4, ?5, ?6, ?7, ?2, ?8)";

/// One statement for a whole batch: raise the heads, then insert with the numbers taken.
const APPEND: &str = "WITH input AS ( \
      SELECT *, row_number() OVER (PARTITION BY log ORDER BY ord) AS k, count(*) OVER (PARTITION BY log) AS c \
      FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::bytea[], $5::bytea[], $6::bigint[]) \
        WITH ORDINALITY AS u (log, id, nonce, hash, body, at, ord)), \
    heads AS ( \
      UPDATE logs l SET head_seq = l.head_seq + i.c, last_n = l.last_n + i.c, last_at = GREATEST(l.last_at, i.at) \
      FROM (SELECT log, count(*) AS c, max(at) AS at FROM input GROUP BY log) i \
      WHERE l.log = i.log AND l.acl_version = 1 RETURNING l.log, l.head_seq, l.last_n) \
    INSERT INTO messages (log, seq, id, sender, kind, state, n, nonce, request_hash, at, changed_seq, body) \
    SELECT i.log, h.head_seq - i.c + i.k, i.id, 5, 1, 1, h.last_n - i.c + i.k, i.nonce, i.hash, i.at, \
      h.head_seq - i.c + i.k, i.body \
    FROM input i JOIN heads h USING (log) RETURNING seq";

/// The schema in one dialect, as the migrations make it.
fn schema(keep: &str, other: &str) -> String {
    let lines = SCHEMA.lines().filter(|line| !line.trim_start().starts_with(other));
    let kept = lines.map(|line| line.trim_start().strip_prefix(keep).unwrap_or(line));
    kept.collect::<Vec<_>>().join("\n")
}

fn log_of(number: u64) -> i64 {
    (FIRST_LOG + number * 7 % ROOMS) as i64
}

type Reply = oneshot::Sender<i64>;

/// Batches through a channel to a thread that commits each durably, as a server must; per second.
pub(super) async fn sqlite(directory: &Path, batch: usize, seconds: u64) -> Outcome<u64> {
    let path = directory.join(format!("weft-bench-{}.db", nonce()));
    let connection = open(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let (jobs, queue) = crossbeam_channel::bounded::<Vec<(u64, Reply)>>(4);
    let writer = thread::spawn(move || -> rusqlite::Result<()> {
        while let Ok(batch) = queue.recv() {
            append(&connection, batch)?;
        }
        Ok(())
    });
    let started = Instant::now();
    let mut number = 0;
    while started.elapsed() < Duration::from_secs(seconds) {
        let (replies, waits): (Vec<_>, Vec<_>) = (0..batch as u64)
            .map(|k| {
                let (reply, wait) = oneshot::channel();
                ((number + k, reply), wait)
            })
            .unzip();
        number += batch as u64;
        jobs.send(replies).map_err(|_| "the writer ended")?;
        for wait in waits {
            wait.await.map_err(|_| "the writer failed")?;
        }
    }
    let rate = per_second(number, started.elapsed());
    drop(jobs);
    let ended = writer.join().map_err(|_| "the writer panicked")?;
    for suffix in ["", "-wal", "-shm"] {
        let mut file = path.clone().into_os_string();
        file.push(suffix);
        // Absent when SQLite has removed it itself.
        let _ = std::fs::remove_file(file);
    }
    ended.map(|()| rate).map_err(|e| e.to_string())
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "cache_size", -65_536)?;
    connection.pragma_update(None, "mmap_size", 1_i64 << 30)?;
    connection.execute_batch(&schema("--sqlite ", "--pg "))?;
    for log in FIRST_LOG..FIRST_LOG + ROOMS {
        connection.execute("INSERT INTO logs (log, kind, org) VALUES (?1, 1, 1)", [log as i64])?;
    }
    Ok(connection)
}

fn append(connection: &Connection, batch: Vec<(u64, Reply)>) -> rusqlite::Result<()> {
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    let mut raise = connection.prepare_cached(RAISE)?;
    let mut insert = connection.prepare_cached(INSERT)?;
    let mut done = Vec::with_capacity(batch.len());
    for (number, reply) in batch {
        let (log, at) = (log_of(number), number as i64);
        let (seq, n): (i64, i64) = raise.query_row(params![log, at], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let id = id_of(number);
        insert.execute(params![log, seq, id.as_bytes(), n, nonce(), HASH, at, BODY])?;
        done.push((reply, seq));
    }
    connection.prepare_cached("COMMIT")?.execute([])?;
    for (reply, seq) in done {
        // The one who waits cannot have gone: it waits for every reply.
        let _ = reply.send(seq);
    }
    Ok(())
}

/// Ids in the order of time, as UUIDv7 are.
fn id_of(number: u64) -> Uuid {
    Uuid::from_u64_pair(number, number.wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// One set-based insert for a batch, in a schema of its own; per second.
pub(super) async fn postgres(url: &str, batch: usize, seconds: u64) -> Outcome<u64> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.map_err(|e| format!("{e:?}"))?;
    let connection = tokio::spawn(connection);
    let space = format!("weft_bench_{}", nonce());
    client
        .batch_execute(&format!("CREATE SCHEMA {space}; SET search_path = {space}"))
        .await
        .map_err(|e| format!("{e:?}"))?;
    let rate = postgres_rate(&client, batch, seconds).await.map_err(|e| format!("{e:?}"));
    client.batch_execute(&format!("DROP SCHEMA {space} CASCADE")).await.map_err(|e| format!("{e:?}"))?;
    connection.abort();
    rate
}

async fn postgres_rate(
    client: &tokio_postgres::Client,
    batch: usize,
    seconds: u64,
) -> Result<u64, tokio_postgres::Error> {
    let schema = schema("--pg ", "--sqlite ").replace(" TEXT", " TEXT COLLATE \"C\"");
    client.batch_execute(&schema).await?;
    for log in FIRST_LOG..FIRST_LOG + ROOMS {
        client.execute("INSERT INTO logs (log, kind, org) VALUES ($1, 1, 1)", &[&(log as i64)]).await?;
    }
    let append = client.prepare(APPEND).await?;
    let started = Instant::now();
    let mut number = 0_u64;
    while started.elapsed() < Duration::from_secs(seconds) {
        let range = number..number + batch as u64;
        let logs: Vec<i64> = range.clone().map(log_of).collect();
        let ids: Vec<Uuid> = range.clone().map(id_of).collect();
        let nonces: Vec<String> = range.clone().map(|_| nonce()).collect();
        let hashes = vec![&HASH[..]; batch];
        let bodies = vec![&BODY[..]; batch];
        let times: Vec<i64> = range.map(|k| k as i64).collect();
        client.query(&append, &[&logs, &ids, &nonces, &hashes, &bodies, &times]).await?;
        number += batch as u64;
    }
    Ok(per_second(number, started.elapsed()))
}
