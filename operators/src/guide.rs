//! The examples of a guide, as tests and benches run them; `operators/README.md`
//! describes how they are written.

use std::collections::BTreeMap;

use crate::contract::{Asset, Assets, Entry, Tables};

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
    let mut found = Vec::new();
    walk(entry, read, |block| {
        if let Block::Example(example) = block {
            found.push(example);
        }
    })?;
    Ok(found)
}

/// A block that means something.
enum Block<'g> {
    Options(&'g Setting),
    Example(Example),
}

fn walk(
    entry: &Entry,
    read: impl Fn(&str) -> Option<Vec<u8>>,
    mut meet: impl FnMut(Block<'_>),
) -> Result<(), String> {
    let (keys, tables) = (entry.asset_keys(), entry.table_keys());
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
                for key in &tables {
                    if let Some(named) = with.options.get_mut(key) {
                        *named = Tables::of(&[Asset::of(named.to_string().as_bytes())])
                            .to_string()
                            .into();
                    }
                }
                meet(Block::Options(&with));
            }
            (Some("text"), Some(answer), rest) => meet(Block::Example(Example {
                line: fence.line,
                answer: answer.to_owned(),
                lang: rest.and_then(|word| word.strip_prefix("lang-")).map(str::to_owned),
                with: with.clone(),
                text: fence.text,
            })),
            _ => {}
        }
    }
    Ok(())
}

/// The options of every block of a guide that sets any, in order.
///
/// # Errors
///
/// As [`examples`].
pub fn settings(
    entry: &Entry,
    read: impl Fn(&str) -> Option<Vec<u8>>,
) -> Result<Vec<Setting>, String> {
    let mut found = Vec::new();
    walk(entry, read, |block| {
        if let Block::Options(with) = block {
            found.push(with.clone());
        }
    })?;
    Ok(found)
}

/// The fewest options with which an operator runs: none, or what its guide first sets, less
/// the limits, if it cannot do without.
///
/// # Errors
///
/// As [`examples`], and a guide that sets nothing which can be used.
pub fn fewest(entry: &Entry, read: impl Fn(&str) -> Option<Vec<u8>>) -> Result<Setting, String> {
    let runs = |with: &Setting| match entry {
        Entry::Gauge(kind) => kind.bind(&with.options).is_ok(),
        Entry::Rewriter(kind) => kind.bind(&with.options).is_ok(),
        Entry::Signer(kind) => kind.bind(&with.options).is_ok(),
    };
    if runs(&Setting::default()) {
        return Ok(Setting::default());
    }
    let limits = |key: &str| key.starts_with("min") || key.starts_with("max");
    let mut less = settings(entry, read)?.into_iter().map(|mut with| {
        with.options.retain(|key, _| !limits(key));
        with
    });
    let nothing = || format!("{}.md has no options that can be used", entry.card().id);
    less.find(runs).ok_or_else(nothing)
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
