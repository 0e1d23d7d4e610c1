//! Runs the fenced examples of every guide; `operators/README.md` describes the format.

#![expect(clippy::disallowed_methods, reason = "guides may name files of `tests/assets/`")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::{collections::BTreeSet, fs};

use assay_operators::{
    contract::{
        AnyGauge, AnyRewriter, AnySigner, Declared, Entry, Form, Judgement, Relation, Templates,
        Value, Workspace, apply,
    },
    duplicate::{
        near::{
            Shingles, overlap,
            template::{Comparer, Verdict},
        },
        shared::Cutter,
    },
    guide::{self, Example, Setting},
    registry::REGISTRY,
    text::normal::{self, Key},
};

const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/assets/");

fn file(name: &str) -> Option<Vec<u8>> {
    fs::read(format!("{FILES}{name}")).ok()
}

fn examples(entry: &Entry) -> Vec<Example> {
    guide::examples(entry, file).unwrap_or_else(|problem| panic!("{problem}"))
}

#[test]
fn guides_tell_the_truth() {
    for entry in REGISTRY {
        let examples = examples(entry);
        for (at, example) in examples.iter().enumerate() {
            let place = format!("{}.md line {}", entry.card().id, example.line);
            match entry {
                Entry::Gauge(_) if is_derived(entry) => {
                    panic!("{place}: what is not measured in the text has no examples")
                }
                Entry::Gauge(gauge) => check_gauge(*gauge, example, &place),
                Entry::Rewriter(_) if example.answer == "after" => {}
                Entry::Rewriter(rewriter) => {
                    check_rewriter(*rewriter, example, examples.get(at + 1), &place);
                }
                Entry::Signer(_) if example.answer != "kept" => {}
                Entry::Signer(signer) => {
                    check_signer(*signer, example, examples.get(at + 1), &place);
                }
            }
        }
    }
}

#[test]
fn guides_show_every_answer() {
    for entry in REGISTRY {
        let card = entry.card();
        if is_derived(entry) {
            check_settings(entry);
            continue;
        }
        let examples = examples(entry);
        let schema = entry.options_schema();
        let options: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
        let limited = options.iter().any(|key| key.starts_with("min") || key.starts_with("max"));
        let wanted: &[&str] = match entry {
            Entry::Gauge(_) if limited => &["within", "outside", "unmeasured"],
            Entry::Gauge(_) => &["within", "unmeasured"],
            Entry::Rewriter(_) => &["before", "after"],
            Entry::Signer(_) if card.id == "near_duplicates" => {
                &["kept", "copy", "template", "longer", "far"]
            }
            Entry::Signer(kind) if kind.edits() => &["kept", "shared", "far"],
            Entry::Signer(_) => &["kept", "copy", "far"],
        };
        for answer in wanted {
            let shown = examples.iter().any(|example| example.answer == *answer);
            assert!(shown, "{}.md has no example of {answer:?}", card.id);
        }
        for key in options {
            let shown = examples.iter().any(|example| example.with.options.contains_key(key));
            assert!(shown, "{}.md has no example with the option {key:?}", card.id);
        }
    }
}

/// Whether the values of an operator do not come from the text.
fn is_derived(entry: &Entry) -> bool {
    let Entry::Gauge(kind) = entry else { return false };
    let fewest = guide::fewest(entry, file).unwrap_or_else(|problem| panic!("{problem}"));
    kind.bind(&fewest.options).unwrap().derived().is_some()
}

/// Options can be used as the guide sets them, and it sets every one.
fn check_settings(entry: &Entry) {
    let Entry::Gauge(kind) = entry else { return };
    let id = entry.card().id;
    let settings = guide::settings(entry, file).unwrap_or_else(|problem| panic!("{problem}"));
    for Setting { options, .. } in &settings {
        assert!(kind.bind(options).is_ok(), "{id}.md: {options}");
    }
    for key in entry.options_schema()["properties"].as_object().unwrap().keys() {
        let shown = settings.iter().any(|with| with.options.contains_key(key));
        assert!(shown, "{id}.md sets no option {key:?}");
    }
}

