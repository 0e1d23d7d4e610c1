//! Earlier runs that a corpus is compared with: what they measured is used again, and gives
//! what measuring anew gives.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::{ALL_PAIRS, corpora::families, kept};
use crate::{
    bench::{Bench, Ran, assay},
    made::{Doc, parquet, parquet_in_groups},
};

/// Edits, shared passages, and copies and near-duplicates that are compared with `against`.
fn recipe(against: &str) -> String {
    format!(
        "recipe = \"monthly\"\n[[step]]\nname = \"marks\"\noperator = \"strip_control\"\n\
         [[step]]\nname = \"copies\"\noperator = \"exact_duplicates\"\non-outside = \"drop\"\n\
         options = {{ {against} }}\n\
         [[step]]\nname = \"near\"\noperator = \"near_duplicates\"\non-outside = \"drop\"\n\
         options = {{ similarity = 0.8, {ALL_PAIRS}, templates = \"remove\", {against} }}\n\
         [[step]]\nname = \"passages\"\noperator = \"shared_passages\"\n\
         options = {{ unit = \"words\", words = 8, characters = 20 }}\n"
    )
}

/// Documents of which some have marks that are taken out.
fn docs(seed: u64, count: usize) -> Vec<Doc> {
    let mut docs = families(seed, count);
    for doc in docs.iter_mut().step_by(7) {
        doc.text = doc.text.take().map(|text| text.replacen(' ', "\u{200b} ", 2));
    }
    docs
}

/// A run over the older half of a corpus, and a bench with the younger.
fn halves() -> (Bench, Bench) {
    let (old, new) = (Bench::new(), Bench::new());
    let (first, second): (Vec<_>, Vec<_>) =
        docs(71, 900).into_iter().enumerate().partition(|(at, _)| at % 2 == 0);
    let [first, second] =
        [first, second].map(|docs| docs.into_iter().map(|it| it.1).collect::<Vec<Doc>>());
    old.recipe(&recipe(""));
    old.add("a.parquet", parquet_in_groups(&first[..300], 64));
    // These have no source of their own.
    let rows = first[300..].iter().map(|doc| json!({ "id": doc.id, "text": doc.text }).to_string());
    old.add("b.jsonl", rows.collect::<Vec<_>>().join("\n"));
    let ran = old.run_to::<&str>("first", &[]).sound(0);
    let counts = &ran.record()["counts"];
    assert!(10 < counts["edit"].as_u64().unwrap(), "{counts}");
    assert!(10 < counts["drop"].as_u64().unwrap(), "{counts}");
    let path = old.path("first").display().to_string();
    new.recipe(&recipe(&format!("against = [{path:?}]")));
    new.add("c.parquet", parquet(&second));
    (old, new)
}

/// Names of the stages that ran.
fn stages(ran: &Ran) -> Vec<String> {
    let timings = ran.record()["timings"].as_array().cloned().unwrap_or_default();
    let name = |timing: &Value| timing["stage"].as_str().map(str::to_owned);
    timings.iter().filter_map(name).collect()
}

#[test]
fn what_was_measured_then_gives_what_is_measured_now() {
    let (old, new) = halves();
    let reused = new.run_to::<&str>("reused", &[]).sound(0);
    assert!(stages(&reused).contains(&"reuse".to_owned()), "{:?}", stages(&reused));
    assert!(!stages(&reused).contains(&"measure against".to_owned()));
    fs::remove_dir_all(old.path("first/ledger/signatures")).unwrap();
    let anew = new.run_to::<&str>("anew", &[]).sound(0);
    assert!(!stages(&anew).contains(&"reuse".to_owned()), "{:?}", stages(&anew));
    assert_eq!(reused.bytes(), anew.bytes());
    let crossings = [&reused, &anew].map(|ran| ran.record()["crossings"].clone());
    assert!(
        crossings[0].to_string().contains("first/in/b.jsonl-00000.parquet"),
        "{}",
        crossings[0]
    );
    assert_eq!(crossings[0], crossings[1]);
    let counts = &reused.record()["counts"];
    assert!(50 < counts["drop"].as_u64().unwrap(), "{counts}");
}

#[test]
fn a_plan_says_what_need_not_be_read() {
    let (old, new) = halves();
    let plan = |bench: &Bench| {
        let mut plan = assay();
        plan.arg("plan").arg(bench.path("recipe.toml")).arg("-i").arg(bench.input());
        String::from_utf8(plan.output().unwrap().stdout).unwrap()
    };
    let said = "the signatures of that run are used";
    assert!(plan(&new).contains(said), "{}", plan(&new));
    fs::remove_dir_all(old.path("first/ledger/signatures")).unwrap();
    assert!(!plan(&new).contains(said));
}

/// Overwrites the pages of the file, but not its footer.
fn destroy_pages(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let (start, end) = (4, bytes.len() - 8);
    let footer = u32::from_le_bytes(bytes[end..end + 4].try_into().unwrap()) as usize;
    bytes[start..end - footer].fill(0x55);
    fs::write(path, bytes).unwrap();
}

#[test]
fn text_is_read_of_candidates_only() {
    let doc =
        |id: &str, text: &str| Doc { id: id.into(), text: Some(text.into()), source: "s".into() };
    let one = "the tide came in over the flat sand while the gulls were asleep on the wall";
    let two = "nobody at the station could say when the last train to the coast had left";
    let old = Bench::new();
    let plain = |against: &str| {
        format!(
            "recipe = \"near\"\n[[step]]\nname = \"near\"\noperator = \"near_duplicates\"\n\
             on-outside = \"drop\"\noptions = {{ similarity = 0.8, {ALL_PAIRS}{against} }}\n"
        )
    };
    old.recipe(&plain(""));
    old.add("a.parquet", parquet(&[doc("one", one)]));
    old.add("b.parquet", parquet(&[doc("two", two)]));
    let _ = old.run_to::<&str>("first", &[]).sound(0);
    destroy_pages(&old.path("first/data/in/b.parquet-00000.parquet"));
    let new = Bench::new();
    let path = old.path("first").display().to_string();
    new.recipe(&plain(&format!(", against = [{path:?}]")));
    new.add("c.parquet", parquet(&[doc("copy", one), doc("new", "a text like no other there")]));
    let ran = new.run().sound(0);
    assert_eq!(kept(&ran).into_iter().collect::<Vec<_>>(), ["new"]);
    // With a candidate in it, the file has to be read.
    new.add("d.parquet", parquet(&[doc("like", two)]));
    let _ = new.run().ends(4).says(&["b.parquet", "cannot be read any more"]);
}
