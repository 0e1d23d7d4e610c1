//! What a near-duplicate step promises whatever the corpus is.

use std::collections::BTreeSet;

use super::{
    ALL_PAIRS, bench,
    corpora::{Script, families, joined, text},
    kept, removed,
};
use crate::made::{Dice, Doc, jsonl, parquet, parquet_in_groups};

fn doc(id: impl Into<String>, text: &str, source: &str) -> Doc {
    Doc { id: id.into(), text: Some(text.into()), source: source.into() }
}

fn options() -> String {
    format!("similarity = 0.8, {ALL_PAIRS}, templates = \"remove\"")
}

/// A text, and the same with its last words changed, ever more of them.
fn ladder(seed: u64) -> Vec<String> {
    let mut dice = Dice::new(seed);
    let first = text(&mut dice, Script::Latin, 100);
    let mut rungs = vec![joined(&first, Script::Latin)];
    let mut present = first;
    for rung in 1..4 {
        // Six words of a hundred: a Jaccard similarity of 0.81 or more to the rung before, and
        // of less than 0.8 to the one before that.
        let from = 100 - rung * 6;
        present.splice(from..from + 6, text(&mut dice, Script::Latin, 6));
        rungs.push(joined(&present, Script::Latin));
    }
    rungs
}

#[test]
fn no_row_goes_because_of_a_row_that_goes() {
    let rungs = ladder(5);
    let bench = bench(&options());
    let docs: Vec<Doc> =
        rungs.iter().enumerate().map(|(at, it)| doc(at.to_string(), it, "s")).collect();
    bench.add("a.parquet", parquet(&docs));
    let ran = bench.run().sound(0);
    // The third is like the second, which went, and not like the first.
    assert_eq!(kept(&ran), BTreeSet::from(["0".into(), "2".into()]));
    let removed = removed(&ran);
    assert_eq!((removed["1"].as_str(), removed["3"].as_str()), ("0", "2"));
}

#[test]
fn the_preferred_row_stays() {
    let rungs = ladder(6);
    let prefer = format!("{}, prefer = [\"words__value desc\"]", options());
    let words = "[[step]]\nname = \"words\"\noperator = \"word_count\"\n";
    let bench = bench(&prefer);
    bench.recipe(&format!("{}{words}", super::recipe(&prefer)));
    let longer = format!("{} and one more", rungs[1]);
    bench.add("a.parquet", parquet(&[doc("0", &rungs[0], "s"), doc("1", &rungs[1], "s")]));
    bench.add("b.parquet", parquet(&[doc("2", &longer, "s")]));
    let ran = bench.run().sound(0);
    assert_eq!(kept(&ran), BTreeSet::from(["2".into()]));
}

#[test]
fn modes_take_one_all_or_none() {
    let rungs = ladder(7);
    for (mode, stays) in [("keep-one", 2), ("drop-all", 1), ("annotate", 3)] {
        let bench = bench(&format!("{}, mode = \"{mode}\"", options()));
        let alone = joined(&text(&mut Dice::new(8), Script::Latin, 60), Script::Latin);
        let docs = [doc("0", &rungs[0], "s"), doc("1", &rungs[1], "s"), doc("2", &alone, "s")];
        bench.add("a.parquet", parquet(&docs));
        let ran = bench.run().sound(0);
        assert_eq!(kept(&ran).len(), stays, "{mode}");
        let groups = super::groups(&ran);
        assert_eq!(groups, BTreeSet::from([BTreeSet::from(["0".into(), "1".into()])]), "{mode}");
    }
}

#[test]
fn the_same_bytes_whatever_the_threads_memory_and_row_groups() {
    let docs = families(21, 900);
    let bench = bench(&options());
    for (number, part) in docs.chunks(100).enumerate() {
        let name = format!("{number}.parquet");
        bench.add(&name, parquet_in_groups(part, 37));
    }
    let first = bench.run_to("one", &["--threads", "1"]).sound(0);
    let more = bench.run_to("two", &["--threads", "2", "--max-memory", "400MB"]).sound(0);
    let names = bench.run_to("many", &["--threads", "5"]).sound(0);
    assert_eq!(first.bytes(), more.bytes());
    assert_eq!(first.bytes(), names.bytes());
}

#[test]
fn what_stays_does_not_depend_on_the_order_of_rows() {
    let docs = families(22, 600);
    let prefer = format!("{}, prefer = [\"id asc\"]", options());
    let stays = |docs: &[Doc]| {
        let bench = bench(&prefer);
        bench.add("a.parquet", parquet(docs));
        kept(&bench.run().sound(0))
    };
    let mut shuffled = docs.clone();
    shuffled.reverse();
    shuffled.rotate_left(123);
    assert_eq!(stays(&docs), stays(&shuffled));
}

#[test]
fn running_on_what_stays_removes_nothing_more() {
    let bench = bench(&options());
    bench.add("a.parquet", parquet(&families(23, 800)));
    let ran = bench.run().sound(0);
    let before = kept(&ran);
    assert!(before.len() < 760);
    let data = ran.out.join("data");
    let again = bench.run_to("again", &["-i", data.to_str().unwrap()]).sound(0);
    assert_eq!(kept(&again), before);
}

#[test]
fn a_copy_of_a_row_changes_no_other_row() {
    let docs = families(24, 400);
    let stays = |docs: &[Doc]| {
        let bench = bench(&options());
        bench.add("a.parquet", parquet(docs));
        kept(&bench.run().sound(0))
    };
    let before = stays(&docs);
    let mut dice = Dice::new(25);
    for round in 0..6 {
        let mut more = docs.clone();
        let of = dice.below(docs.len());
        more.push(Doc { id: format!("copy {round}"), ..docs[of].clone() });
        assert_eq!(stays(&more), before, "a copy of {}", docs[of].id);
    }
}

