//! The examples of a guide, as tests and benches run them; `operators/README.md`
//! describes how they are written.

use std::collections::BTreeMap;

use crate::contract::{Assets, Entry};

/// One example with what it needs.
#[derive(Debug)]
pub struct Example {
    /// Line of the guide on which its text starts, from 1.
    pub line: usize,
    /// What the operator has to answer: `within`, `before` …
    pub answer: String,
    /// Language that the document declares.
    pub lang: Option<String>,
    /// With which options the operator runs.
    pub with: Setting,
    /// The document.
    pub text: String,
}

/// Options, and the files that they name.
#[derive(Debug, Clone, Default)]
pub struct Setting {
    /// As a plan holds them.
    pub options: toml::Table,
    /// What the files hold.
    pub assets: Assets,
}

/// One fenced block.
struct Fence {
    line: usize,
    heading: String,
    /// What follows the opening fence: `text outside`, `text unmeasured lang-zh`.
    info: String,
    text: String,
}

/// The examples of an operator's guide in order. Options hold from their block to the next
/// one or to the next heading. `read` gives files that the guide names and does not hold.
///
/// # Errors
///
/// Options that are not TOML, or that name a file which is not there, with their line.
pub fn examples(
    entry: &Entry,
    read: impl Fn(&str) -> Option<Vec<u8>>,
) -> Result<Vec<Example>, String> {
    let keys = entry.asset_keys();
    let mut found = Vec::new();
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let (mut with, mut heading) = (Setting::default(), String::new());
    for fence in fences(entry.card().guide) {
        if fence.heading != heading {
            (with, heading) = (Setting::default(), fence.heading);
        }
        let mut words = fence.info.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some("text"), Some("asset"), Some(name)) => {
                files.insert(name.to_owned(), fence.text.into_bytes());
            }
            (Some("toml"), Some("options"), _) => {
                let place =
                    |problem| format!("{}.md line {}: {problem}", entry.card().id, fence.line);
                let file = |name: &str| files.get(name).cloned().or_else(|| read(name));
                with = setting(&fence.text, &keys, file).map_err(place)?;
            }
            (Some("text"), Some(answer), rest) => found.push(Example {
                line: fence.line,
                answer: answer.to_owned(),
                lang: rest.and_then(|word| word.strip_prefix("lang-")).map(str::to_owned),
                with: with.clone(),
                text: fence.text,
            }),
            _ => {}
        }
    }
    Ok(found)
}

/// The fewest options with which an operator runs: none, or those by which its guide
/// first names a file, if it cannot do without.
///
/// # Errors
///
/// As [`examples`].
pub fn fewest(entry: &Entry, read: impl Fn(&str) -> Option<Vec<u8>>) -> Result<Setting, String> {
    let empty = toml::Table::new();
    let runs = match entry {
        Entry::Gauge(kind) => kind.bind(&empty).is_ok(),
        Entry::Rewriter(kind) => kind.bind(&empty).is_ok(),
        Entry::Signer(kind) => kind.bind(&empty).is_ok(),
    };
    if runs {
        return Ok(Setting::default());
    }
    let keys = entry.asset_keys();
    let names_file =
        |example: &Example| keys.iter().any(|key| example.with.options.contains_key(key));
    let mut with = examples(entry, read)?.into_iter().find(names_file).map(|example| example.with);
    if let Some(with) = &mut with {
        with.options.retain(|key, _| keys.iter().any(|known| known == key));
    }
    with.ok_or_else(|| format!("{}.md has no example with a file", entry.card().id))
}

/// Reads options and puts what files hold in the place of their names.
fn setting(
    written: &str,
    keys: &[String],
    file: impl Fn(&str) -> Option<Vec<u8>>,
) -> Result<Setting, String> {
    let options: toml::Table = written.parse().map_err(|error| format!("{error}"))?;
    let mut with = Setting { options, assets: Assets::default() };
    for key in keys {
        let names = match with.options.get_mut(key) {
            Some(toml::Value::Array(names)) => names.iter_mut().collect(),
            Some(name) => vec![name],
            None => Vec::new(),
        };
        for name in names {
            let content = name.as_str().and_then(&file);
            let content = content.ok_or_else(|| format!("no file is called {name}"))?;
            *name = with.assets.add(content).to_string().into();
        }
    }
    Ok(with)
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
