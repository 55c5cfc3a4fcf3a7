//! Seeded worlds: what matches, and what misses for each reason.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::json;

use super::super::course::{Course, When};
use super::super::facts::{Start, Tags};
use super::super::glob::Glob;
use super::super::resource::{Initial, Resource};
use super::super::sight::{Sight, shown, words};
use super::super::wish::{Opinion, Wish};
use super::super::{Ground, Seeded};
use super::client::{DRS, ELASTICSEARCH, FNF, LIVE, SEARCH_ENGINE};

pub(super) fn now() -> Timestamp {
    "2026-11-22T05:30:00Z".parse().unwrap()
}

pub(super) fn wish(kind: &str, select: &serde_json::Value) -> Wish {
    Wish::read("mine", kind, vec![0], select).unwrap_or_else(|reason| panic!("{select}: {reason}"))
}

pub(super) fn world(wishes: &[Wish], protect: &[String], seed: u64) -> Seeded {
    Seeded::new(Ground { wishes, protect, projects: &["p".to_owned()], seed, now: now() })
}

fn judge(wish: &Wish, resource: &Resource) -> Opinion {
    let sight = Sight::of_resource(resource);
    wish.judge(&shown(sight, words(sight)[0], now()), now())
}

fn count(wish: &Wish, resources: &[Resource]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for resource in resources {
        *counts.entry(format!("{:?}", judge(wish, resource))).or_default() += 1;
    }
    counts
}

#[test]
fn a_selection_of_executions_gets_all_that_can_go_wrong() {
    let select = json!({"flow_name": "etl-*", "older_than": "2h", "except": {"flow_name": "*-payments"}});
    let wish = wish(FNF, &select);
    let world = world(std::slice::from_ref(&wish), &["*prod*".to_owned()], 1);
    assert_eq!(world.warnings, Vec::<String>::new());
    // 24, two that are protected, five that come, two that go and two that end.
    let counts = count(&wish, &world.resources);
    assert_eq!(
        counts,
        BTreeMap::from([
            ("Selected".into(), 35),
            ("Other".into(), 4),
            ("NotRunning".into(), 2),
            ("Unclear".into(), 4),
            ("Excepted".into(), 2),
        ])
    );
    let glob = Glob::read("*prod*").unwrap();
    let protected = world.resources.iter().filter(|one| glob.matches(&one.id.scope) || glob.matches(&one.id.name));
    assert!(protected.clone().count() == 2 && protected.clone().all(|one| judge(&wish, one) == Opinion::Selected));
    let young = world.resources.iter().filter(|one| matches!(one.facts.as_ref().unwrap().start, Some(Start::Ago(_))));
    assert!(young.clone().count() == 2 && young.clone().all(|one| judge(&wish, one) == Opinion::Other));
    let flows: std::collections::BTreeSet<_> =
        world.resources.iter().filter(|one| judge(&wish, one) == Opinion::Selected).map(|one| &*one.id.scope).collect();
    assert!((2..9).contains(&flows.len()), "{flows:?}");
}

#[test]
fn jobs_have_tags_children_and_times_without_a_zone() {
    let select = json!({"job_type": "sync", "tags": {"env": ["test", "dev"]}, "older_than": "1d", "except": [{"tags": {"keep": "*"}}, {"name": "*golden*"}]});
    let wish = wish(DRS, &select);
    let world = world(std::slice::from_ref(&wish), &["tag.hold=*".to_owned(), "name=a-*".to_owned()], 3);
    assert_eq!(world.warnings, Vec::<String>::new());
    let counts = count(&wish, &world.resources);
    assert_eq!((counts["Selected"], counts["Excepted"], counts["Child"]), (37, 4, 2));
    assert!(counts["Unclear"] >= 6 && counts["Other"] >= 4 && counts["NotRunning"] > 100, "{counts:?}");
    let one = world.resources.iter().find(|one| judge(&wish, one) == Opinion::Selected).unwrap();
    let Some(Start::At(start)) = &one.facts.as_ref().unwrap().start else { panic!("no start") };
    assert!(start.len() == 19 && start.as_bytes()[10] == b' ', "{start}");
    assert!(world.resources.iter().all(|one| &*one.id.scope == "p"));
    let Tags::Known(tags) = &one.facts.as_ref().unwrap().tags else { panic!("no tags") };
    assert!(
        tags.iter().filter(|(key, _)| &**key == "env").count() == 2 && tags.iter().any(|(_, value)| value.is_empty())
    );
}

