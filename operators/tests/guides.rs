//! Runs the fenced examples of every guide; `operators/README.md` describes the format.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use assay_operators::{
    contract::{
        AnyGauge, AnyRewriter, AnySigner, Declared, Entry, Form, Judgement, Relation, Templates,
        Value, Workspace, apply,
    },
    duplicate::near::{
        Shingles, overlap,
        template::{Comparer, Verdict},
    },
    registry::REGISTRY,
    text::normal,
};

/// One fenced block of a guide.
struct Fence {
    /// Line of the guide on which the text starts, from 1.
    line: usize,
    heading: String,
    /// What follows the opening fence: `text outside`, `text unmeasured lang-zh`.
    info: String,
    text: String,
}

/// One example with what it needs.
struct Example {
    line: usize,
    expected: String,
    lang: Option<String>,
    options: toml::Table,
    text: String,
}

#[test]
fn guides_tell_the_truth() {
    for entry in REGISTRY {
        let examples = examples(entry.card().guide);
        for (at, example) in examples.iter().enumerate() {
            let place = format!("{}.md line {}", entry.card().id, example.line);
            match entry {
                Entry::Gauge(gauge) => check_gauge(*gauge, example, &place),
                Entry::Rewriter(_) if example.expected == "after" => {}
                Entry::Rewriter(rewriter) => {
                    check_rewriter(*rewriter, example, examples.get(at + 1), &place);
                }
                Entry::Signer(_) if example.expected != "kept" => {}
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
        let examples = examples(card.guide);
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
            Entry::Signer(_) => &["kept", "copy", "far"],
        };
        for answer in wanted {
            let shown = examples.iter().any(|example| example.expected == *answer);
            assert!(shown, "{}.md has no example of {answer:?}", card.id);
        }
        for key in options {
            let shown = examples.iter().any(|example| example.options.contains_key(key));
            assert!(shown, "{}.md has no example with the option {key:?}", card.id);
        }
    }
}

fn check_gauge(kind: &dyn AnyGauge, example: &Example, place: &str) {
    let gauge = kind.bind(&example.options).unwrap_or_else(|errors| panic!("{place}: {errors:?}"));
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
    assert_eq!(answer, example.expected, "{place}: measured {measured:?}");
}

fn check_rewriter(kind: &dyn AnyRewriter, before: &Example, after: Option<&Example>, place: &str) {
    assert_eq!(before.expected, "before", "{place}: an example opens with `text before`");
    let Some(after) = after.filter(|after| after.expected == "after") else {
        panic!("{place}: `text after` must follow")
    };
    let rewriter =
        kind.bind(&before.options).unwrap_or_else(|errors| panic!("{place}: {errors:?}"));
    let text = visible(&before.text);
    let (mut edits, mut out) = (Vec::new(), String::new());
    rewriter.edits(&Workspace::new().open_text(&text), &mut edits);
    apply(&text, &edits, &mut out);
    assert_eq!(out, visible(&after.text), "{place}");
}

fn check_signer(kind: &dyn AnySigner, kept: &Example, other: Option<&Example>, place: &str) {
    let Some(other) = other.filter(|other| other.expected != "kept") else {
        panic!("{place}: what the other text is must follow")
    };
    let signer = kind.bind(&kept.options).unwrap_or_else(|errors| panic!("{place}: {errors:?}"));
    let answer = match signer.relation() {
        Relation::Exact { form, .. } => {
            let key = |text: &str| match form {
                Form::Normal => normal::key(text, &mut Vec::new()),
                Form::Bytes => normal::content(text.as_bytes()),
            };
            if key(&kept.text) == key(&visible(&other.text)) { "copy" } else { "far" }
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
    assert_eq!(answer, other.expected, "{place}");
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

/// Options hold from their block to the next one or to the next heading.
fn examples(guide: &str) -> Vec<Example> {
    let mut found = Vec::new();
    let (mut options, mut heading) = (toml::Table::new(), String::new());
    for fence in fences(guide) {
        if fence.heading != heading {
            options = toml::Table::new();
            heading = fence.heading;
        }
        let mut words = fence.info.split_whitespace();
        match (words.next(), words.next()) {
            (Some("toml"), Some("options")) => options = fence.text.parse().unwrap(),
            (Some("text"), Some(expected)) => found.push(Example {
                line: fence.line,
                expected: expected.to_owned(),
                lang: words.find_map(|word| word.strip_prefix("lang-")).map(str::to_owned),
                options: options.clone(),
                text: fence.text,
            }),
            _ => {}
        }
    }
    found
}

fn fences(guide: &str) -> Vec<Fence> {
    let mut found = Vec::new();
    let mut heading = String::new();
    let mut lines = guide.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        if line.starts_with('#') {
            line.clone_into(&mut heading);
        }
        let Some(info) = line.strip_prefix("```") else { continue };
        let inside = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```");
        let text = inside.collect::<Vec<_>>().join("\n");
        let info = info.to_owned();
        found.push(Fence { line: at + 2, heading: heading.clone(), info, text });
    }
    found
}
