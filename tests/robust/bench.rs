//! A folder with an input, a recipe and runs of the command over it.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::Int64Type,
};
use assay_ledger::{Folder, Manifest, read_table};
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_128;

/// Longer than any run here should take.
const PATIENCE: Duration = Duration::from_mins(2);

/// Short documents go, duplicates go: the recipe of most cases.
pub(crate) const RECIPE: &str = r#"
recipe = "robust"
[[step]]
name = "words"
operator = "word_count"
options = { min = 3, dialect = "paper" }
on-outside = "drop"
[[step]]
name = "duplicates"
operator = "exact_duplicates"
on-outside = "drop"
"#;

/// A folder of its own for a case.
pub(crate) struct Bench {
    root: tempfile::TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let bench = Self { root: tempfile::tempdir().unwrap() };
        fs::create_dir(bench.input()).unwrap();
        bench.recipe(RECIPE);
        bench
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.root.path().join(name)
    }

    /// The folder that is read.
    pub(crate) fn input(&self) -> PathBuf {
        self.path("in")
    }

    /// Writes a file of the input and returns its name in the ledger.
    pub(crate) fn add(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.input().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        format!("in/{name}")
    }

    pub(crate) fn recipe(&self, text: &str) {
        fs::write(self.path("recipe.toml"), text).unwrap();
    }

    /// Whether `assay verify` finds nothing wrong with the run in `out`.
    pub(crate) fn verifies(&self, out: &str) -> bool {
        let mut verify = assay();
        verify.arg("verify").arg(self.path(out));
        verify.output().unwrap().status.success()
    }

    /// `assay run` from the input to `out`, to be started by the caller.
    pub(crate) fn command<A: AsRef<OsStr>>(&self, out: &str, more: &[A]) -> Command {
        let mut command = self.bare(out);
        if !more.iter().any(|it| it.as_ref() == "-i") {
            command.arg("-i").arg(self.input());
        }
        command.args(more);
        command
    }

    fn bare(&self, out: &str) -> Command {
        let mut command = assay();
        command.arg("run").arg(self.path("recipe.toml")).arg("-o").arg(self.path(out));
        command.arg("--lang=en");
        command
    }

    /// Runs over the whole input into `out`.
    pub(crate) fn run(&self) -> Ran {
        self.run_to::<&str>("out", &[])
    }

    pub(crate) fn run_to<A: AsRef<OsStr>>(&self, out: &str, more: &[A]) -> Ran {
        Ran::wait(self.command(out, more), self.path(out))
    }
}

/// The command, with nothing asked yet.
pub(crate) fn assay() -> Command {
    Command::new(env!("CARGO_BIN_EXE_assay-under-test"))
}

/// A run that has ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) said: String,
    pub(crate) out: PathBuf,
}

/// One row of the decisions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Decision {
    pub(crate) file: String,
    pub(crate) row: i64,
    pub(crate) action: String,
    pub(crate) step: Option<String>,
    pub(crate) key: Option<Vec<u8>>,
    pub(crate) content: Option<Vec<u8>>,
    pub(crate) id: Option<String>,
    pub(crate) out: Option<(String, i64)>,
}

/// Starts a process whose words go to a file.
pub(crate) fn start(mut command: Command, said: &Path) -> Child {
    let words = File::create(said).unwrap();
    command.stdout(Stdio::null()).stdin(Stdio::null()).stderr(words).spawn().unwrap()
}