#[test]
fn equal_and_nearly_equal_rows_go_in_one_run() {
    let [rungs, others] = [ladder(10), ladder(11)];
    let bench = bench(&options());
    let exact = "recipe = \"both\"\n[[step]]\nname = \"equal\"\noperator = \"exact_duplicates\"\n\
                 on-outside = \"drop\"\n";
    let near = super::recipe(&options()).replace("recipe = \"near\"\n", "");
    let other = near.replace("name = \"near\"", "name = \"nearer\"").replace("0.8", "0.95");
    bench.recipe(&format!("{exact}{other}{near}"));
    let nearly = format!("{} more", others[0]);
    let texts = [&rungs[0], &rungs[0], &rungs[1], &others[0], &nearly];
    let docs: Vec<Doc> =
        texts.iter().enumerate().map(|(at, it)| doc(at.to_string(), it, "s")).collect();
    bench.add("a.parquet", parquet(&docs));
    let ran = bench.run().sound(0);
    let steps: Vec<Option<String>> = ran.decisions().into_iter().map(|it| it.step).collect();
    let step = |name: &str| Some(name.to_owned());
    assert_eq!(steps, [None, step("equal"), step("near"), None, step("nearer")]);
}

#[test]
fn rows_that_an_earlier_step_drops_keep_nobody_out() {
    let rungs = ladder(9);
    let bench = bench(&options());
    let rule = "[[rule]]\nname = \"mirror\"\nwhen = \"source = 'mirror'\"\naction = \"drop\"\n";
    bench.recipe(&format!("{}{rule}", super::recipe(&options())));
    let docs = [doc("0", &rungs[0], "mirror"), doc("1", &rungs[1], "site")];
    bench.add("a.jsonl", jsonl(&docs));
    assert_eq!(kept(&bench.run().sound(0)), BTreeSet::from(["1".into()]));
}

#[test]
fn a_step_that_would_empty_a_source_is_stopped() {
    let mut dice = Dice::new(31);
    let base = text(&mut dice, Script::Latin, 120);
    let mut docs = Vec::new();
    for row in 0..10_050 {
        let mut copy = base.clone();
        let at = dice.below(copy.len());
        copy[at] = text(&mut dice, Script::Latin, 1).remove(0);
        docs.push(doc(row.to_string(), &joined(&copy, Script::Latin), "mass"));
    }
    let bench = bench("similarity = 0.8, templates = \"remove\"");
    bench.add("a.parquet", parquet(&docs));
    let ran = bench.run().ends(10);
    ran.says(&["step \"near\" would remove", "of source \"mass\"", "accept = [\"mass\"]"]);
}

/// Long texts that share their head and their foot, and nothing else.
fn pages(count: usize) -> Vec<Doc> {
    let mut dice = Dice::new(41);
    let [head, foot] =
        [(); 2].map(|()| joined(&text(&mut dice, Script::Latin, 100), Script::Latin));
    let page = |at: usize| {
        let own = joined(&text(&mut dice, Script::Latin, 300), Script::Latin);
        doc(format!("page {at}"), &format!("{head}\n\n{own}\n\n{foot}"), "pages")
    };
    (0..count).map(page).collect()
}

const GIVEN: [&str; 8] = ["Anna", "Boris", "Clara", "David", "Emma", "Felix", "Greta", "Hugo"];
const FAMILY: [&str; 8] = ["Adler", "Brandt", "Conrad", "Dietz", "Engel", "Fuchs", "Graf", "Horn"];
const CHINESE: [&str; 8] = ["王芳", "李伟", "张敏", "刘洋", "陈静", "杨磊", "赵军", "黄丽"];

/// Letters and records that differ in numbers and names.
fn records(count: usize) -> Vec<Doc> {
    let mut dice = Dice::new(42);
    let record = |at: usize| {
        let name = format!("{} {}", GIVEN[dice.below(8)], FAMILY[dice.below(8)]);
        let (chinese, amount) = (CHINESE[dice.below(8)], 100 + dice.below(90_000));
        let text = if at.is_multiple_of(2) {
            format!(
                "Dear {name}, we have received your payment of {amount} euros for the rooms that \
                 you have rented from us beside the old harbour, and we thank you for it. The key \
                 can be fetched at our office on every working day between nine and five, as long \
                 as you bring this letter and a paper that shows who you are. Please keep number \
                 {at} in mind whenever you write to us, so that we find what belongs to you."
            )
        } else {
            format!(
                "承租人{chinese}于今年租用码头旁边的两间房屋，每月租金{amount}元，按月交付，并负责房屋的\
                 日常修理和打扫。出租人应当在交付之前把房屋收拾妥当，保证门窗和水电可以正常使用。如果一方\
                 不履行约定，另一方可以书面通知对方改正；仍不改正的，可以解除合同。本合同编号{at}，一式两份。"
            )
        };
        doc(format!("record {at}"), &text, "records")
    };
    (0..count).map(record).collect()
}

#[test]
fn what_shares_boilerplate_or_a_form_stays() {
    let bench = bench("similarity = 0.7");
    let (pages, records) = (pages(600), records(400));
    bench.add("pages.parquet", parquet(&pages));
    bench.add("records.parquet", parquet(&records));
    let ran = bench.run().sound(0);
    assert_eq!(kept(&ran).len(), 1000, "{:?}", removed(&ran));
    let warnings = ran.record()["warnings"].to_string();
    assert!(warnings.contains("compared with the best 64 rows at most"), "{warnings}");
    let related: usize = super::groups(&ran).iter().map(BTreeSet::len).sum();
    assert!(380 < related, "only {related} of 400 records were found to be alike");
}
