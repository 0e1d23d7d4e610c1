//! What holds for every operator of the registry.

#![expect(clippy::disallowed_methods, reason = "the list is compared with the files on disk")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::{collections::BTreeSet, fs, path::PathBuf};

use assay_operators::{
    contract::{EDIT_FIELDS, Entry, Fingerprint, Workspace},
    registry::{self, REGISTRY},
    text::words::WordView,
};
use proptest::prelude::*;
use serde_json::Value as Json;

use crate::{
    checks::{check_gauges, check_rewriters, measured, options_in},
    gauges::{GAUGES, fewest, properties},
};

#[path = "support/checks.rs"]
mod checks;
#[path = "support/gauges.rs"]
mod gauges;

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

#[test]
fn ids_are_unique_and_in_order() {
    let ids: Vec<&str> = REGISTRY.iter().map(|entry| entry.card().id).collect();
    for pair in ids.windows(2) {
        assert!(pair[0] < pair[1], "put {:?} before {:?} in registry.rs", pair[1], pair[0]);
    }
}

#[test]
fn every_operator_file_is_registered_and_has_a_guide() {
    let mut on_disk = BTreeSet::new();
    for file in family_files() {
        let id = file.file_stem().unwrap().to_str().unwrap().to_owned();
        assert!(registry::find(&id).is_some(), "add {id} to operators/src/registry.rs");
        for extension in ["rs", "md"] {
            let other = file.with_extension(extension);
            assert!(other.exists(), "write {}", other.display());
        }
        on_disk.insert(id);
    }
    for entry in REGISTRY {
        let id = entry.card().id;
        assert!(on_disk.contains(id), "{id} is registered, but not in a file {id}.rs");
    }
}

#[test]
fn cards_are_filled_in() {
    for entry in REGISTRY {
        let card = entry.card();
        let id = card.id;
        assert!(0 < card.version, "{id}: versions start at 1");
        assert!(!card.source.work.is_empty(), "{id}: who defined the rule?");
        let summary = card.summary;
        let opens = summary.chars().next().is_some_and(char::is_lowercase);
        assert!(opens && !summary.ends_with('.'), "{id}: summary {summary:?}");
        let names: BTreeSet<&str> = card.fields.iter().map(|field| field.name).collect();
        assert_eq!(names.len(), card.fields.len(), "{id}: two fields have one name");
        for field in card.fields {
            assert!(!field.unit.is_empty() && !field.what.is_empty(), "{id}: {}", field.name);
            let plain = field.name.starts_with(|c: char| c.is_ascii_lowercase())
                && field.name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
            assert!(plain, "{id}: field {:?} is not in snake case", field.name);
        }
        match entry {
            Entry::Gauge(_) => assert_eq!(card.fields[0].name, "value", "{id}"),
            Entry::Rewriter(_) => assert_eq!(card.fields, EDIT_FIELDS, "{id}"),
            Entry::Signer(_) => assert!(card.fields.is_empty(), "{id}"),
        }
    }
}

#[test]
fn guides_have_the_usual_sections() {
    let sections = ["## Definition", "## Source and where we differ", "## Known errors", "## Cost"];
    for entry in REGISTRY {
        let card = entry.card();
        let headings: Vec<&str> = card.guide.lines().filter(|l| l.starts_with("## ")).collect();
        let found: Vec<&str> = headings.iter().copied().filter(|h| sections.contains(h)).collect();
        assert_eq!(found, sections, "{}.md", card.id);
    }
}

#[test]
fn every_option_has_a_description_and_a_default_that_can_be_written() {
    for entry in REGISTRY {
        let id = entry.card().id;
        let mut written = fewest(entry).options;
        for (key, schema) in properties(entry) {
            assert!(schema["description"].is_string(), "{id}: describe option {key}");
            assert!(!key.contains('_'), "{id}: option {key} is not in kebab case");
            let default = schema.get("default").unwrap_or(&Json::Null);
            // An option that the operator cannot do without has a value already.
            if !default.is_null() && !written.contains_key(&key) {
                written.insert(key, toml::Value::try_from(default).unwrap());
            }
        }
        let fewest = fewest(entry).options;
        assert_eq!(fingerprints(entry, &written), fingerprints(entry, &fewest), "{id}");
    }
}

#[test]
fn measuring_and_limits_share_no_key_and_limits_say_what_they_bound() {
    for entry in REGISTRY {
        let Entry::Gauge(_) = entry else { continue };
        let id = entry.card().id;
        let [measuring, limits] = gauge_keys(entry);
        assert!(measuring.is_disjoint(&limits), "{id}: a key of both kinds");
        let all: BTreeSet<String> = properties(entry).into_iter().map(|(key, _)| key).collect();
        assert_eq!(&measuring | &limits, all, "{id}: schema and options differ");
        for key in limits {
            assert!(key.starts_with("min") || key.starts_with("max"), "{id}: limit {key}");
        }
    }
}

#[test]
fn options_that_do_not_exist_are_refused_with_the_nearest_name() {
    for entry in REGISTRY {
        let Some((key, _)) = properties(entry).into_iter().next() else { continue };
        let table = toml::Table::from_iter([(format!("{key}s"), toml::Value::Boolean(true))]);
        let errors = match entry {
            Entry::Gauge(kind) => kind.bind(&table).unwrap_err(),
            Entry::Rewriter(kind) => kind.bind(&table).unwrap_err(),
            Entry::Signer(kind) => kind.bind(&table).unwrap_err(),
        };
        assert!(errors[0].fix.contains(&key), "{}: {}", entry.card().id, errors[0].fix);
    }
}