fn check_gauge(kind: &dyn AnyGauge, example: &Example, place: &str) {
    let Setting { options, assets } = &example.with;
    let mut gauge = kind.bind(options).unwrap_or_else(|errors| panic!("{place}: {errors:?}"));
    gauge.load(assets).unwrap_or_else(|error| panic!("{place}: {error}"));
    let declared = Declared { lang: example.lang.as_deref(), ..Declared::default() };
    let mut workspace = Workspace::new();
    let document = workspace.open(&example.text, &[], declared);
    let mut measured = vec![Value::Missing; kind.card().fields.len()];
    gauge.measure(&document, &mut measured);
    let judgement = gauge.judge(&measured);
    let answer = match judgement {
        Judgement::Within => "within",
        Judgement::Outside(_) => "outside",
        Judgement::Unmeasured => "unmeasured",
    };
    assert_eq!(answer, example.answer, "{place}: measured {measured:?}");
}

fn check_rewriter(kind: &dyn AnyRewriter, before: &Example, after: Option<&Example>, place: &str) {
    assert_eq!(before.answer, "before", "{place}: an example opens with `text before`");
    let Some(after) = after.filter(|after| after.answer == "after") else {
        panic!("{place}: `text after` must follow")
    };
    let Setting { options, assets } = &before.with;
    let mut rewriter = kind.bind(options).unwrap_or_else(|errors| panic!("{place}: {errors:?}"));
    rewriter.load(assets).unwrap_or_else(|error| panic!("{place}: {error}"));
    let text = visible(&before.text);
    let (mut edits, mut out) = (Vec::new(), String::new());
    rewriter.edits(&Workspace::new().open_text(&text), &mut edits);
    apply(&text, &edits, &mut out);
    assert_eq!(out, visible(&after.text), "{place}");
}

fn check_signer(kind: &dyn AnySigner, kept: &Example, other: Option<&Example>, place: &str) {
    let Some(other) = other.filter(|other| other.answer != "kept") else {
        panic!("{place}: what the other text is must follow")
    };
    let signer =
        kind.bind(&kept.with.options).unwrap_or_else(|errors| panic!("{place}: {errors:?}"));
    let answer = match signer.relation() {
        Relation::Exact { form, .. } => {
            let key = |text: &str| match form {
                Form::Normal => normal::key(text, &mut Vec::new()),
                Form::Bytes => normal::content(text.as_bytes()),
            };
            if key(&kept.text) == key(&visible(&other.text)) { "copy" } else { "far" }
        }
        Relation::Passages(passages) => {
            let numbers = |text: &str| {
                let (mut workspace, mut numbers) = (Workspace::new(), Vec::new());
                let document = workspace.open_text(text);
                Cutter::default().sign(&passages.cut, &document, &mut numbers);
                let found = Cutter::default().shared(&passages.cut, &document, &numbers).to_vec();
                found.into_iter().map(|passage| passage.key).collect::<BTreeSet<Key>>()
            };
            let shared = numbers(&kept.text).intersection(&numbers(&other.text)).count();
            if 0 < shared { "shared" } else { "far" }
        }
        Relation::Near(near) => {
            let shingles = |text: &str| {
                let mut shingles = Shingles::default();
                shingles.fill(&near.sketch, &Workspace::new().open_text(text));
                shingles
            };
            let both = overlap(shingles(&kept.text).hashes(), shingles(&other.text).hashes());
            let difference = || Comparer::default().compare(&kept.text, &other.text);
            match near.templates {
                _ if !both.reaches(near.similarity) => "far",
                Templates::Remove => "copy",
                Templates::Keep => match difference().verdict {
                    Verdict::Copy => "copy",
                    Verdict::Template => "template",
                    Verdict::Longer => "longer",
                },
            }
        }
    };
    assert_eq!(answer, other.answer, "{place}");
}

/// `\u{200b}` as the character it names.
fn visible(text: &str) -> String {
    let mut pieces = text.split("\\u{");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (code, rest) = piece.split_once('}').expect("a closing brace");
        out.extend(char::from_u32(u32::from_str_radix(code, 16).unwrap()));
        out.push_str(rest);
    }
    out
}
