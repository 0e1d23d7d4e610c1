//! Which files a list of paths means.
//!
//! The name of a file in the ledger is the label of its root and the path below the
//! root, so that the same corpus has the same names wherever it is mounted.

use std::{
    collections::{BTreeMap, HashMap},
    fs, io,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use assay_ingest::{Format, format_of};
use walkdir::WalkDir;

use crate::EngineError;

/// How many `.txt` and `.md` files of a folder are taken together as one file.
pub(super) const TEXTS_PER_SHARD: usize = 10_000;

/// A file that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Label of the root and path below it, with `/` between.
    pub file: String,
    /// Where it is.
    pub path: PathBuf,
    pub kind: Kind,
    pub size: u64,
    /// Time of the last change in nanoseconds.
    pub tag: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Parquet,
    Other(Format),
    /// Text files of one folder, with their paths below the root.
    Texts(Vec<(String, PathBuf)>),
}

/// What was found, and what was passed over.
#[derive(Debug, Default)]
pub(super) struct Discovery {
    pub files: Vec<Found>,
    pub warnings: Vec<String>,
}

/// Finds the files of `inputs`, in byte order of their names. `LABEL=PATH` names a
/// root; `except` is left out, so that a run does not read what it writes.
pub(super) fn discover(inputs: &[String], except: &Path) -> Result<Discovery, EngineError> {
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    let mut texts: BTreeMap<String, BTreeMap<String, PathBuf>> = BTreeMap::new();
    let mut passed_over: BTreeMap<String, u64> = BTreeMap::new();
    let mut names: HashMap<PathBuf, String> = HashMap::new();
    let mut warnings = Vec::new();
    for input in inputs {
        let (label, path) = split_label(input);
        let root = absolute(&path).map_err(|error| {
            EngineError::input(input, format!("cannot be opened: {error}"), "check the path")
        })?;
        let (base, label) = base_and_label(&root, label)?;
        for path in walk(&root, except, &mut warnings)? {
            if path.to_str().is_none() {
                return Err(EngineError::input(
                    path.display().to_string(),
                    "has a name that is not UTF-8, which the ledger could not name",
                    "rename it",
                ));
            }
            let relative = path.strip_prefix(&base).unwrap_or(&path);
            let relative = slashed(relative);
            let file = format!("{label}/{relative}");
            let name = names.entry(path.clone()).or_insert_with(|| file.clone());
            if *name != file {
                return Err(EngineError::input(
                    format!("{} is given twice", path.display()),
                    format!("once as {name} and once as {file}, so all its rows would count twice"),
                    "leave out one of the paths",
                ));
            }
            let Some(kind) = kind_of(&path) else {
                let ending =
                    path.extension().map_or("none".into(), |e| format!(".{}", e.display()));
                *passed_over.entry(ending).or_default() += 1;
                continue;
            };
            if kind == Kind::Other(Format::Text) {
                if path != root && is_about_data(&path) && has_data(&root) {
                    warnings.push(format!("{file} is about the data beside it and was not read"));
                    continue;
                }
                let place = texts.entry(label.clone()).or_default();
                if let Some(other) = place.insert(relative, path.clone()) {
                    return Err(two_meanings(&file, &other, &path));
                }
                continue;
            }
            insert(&mut found, one_file(file, path, kind)?)?;
        }
    }
    for (label, files) in texts {
        let files: Vec<_> = files.into_iter().collect();
        for (number, shard) in files.chunks(TEXTS_PER_SHARD).enumerate() {
            insert(&mut found, text_shard(&label, number, shard)?)?;
        }
    }
    if found.is_empty() {
        return Err(EngineError::input(
            inputs.join(", "),
            "holds no file that can be read",
            "assay reads .parquet, .jsonl (plain, .gz, .zst), .csv, .arrow and folders of .txt/.md",
        ));
    }
    let passed_over = passed_over.into_iter();
    warnings.extend(
        passed_over
            .map(|(ending, files)| format!("{files} files with ending {ending} were not read")),
    );
    Ok(Discovery { files: found.into_values().collect(), warnings })
}

fn insert(found: &mut BTreeMap<String, Found>, file: Found) -> Result<(), EngineError> {
    match found.get(&file.file) {
        Some(other) if other.path != file.path => {
            Err(two_meanings(&file.file, &other.path, &file.path))
        }
        _ => {
            found.insert(file.file.clone(), file);
            Ok(())
        }
    }
}

/// The path with its links resolved, but for a file's own name: what a link is called
/// says what it is, what it points to may be called after a hash.
fn absolute(path: &Path) -> std::io::Result<PathBuf> {
    if fs::metadata(path)?.is_dir() {
        return fs::canonicalize(path);
    }
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let folder = fs::canonicalize(folder.unwrap_or(Path::new(".")))?;
    Ok(path.file_name().map_or(folder.clone(), |name| folder.join(name)))
}

