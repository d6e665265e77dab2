//! A directory of many people, and catching up with it.

use crate::world::{World, common_caller};
use serde_json::Value;
use weft_identity::{NewPrincipal, OrgChange, admin, changes, insert_principals};
use weft_testkit::on_both;

const MANY: usize = 17_000;

async fn crowd(world: &World) {
    let org = admin::find_org(&world.db, "Weft").await.unwrap();
    let people: Vec<NewPrincipal> = (0..MANY)
        .map(|n| NewPrincipal::placeholder(format!("Person {n:05}"), Some(format!("p{n}@x.example"))))
        .chain(["王小明", "欧阳娜娜", "100% O_o"].map(|n| NewPrincipal::placeholder(n, None)))
        .collect();
    let mut tx = world.db.begin().await.unwrap();
    let made = insert_principals(&mut tx, &world.env, &org, &people).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(made.len(), people.len());
    assert!(made.windows(2).all(|w| w[1].seq == w[0].seq + 1), "dense, in the order given");
}

fn names(body: &Value) -> Vec<String> {
    body["items"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    async fn seventeen_thousand_people_are_listed_searched_and_caught_up_with(test: TestDb) {
        let (world, ann) = World::set_up(test).await;
        crowd(&world).await;
        let mut seen = Vec::new();
        let mut path = "/principals?limit=200".to_owned();
        loop {
            let page = world.get(&ann, &path).await;
            seen.extend(names(&page.body));
            match page.body["next_cursor"].as_str() {
                Some(cursor) => path = format!("/principals?limit=200&cursor={cursor}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), MANY + 4);
        let mut sorted = seen.clone();
        sorted.sort_by_key(|name| name.to_lowercase());
        assert_eq!(seen, sorted);

        for (q, found) in [
            ("wxm", "王小明"),
            ("ouyang", "欧阳娜娜"),
            ("%E5%A8%9C", "欧阳娜娜"),
            ("ann@ex", "Ann Lee"),
            ("LEE", "Ann Lee"),
            ("16999", "Person 16999"),
            ("100%25", "100% O_o"),
            ("o_o", "100% O_o"),
        ] {
            let page = world.get(&ann, &format!("/principals?q={q}")).await;
            assert_eq!(names(&page.body), [found], "{q}");
        }
        let (_, bob) = world.join(&ann, "member", "Bob", "bob@example.com").await;
        let by_email = world.get(&bob, "/principals?q=ann@ex").await;
        assert!(names(&by_email.body).is_empty(), "members cannot guess addresses");
        let page = world.get(&bob, "/principals?q=person&limit=2").await;
        assert!(page.body["items"][0]["email"].is_null());

        catch_up(&world, &ann).await;
    }
}

async fn catch_up(world: &World, ann: &crate::world::As) {
    let caller = common_caller(world, ann).await;
    let (mut after, mut people, mut orgs) = (0, 0, 0);
    loop {
        let page = changes(&world.db, &caller, after, 1000, world.env.now()).await.unwrap();
        assert!(page.items.iter().all(|(seq, _)| *seq > after && *seq <= page.upto_seq));
        for (_, item) in &page.items {
            match item {
                OrgChange::Principal { .. } => people += 1,
                OrgChange::Org { .. } => orgs += 1,
            }
        }
        after = page.upto_seq;
        if !page.more {
            break;
        }
    }
    assert_eq!((people, orgs), (MANY + 5, 1));
    let rest = changes(&world.db, &caller, after, 10, world.env.now()).await.unwrap();
    assert!(rest.items.is_empty() && !rest.more && rest.upto_seq == after);
}
