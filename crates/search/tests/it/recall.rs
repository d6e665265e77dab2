//! Any substring of Chinese is found: what the index and the text say together equals a plain scan.

use std::{collections::BTreeSet, fs::File, io::Read, path::PathBuf, sync::Arc};

use serde_json::Value;
use weft_kernel::{LogKey, PrincipalKey};
use weft_search::{
    index::{
        OrgIndex,
        collect::Best,
        schema::{Entry, Place},
    },
    query::{parse, plan::plan, resolve::Asked},
    rights::Readable,
    text::{Hay, chars::is_gram, find::find},
};
use weft_testkit::Scratch;

const LOG: LogKey = LogKey(7);

/// Messages with everything that could lie between two Chinese characters.
fn made() -> Vec<String> {
    let written = [
        "我们用PostgreSQL 16存数据，下周三（5月8日）发布v2.1版。",
        "请看docs/部署说明.md的第3节：重启weft-server之前先备份！",
        "「好的」，张伟说，“我马上处理”。",
        "价格是￥1,280.50元，约合US$180；折扣8.5折👍谢谢😀",
        "ＡＰＩ接口返回４０４错误，用户ID为u_123的请求失败了……",
        "微信号abc_2024，邮箱zhang.wei@example.org，电话138-0000-0000转8",
        "日本語とカタカナ、한국어도 섞어서。繁體字與简体字",
        "第一行\n第二行\t制表符　全角空格",
    ];
    written.map(str::to_owned).to_vec()
}

/// The Chinese channels of the real archive, where the machine has it.
fn real() -> Vec<String> {
    let dir = std::env::var_os("WEFT_SHARED_DATA").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let path = dir.unwrap_or(beside).join("slack-export.zip");
    let Ok(file) = File::open(&path) else {
        eprintln!("without real texts: there is no {}; set WEFT_SHARED_DATA", path.display());
        return Vec::new();
    };
    let mut zip = zip::ZipArchive::new(file).unwrap();
    let mut texts = Vec::new();
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).unwrap();
        let chinese = entry.name().is_ok_and(|name| name.starts_with("旅游/") || name.starts_with("电影/"));
        if !chinese {
            continue;
        }
        let mut json = String::new();
        if entry.is_file() && entry.read_to_string(&mut json).is_ok() {
            let messages: Value = serde_json::from_str(&json).unwrap();
            texts.extend(
                messages.as_array().unwrap().iter().filter_map(|m| m["text"].as_str().map(str::to_owned)),
            );
        }
    }
    assert!(texts.len() > 10_000, "{}", texts.len());
    texts
}

/// A sequence that is the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// A substring of 1 to 6 characters with Chinese in it, that is one word of the query language.
fn sample(dice: &mut Dice, texts: &[Vec<char>]) -> Option<String> {
    let text = &texts[dice.below(texts.len())];
    let length = 1 + dice.below(6);
    let start = dice.below(text.len().max(1));
    let part = text.get(start..start + length)?;
    let one_word = part.iter().all(|c| !c.is_whitespace() && !matches!(c, '"' | '“' | '”' | '＂'));
    let q: String = part.iter().collect();
    let read = parse(&q);
    let plain = read.warnings.is_empty()
        && read.filters.is_empty()
        && read.clauses.len() == 1
        && !read.clauses[0].negated;
    (one_word && plain && part.iter().any(|c| is_gram(*c))).then_some(q)
}

fn index(texts: &[String]) -> (Scratch, OrgIndex) {
    let scratch = Scratch::new("recall");
    let index = OrgIndex::open(&scratch.join("index"), "e").unwrap();
    let mut writer = index.writer().unwrap();
    for (seq, text) in (1..).zip(texts) {
        let (place, text) = (Place::new(LOG, seq), text.clone());
        writer
            .add(&Entry {
                topic: None,
                place,
                at: seq,
                from: PrincipalKey(1),
                text,
                mentions: Vec::new(),
                flags: Vec::new(),
            })
            .unwrap();
        if seq % 3_000 == 0 {
            writer.commit(&index, "e").unwrap();
        }
    }
    writer.commit(&index, "e").unwrap();
    (scratch, index)
}

fn found(index: &OrgIndex, texts: &[Hay], q: &str) -> BTreeSet<usize> {
    let parsed = parse(q);
    let searcher = index.searcher();
    let plan = plan(&searcher, &index.fields, &parsed.clauses, &[]);
    let readable = Readable::of([LOG]);
    let asked = Asked {
        choices: Vec::new(),
        readable,
        from: i64::MIN,
        until: i64::MAX,
        nothing: false,
        about: Default::default(),
    };
    let best = Best { asked: Arc::new(asked), limit: texts.len(), scored: plan.weighed, now: 0, after: None };
    let hits = searcher.search(&plan.query, &best).unwrap().hits;
    let places = hits.into_iter().map(|(_, _, place)| place.seq() as usize - 1);
    places.filter(|at| find(&texts[*at], &parsed.clauses).is_some()).collect()
}

fn scan(texts: &[String], q: &str) -> BTreeSet<usize> {
    let fold = |text: &str| Hay::new(text).folded.iter().collect::<String>();
    let q = fold(q);
    texts.iter().enumerate().filter(|(_, text)| fold(text).contains(&q)).map(|(at, _)| at).collect()
}

fn compare(texts: &[String], samples: usize) {
    let (_scratch, index) = index(texts);
    let hays: Vec<Hay> = texts.iter().map(|text| Hay::new(text)).collect();
    let chars: Vec<Vec<char>> = texts.iter().map(|text| text.chars().collect()).collect();
    let mut dice = Dice(42);
    let mut tried = 0;
    while tried < samples {
        let Some(q) = sample(&mut dice, &chars) else { continue };
        tried += 1;
        assert_eq!(found(&index, &hays, &q), scan(texts, &q), "{q}");
    }
}

#[test]
fn every_chinese_substring_is_found() {
    compare(&made(), 2_000);
}

#[test]
fn every_substring_of_real_conversations_is_found() {
    let mut texts = real();
    if texts.is_empty() {
        return;
    }
    texts.extend(made());
    compare(&texts, 300);
}