#[test]
fn search_tasks_miss_by_their_instances() {
    let wish = wish(SEARCH_ENGINE, &json!({"tags": {"env": "test"}, "older_than": "30m", "instance_name": "shop-*"}));
    let world = world(std::slice::from_ref(&wish), &[], 5);
    assert_eq!(world.warnings, Vec::<String>::new());
    let counts = count(&wish, &world.resources);
    assert!(counts["Selected"] == 33 && counts["Other"] >= 4 && counts["Unclear"] >= 6, "{counts:?}");
    // All resources of one instance state the same of it.
    let mut around = BTreeMap::new();
    for one in &world.resources {
        let stated = one.around.clone().unwrap();
        assert_eq!(*around.entry(one.id.scope.clone()).or_insert_with(|| stated.clone()), stated);
    }
    assert!(around.len() > 50, "several pages of instances");
}

#[test]
fn every_kind_can_be_tried() {
    for (kind, select) in [
        (LIVE, json!("all")),
        (LIVE, json!({"name": ["a[bc]*", "{x,y}-?"], "protocol": "srt-*"})),
        (ELASTICSEARCH, json!({"older_than": "1h"})),
        (ELASTICSEARCH, json!({"name": "log-*", "tags": {"env": "*"}, "action": "Restart*", "newer_than": "3h"})),
        (
            FNF,
            json!({"flow_name": "etl", "started_after": "2026-11-22T01:00:00Z", "started_before": "2026-11-22T05:00:00Z"}),
        ),
        (FNF, json!({"execution_name": "*", "mode": "express", "status": "Starting"})),
        (DRS, json!({"status": "*_FAILED"})),
        (DRS, json!({"newer_than": "2h", "state": ["running", "stopping", "unclear"]})),
        (DRS, json!({"job_id": "j*", "children": "include"})),
        (SEARCH_ENGINE, json!({"type": "datasource_*", "user": "admin", "status": "only*"})),
    ] {
        for seed in 0..5 {
            let wish = wish(kind, &select);
            let made = world(std::slice::from_ref(&wish), &["*keep*".to_owned()], seed);
            assert_eq!(made.warnings, Vec::<String>::new(), "{select}");
            let counts = count(&wish, &made.resources);
            assert!(counts["Selected"] >= 30, "{select}: {counts:?}");
            assert!(counts.len() >= 2, "{select}: {counts:?}");
            let mut ids: Vec<_> = made.resources.iter().map(|one| &one.id).collect();
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), made.resources.len(), "{select}");
        }
    }
}

#[test]
fn equal_seeds_make_equal_worlds() {
    let wishes = [wish(FNF, &json!({"flow_name": "a*"})), wish(LIVE, &json!("all"))];
    let made = |seed| world(&wishes, &[], seed).resources;
    assert_eq!(made(1), made(1));
    assert_ne!(made(1), made(2));
}

#[test]
fn some_come_some_go_and_some_end_while_listings_page() {
    let made = world(&[wish(LIVE, &json!("all"))], &[], 1).resources;
    let with = |is: &dyn Fn(&Course) -> bool| made.iter().filter(|one| is(&one.course)).count();
    assert_eq!(with(&|course| course.comes.is_some()), 5);
    assert_eq!(with(&|course| matches!(course.leaves, Some((When::Shown, _)))), 2);
    assert_eq!(with(&|course| matches!(course.leaves, Some((When::After(_), _)))), 2);
    assert!(made.iter().filter(|one| one.initial == Initial::Ended).count() > 100);
}

#[test]
fn what_cannot_be_made_is_said() {
    let nothing = wish(FNF, &json!({"flow_name": "a", "except": {"flow_name": "a"}}));
    let made = world(&[nothing], &[], 1);
    assert_eq!(made.resources, []);
    assert_eq!(made.warnings, ["mine in account 0: no simulated resource matches"]);
    let one = wish(FNF, &json!({"flow_name": "a", "execution_name": "b", "except": {"flow_name": "c"}}));
    let made = world(&[one], &[], 1);
    // The only name that matches is taken by the one that matches.
    let lacks = ["has ended", "has an unknown status", "is excepted"];
    assert_eq!(made.warnings, lacks.map(|what| format!("mine in account 0: no simulated resource {what}")));
    assert!(made.resources.iter().any(|one| &*one.id.scope == "a" && &*one.id.name == "b"));
}
