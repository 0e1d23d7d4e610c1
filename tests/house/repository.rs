//! The files of the repository.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A file, with its path below the root of the repository.
pub(crate) struct File {
    pub(crate) path: String,
}

impl File {
    /// Name without folders.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// What follows the last dot of the name.
    pub(crate) fn ending(&self) -> &str {
        self.name().rsplit_once('.').map_or("", |(_, ending)| ending)
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        fs::read(root().join(&self.path)).unwrap()
    }

    /// The content, unless it is binary.
    pub(crate) fn text(&self) -> Option<String> {
        String::from_utf8(self.bytes()).ok()
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The text of the file at `path` below the root.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path))
        .unwrap_or_else(|error| panic!("{path} cannot be read: {error}"))
}

/// Every file that is tracked or could be added, in order of path. Without git (in a
/// source archive) every file but those of builds and runs.
pub(crate) fn files() -> Vec<File> {
    let mut paths = from_git().unwrap_or_else(|| {
        let mut found = Vec::new();
        walk(&root(), "", &mut found);
        found
    });
    // A file that was deleted stays in git's index until that is recorded.
    paths.retain(|path| root().join(path).is_file());
    paths.sort();
    paths.dedup();
    assert!(!paths.is_empty(), "no file was found below {}", root().display());
    paths.into_iter().map(|path| File { path }).collect()
}

fn from_git() -> Option<Vec<String>> {
    if !root().join(".git").exists() {
        return None;
    }
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let text = String::from_utf8(listed.stdout).expect("file names are UTF-8");
    Some(text.split_terminator('\0').map(str::to_owned).collect())
}

fn walk(folder: &Path, above: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().expect("file names are UTF-8");
        let path = if above.is_empty() { name.clone() } else { format!("{above}/{name}") };
        if entry.file_type().unwrap().is_dir() {
            let built = above.is_empty() && matches!(name.as_str(), ".git" | "target" | "runs");
            if !built && name != "__pycache__" {
                walk(&entry.path(), &path, found);
            }
        } else {
            found.push(path);
        }
    }
}