#[test]
fn the_table_in_the_readme_is_the_registry() {
    const BEGIN: &str = "<!-- operators:begin -->\n";
    const END: &str = "<!-- operators:end -->";
    let readme = fs::read_to_string(README).unwrap();
    let (before, rest) = readme.split_once(BEGIN).expect("the marker that begins the table");
    let (_, after) = rest.split_once(END).expect("the marker that ends the table");
    let fresh = format!("{before}{BEGIN}{}{END}{after}", registry::table());
    if std::env::var_os("ASSAY_REGENERATE").is_some() {
        fs::write(README, fresh).unwrap();
        return;
    }
    assert!(readme == fresh, "ASSAY_REGENERATE=1 cargo test -p assay-operators rewrites it");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn gauges_keep_their_word(text in any_text()) {
        check_gauges(&text);
    }

    #[test]
    fn rewriters_keep_their_word(text in any_text()) {
        check_rewriters(&text);
    }

    #[test]
    fn a_workspace_remembers_nothing(first in any_text(), second in any_text()) {
        let (mut used, mut fresh) = (Workspace::new(), Workspace::new());
        for gauge in GAUGES.iter() {
            let _ = measured(gauge, &used.open_text(&first));
            let used = measured(gauge, &used.open_text(&second));
            prop_assert_eq!(used, measured(gauge, &fresh.open_text(&second)), "{}", gauge.card().id);
        }
    }

    #[test]
    fn views_agree_about_letters(text in any_text()) {
        let mut workspace = Workspace::new();
        let document = workspace.open_text(&text);
        for view in WordView::ALL {
            for word in document.words(view) {
                let word_text = word.span.of(&text);
                prop_assert_eq!(word.chars as usize, word_text.chars().count());
                prop_assert_eq!(word.has_letter, word_text.chars().any(char::is_alphabetic));
            }
        }
        let visible = document.non_blank_lines().next().is_some();
        prop_assert_eq!(document.is_blank(), !visible);
    }
}

/// Texts of many scripts with what tends to go wrong: controls, joiners, long runs.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-zA-Z]{1,9}[ .,'_:]{0,2}",
        3 => "[一-龥。，？！]{1,8}",
        2 => "[ぁ-ゔァ-ヺ가-힣а-яء-يक-ह\u{94d}ก-ฮ]{1,6}",
        3 => prop::sample::select(vec![
            "\n", "\r\n", " ", "\t", "\n\n", "- ", "• ", "* ", "...", "…", "……\n", "....\n", "#",
            "# ", "the ", "Of ", "3.14 ", "\u{3000}", "\u{a0}", "\u{85}", "\u{c}",
        ]).prop_map(str::to_owned),
        3 => prop::sample::select(vec![
            "\u{0}", "\u{7f}", "\u{9f}", "\u{ad}", "\u{200b}", "\u{200c}", "\u{200d}", "\u{200e}",
            "\u{202e}", "\u{2060}", "\u{2069}", "\u{feff}", "\u{61c}", "\u{301}", "\u{64b}",
            "\u{94d}", "\u{fe0f}", "👩", "🏽", "🚀", "❤", "\u{fffd}", "\u{10ffff}",
        ]).prop_map(str::to_owned),
        2 => prop::sample::select(vec![
            "12:30", "2024 ", "NASA ", "Ã©", "â€™", "³±Ë®ÍËÈ¥", "鐨勬垜", "锟斤拷", "烫烫烫", "<b>",
            "</p>", "<!-- ", "-->", "&amp;", "[b]", "[[File:a]]", "http://a.example/b", "://", "www.a",
            "me@a.example", "@", "```\n", "f(x);\n", "}\n", "import a as b\n", "read more ", "版权所有",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => ("\\PC", 1_usize..200).prop_map(|(unit, times)| unit.repeat(times)),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Files of operators: those in family folders, `mod.rs` and folders of helpers aside.
fn family_files() -> Vec<PathBuf> {
    let entries =
        |folder: PathBuf| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let families = entries(SOURCES.into()).filter(|path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        path.is_dir() && !matches!(name, "contract" | "linear" | "text" | "tokenizing")
    });
    let files =
        families.flat_map(entries).filter(|path| path.is_file() && !path.ends_with("mod.rs"));
    files.collect()
}

fn fingerprints(entry: &Entry, options: &toml::Table) -> Vec<Fingerprint> {
    match entry {
        Entry::Gauge(kind) => {
            let gauge = kind.bind(options).unwrap();
            vec![gauge.measuring().clone(), gauge.limits().clone()]
        }
        Entry::Rewriter(kind) => vec![kind.bind(options).unwrap().fingerprint().clone()],
        Entry::Signer(kind) => vec![kind.bind(options).unwrap().fingerprint().clone()],
    }
}

/// Keys of the measuring options and of the limits.
fn gauge_keys(entry: &Entry) -> [BTreeSet<String>; 2] {
    let fingerprints = fingerprints(entry, &fewest(entry).options);
    let keys =
        |at: usize| options_in(&fingerprints[at]).as_object().unwrap().keys().cloned().collect();
    [keys(0), keys(1)]
}
