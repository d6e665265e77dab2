//! How long a search takes, by kind of question.

use clap::Args;
use serde_json::{Map, Value, json};

use crate::{Outcome, Target, stats::Latencies};

/// Questions by kind: what people type, over conversations in English and Chinese.
const MIX: &[(&str, &[&str])] = &[
    ("word", &["ubuntu", "kernel", "nvidia", "wireless", "partition", "permission", "the", "install"]),
    ("words", &["kernel panic", "sudo apt-get update", "wireless driver broadcom", "how do i mount"]),
    ("prefix", &["a", "in", "ker", "nvid", "parti", "config"]),
    ("phrase", &["\"kernel panic\"", "\"permission denied\"", "\"how do i\"", "\"apt-get install\""]),
    ("chinese", &["我", "北京", "颐和园", "故宫门票", "喜欢", "电影院", "不知道", "什么时候"]),
    ("identifier", &["/etc/fstab", "sources.list", "apt-get", "xorg.conf", "2.6.24", "etc/fst"]),
    (
        "filter",
        &[
            "has:link driver",
            "is:thread kernel",
            "on:2010",
            "after:2009-06 nvidia",
            "has:code",
            "driver -nvidia",
        ],
    ),
    ("nothing", &["qwxzvbnmk", "颟顸饕餮", "\"no such phrase anywhere\""]),
];

/// Options of `weft bench search`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How often the mix is asked; the first round is not counted
    #[arg(long, default_value_t = 20)]
    rounds: usize,
    /// Hits of a page
    #[arg(long, default_value_t = 20)]
    limit: usize,
}

pub(crate) async fn run(target: &Target, options: Options) -> Outcome<Value> {
    let person = &target.first(1)?[0];
    let mut all = Latencies::default();
    let mut kinds: Vec<Latencies> = MIX.iter().map(|_| Latencies::default()).collect();
    for round in 0..=options.rounds {
        for ((_, questions), kind) in MIX.iter().zip(&mut kinds) {
            for (number, q) in questions.iter().enumerate() {
                let sort = if number % 2 == 0 { "relevance" } else { "time" };
                let path = format!("/search/messages?q={}&limit={}&sort={sort}", encoded(q), options.limit);
                let took = target.rest.get_compressed(&person.token, &path).await?.took.as_micros() as u64;
                if round > 0 {
                    kind.add(took);
                    all.add(took);
                }
            }
        }
    }
    let found = target.rest.json(
        &person.token,
        http::Method::GET,
        "/search/messages?q=has:link&limit=1",
        Value::Null,
    );
    let index = found.await?["index"]["state"].clone();
    let by_kind: Map<String, Value> =
        MIX.iter().zip(&mut kinds).map(|((name, _), kind)| ((*name).to_owned(), kind.summary())).collect();
    Ok(json!({
        "scenario": "search", "index": index, "searches": all.count(), "took_ms": all.summary(), "by_kind_ms": by_kind,
    }))
}

fn encoded(q: &str) -> String {
    q.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