fn two_meanings(file: &str, one: &Path, other: &Path) -> EngineError {
    EngineError::input(
        file,
        format!("means both {} and {}", one.display(), other.display()),
        "give one of the roots another label: -i LABEL=PATH",
    )
}

/// Whether a text file is called as those that come with a dataset are.
fn is_about_data(path: &Path) -> bool {
    const NAMES: [&str; 6] = ["readme", "license", "licence", "notice", "changelog", "citation"];
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
    NAMES.iter().any(|name| stem == *name || stem.starts_with(&format!("{name}.")))
}

/// Whether a folder holds files of rows, such as texts in it may be about.
fn has_data(root: &Path) -> bool {
    let files = WalkDir::new(root).into_iter().filter_map(Result::ok);
    let mut kinds = files.filter(|it| it.file_type().is_file()).filter_map(|it| kind_of(it.path()));
    kinds.any(|kind| kind != Kind::Other(Format::Text))
}

/// The label and the path of an input that may be written as `LABEL=PATH`.
pub(crate) fn split_label(input: &str) -> (Option<String>, PathBuf) {
    match input.split_once('=') {
        Some((label, path)) if is_label(label) && !Path::new(input).exists() => {
            (Some(label.to_owned()), path.into())
        }
        _ => (None, input.into()),
    }
}

fn is_label(label: &str) -> bool {
    !label.is_empty() && !label.contains(['/', '\\']) && label != "." && label != ".."
}

/// The folder that paths are relative to, and the label that stands for it.
fn base_and_label(root: &Path, label: Option<String>) -> Result<(PathBuf, String), EngineError> {
    let base = if root.is_dir() { root } else { root.parent().unwrap_or(root) };
    let label = match label {
        Some(label) => label,
        None => base.file_name().map_or("root".to_owned(), |name| name.display().to_string()),
    };
    if fs::metadata(base).is_err() {
        return Err(EngineError::input(
            base.display().to_string(),
            "cannot be read",
            "check access",
        ));
    }
    Ok((base.to_owned(), label))
}

fn walk(
    root: &Path,
    except: &Path,
    warnings: &mut Vec<String>,
) -> Result<Vec<PathBuf>, EngineError> {
    if !root.is_dir() {
        return Ok(vec![root.to_owned()]);
    }
    let hidden = |entry: &walkdir::DirEntry| {
        0 < entry.depth() && entry.file_name().as_encoded_bytes().starts_with(b".")
    };
    let walker = WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter();
    let mut files = Vec::new();
    for entry in walker.filter_entry(|entry| !hidden(entry) && entry.path() != except) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let place = error.path().unwrap_or(root);
                if leads_nowhere(&error) {
                    warnings.push(format!("the link {} leads to no file", place.display()));
                    continue;
                }
                let (place, problem) = (place.display().to_string(), "cannot be listed");
                return Err(EngineError::input(
                    place,
                    format!("{problem}: {error}"),
                    "check access",
                ));
            }
        };
        if entry.file_type().is_file() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

/// Whether the error is about a link to nothing, or back to a folder it is in.
fn leads_nowhere(error: &walkdir::Error) -> bool {
    let link = error.path().is_some_and(|path| path.is_symlink());
    let missing = error.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound);
    link && (missing || error.loop_ancestor().is_some())
}

fn kind_of(path: &Path) -> Option<Kind> {
    let parquet = path.extension().is_some_and(|ending| {
        ending.eq_ignore_ascii_case("parquet") || ending.eq_ignore_ascii_case("pq")
    });
    if parquet { Some(Kind::Parquet) } else { format_of(path).map(Kind::Other) }
}

fn one_file(file: String, path: PathBuf, kind: Kind) -> Result<Found, EngineError> {
    let (size, tag) = size_and_tag(&path)?;
    Ok(Found { file, path, kind, size, tag })
}

fn text_shard(
    label: &str,
    number: usize,
    files: &[(String, PathBuf)],
) -> Result<Found, EngineError> {
    let mut size = 0;
    let mut hasher = xxhash_rust::xxh3::Xxh3::new();
    for (relative, path) in files {
        let (bytes, tag) = size_and_tag(path)?;
        size += bytes;
        hasher.update(format!("{relative}\n{bytes}\n{tag}\n").as_bytes());
    }
    let path = files.first().map(|(_, path)| path.clone()).unwrap_or_default();
    Ok(Found {
        file: format!("{label}/texts-{number:05}"),
        path,
        kind: Kind::Texts(files.to_vec()),
        size,
        tag: format!("{:016x}", hasher.digest()),
    })
}

fn size_and_tag(path: &Path) -> Result<(u64, String), EngineError> {
    let metadata = fs::metadata(path).map_err(EngineError::io("read", path))?;
    let changed = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    Ok((metadata.len(), changed.map_or_else(String::new, |time| time.as_nanos().to_string())))
}

fn slashed(path: &Path) -> String {
    let parts: Vec<String> =
        path.components().map(|part| part.as_os_str().display().to_string()).collect();
    parts.join("/")
}