impl Ran {
    pub(crate) fn wait(command: Command, out: PathBuf) -> Self {
        let said = tempfile::NamedTempFile::new().unwrap();
        let mut child = start(command, said.path());
        let began = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if PATIENCE < began.elapsed() {
                child.kill().unwrap();
                panic!("hangs: {}", fs::read_to_string(said.path()).unwrap_or_default());
            }
            std::thread::sleep(Duration::from_millis(3));
        };
        let said = String::from_utf8_lossy(&fs::read(said.path()).unwrap()).into_owned();
        Self { code: status.code(), said, out }
    }

    /// The run ended with this code, and without alarm.
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.said);
        assert!(!self.said.contains("panicked"), "{}", self.said);
        assert!(!self.said.contains("bug in assay"), "{}", self.said);
        self
    }

    /// The run ended with this code, its folder verifies and its kept texts are those
    /// that were measured.
    #[track_caller]
    pub(crate) fn sound(self, code: i32) -> Self {
        let ran = self.ends(code);
        let record = ran.record();
        let counts = |name: &str| record["counts"][name].as_u64().unwrap();
        let fates = ["keep", "flag", "edit", "quarantine", "drop"].map(counts);
        assert_eq!(counts("rows"), fates.iter().sum::<u64>());
        let mut verify = assay();
        verify.arg("verify").arg(&ran.out);
        let verified = Self::wait(verify, ran.out.clone());
        assert_eq!(verified.code, Some(0), "{}", verified.said);
        ran.texts_are_those_measured();
        ran
    }

    /// The whole of stderr has all of `words`.
    #[track_caller]
    pub(crate) fn says(self, words: &[&str]) -> Self {
        for word in words {
            // Errors are wrapped at the width of a page.
            let flat = self.said.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(flat.contains(word), "{word:?} is not in:\n{}", self.said);
        }
        self
    }

    pub(crate) fn record(&self) -> Value {
        serde_json::from_slice(&fs::read(self.out.join("run.json")).unwrap()).unwrap()
    }

    /// What run.json says of a file's rows.
    pub(crate) fn counts_of(&self, file: &str) -> Value {
        let record = self.record();
        let files = record["files"].as_array().unwrap();
        let found = files.iter().find(|it| it["file"] == file);
        found.map(|it| it["counts"].clone()).unwrap_or_default()
    }

    /// Rows of a file that were kept, flagged or edited.
    pub(crate) fn kept(&self, file: &str) -> u64 {
        let counts = self.counts_of(file);
        ["keep", "flag", "edit"].iter().map(|name| counts[*name].as_u64().unwrap_or(0)).sum()
    }

    /// What could not be read: file, first row, rows.
    pub(crate) fn unreadable(&self) -> Vec<(String, Option<u64>, Option<u64>)> {
        let record = self.record();
        let parts = record["unreadable"].as_array().unwrap();
        let name = |part: &Value| part["file"].as_str().unwrap().to_owned();
        parts.iter().map(|it| (name(it), it["first_row"].as_u64(), it["rows"].as_u64())).collect()
    }

    fn manifest(&self) -> Manifest {
        Manifest::read(&Folder::new(&self.out).manifest()).unwrap()
    }

    /// Batches of the files of a table, by path below the run folder.
    pub(crate) fn table(&self, table: &str) -> BTreeMap<String, Vec<RecordBatch>> {
        let manifest = self.manifest();
        let files = manifest.of(table).map(|file| file.path.clone());
        files.map(|path| (path.clone(), read_table(&self.out.join(&path)).unwrap())).collect()
    }

    pub(crate) fn decisions(&self) -> Vec<Decision> {
        let tables = self.table("ledger/decisions").into_values();
        let mut rows: Vec<Decision> = tables.flatten().flat_map(|it| decisions(&it)).collect();
        rows.sort();
        rows
    }

    /// Names of files below the run folder's tables and the hash of their bytes.
    pub(crate) fn bytes(&self) -> BTreeMap<String, u128> {
        let mut found = BTreeMap::new();
        for table in ["data", "ledger", "quarantine", "dropped"] {
            hash_below(&self.out, &self.out.join(table), &mut found);
        }
        found
    }

    fn texts_are_those_measured(&self) {
        let decisions = self.decisions();
        for (path, batches) in self.table("data") {
            let mut expected = decisions
                .iter()
                .filter(|it| it.out.as_ref().is_some_and(|(file, _)| *file == path))
                .collect::<Vec<_>>();
            expected.sort_by_key(|it| it.out.clone());
            let mut expected = expected.into_iter();
            for batch in batches {
                let Some(column) = batch.column_by_name("text") else { return };
                let text = arrow::compute::cast(column, &arrow::datatypes::DataType::Utf8);
                let text = text.unwrap();
                for text in text.as_string::<i32>() {
                    let decision = expected.next().unwrap();
                    let hash = text.filter(|it| !it.is_empty());
                    let hash = hash.map(|it| xxh3_128(it.as_bytes()).to_be_bytes().to_vec());
                    let edits = decision.action == "edit" || decision.action == "flag";
                    assert!(edits || decision.content == hash, "{path}: {decision:?}");
                }
            }
            assert_eq!(expected.next(), None, "{path}");
        }
    }
}

fn decisions(batch: &RecordBatch) -> Vec<Decision> {
    let text = |name: &str| batch.column_by_name(name).unwrap().as_string::<i32>().clone();
    let number =
        |name: &str| batch.column_by_name(name).unwrap().as_primitive::<Int64Type>().clone();
    let hash = |name: &str| batch.column_by_name(name).unwrap().as_fixed_size_binary().clone();
    let (file, row, action, step) = (text("file"), number("row"), text("action"), text("step"));
    let (key, content, id) = (hash("key"), hash("content"), text("id"));
    let (out_file, out_row) = (text("out_file"), number("out_row"));
    let decision = |at: usize| Decision {
        file: file.value(at).to_owned(),
        row: row.value(at),
        action: action.value(at).to_owned(),
        step: step.is_valid(at).then(|| step.value(at).to_owned()),
        key: key.is_valid(at).then(|| key.value(at).to_vec()),
        content: content.is_valid(at).then(|| content.value(at).to_vec()),
        id: id.is_valid(at).then(|| id.value(at).to_owned()),
        out: out_file.is_valid(at).then(|| (out_file.value(at).to_owned(), out_row.value(at))),
    };
    (0..batch.num_rows()).map(decision).collect()
}

fn hash_below(root: &Path, folder: &Path, found: &mut BTreeMap<String, u128>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            hash_below(root, &path, found);
        } else {
            let name = path.strip_prefix(root).unwrap().display().to_string();
            found.insert(name, xxh3_128(&fs::read(&path).unwrap()));
        }
    }
}
