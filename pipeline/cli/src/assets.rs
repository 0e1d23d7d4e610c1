//! Files that options of a recipe name.

use std::{
    fs::{self, File},
    io::ErrorKind::NotFound,
    path::{Path, PathBuf},
};

use assay_operators::contract::Asset;
use assay_plan::{AssetContent, BadAsset, TableContent};
use bytesize::ByteSize;

/// Where paths begin.
const BEGINS: &str = "a path begins beside the recipe or pack that names it; with --set, where \
                      the command is typed";
/// Bytes of the largest file that an option may name: it is held in memory.
const MOST_ASSET_BYTES: u64 = 4 << 30;

/// Reads the file that an option names.
pub(crate) fn asset(written: &str, folder: &Path) -> Result<AssetContent, BadAsset> {
    let path = folder.join(written);
    let shown = path.display();
    let found = fs::metadata(&path);
    if written.is_empty() || found.as_ref().is_err_and(|error| error.kind() == NotFound) {
        return bad(format!("names {shown}, which does not exist"), BEGINS);
    }
    match found {
        Ok(found) if !found.is_file() => {
            return bad(format!("names {shown}, which is no file"), "name one file");
        }
        Ok(found) if MOST_ASSET_BYTES < found.len() => {
            let (size, most) = (ByteSize(found.len()), ByteSize(MOST_ASSET_BYTES));
            let problem = format!("names {shown} of {size}, more than {most}");
            return bad(problem, "name a smaller file; it is held in memory");
        }
        _ => {}
    }
    let bytes = fs::read(&path);
    let path = std::path::absolute(&path);
    match (path, bytes) {
        (Ok(path), Ok(bytes)) => {
            Ok(AssetContent { path: path.display().to_string(), bytes: bytes.into() })
        }
        (Err(error), _) | (_, Err(error)) => {
            bad(format!("names {shown}, which cannot be read: {error}"), "see its permissions")
        }
    }
}

/// The tables that a path or pattern means.
pub(crate) fn tables(written: &str, folder: &Path) -> Result<Vec<TableContent>, BadAsset> {
    let shown = folder.join(written).display().to_string();
    let found = if folder.join(written).is_file() {
        vec![folder.join(written)]
    } else {
        // What the folder is called is no pattern.
        let folder = glob::Pattern::escape(&folder.display().to_string());
        let pattern = Path::new(&folder).join(written).display().to_string();
        let paths = glob::glob(&pattern).map_err(|error| BadAsset {
            problem: format!("names {shown}, which is no pattern: {error}"),
            fix: "write a path, or a pattern such as \"scores/*.parquet\"".to_owned(),
        })?;
        paths.filter_map(Result::ok).filter(|path| path.is_file()).collect()
    };
    if found.is_empty() || written.is_empty() {
        return bad(format!("names {shown}, where no file is"), BEGINS);
    }
    let mut tables: Vec<TableContent> = found.iter().map(table).collect::<Result<_, _>>()?;
    tables.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(tables)
}

/// The corpus that an option names, maybe as `LABEL=PATH`, by an absolute path.
pub(crate) fn corpus(written: &str, folder: &Path) -> Result<String, BadAsset> {
    let (label, path) = match written.split_once('=') {
        Some((label, path)) if !folder.join(written).exists() => (Some(label), path),
        _ => (None, written),
    };
    let path = folder.join(path);
    if written.is_empty() || !path.exists() {
        return bad(format!("names {}, which does not exist", path.display()), BEGINS);
    }
    let path = std::path::absolute(&path).unwrap_or(path).display().to_string();
    Ok(label.map_or(path.clone(), |label| format!("{label}={path}")))
}

fn table(path: &PathBuf) -> Result<TableContent, BadAsset> {
    let read = || {
        let file = File::open(path)?;
        let bytes = file.metadata()?.len();
        let path = std::path::absolute(path)?.display().to_string();
        Ok(TableContent { path, content: Asset::read(file)?, bytes })
    };
    read().map_err(|error: std::io::Error| BadAsset {
        problem: format!("names {}, which cannot be read: {error}", path.display()),
        fix: "see its permissions".to_owned(),
    })
}

fn bad<T>(problem: String, fix: &str) -> Result<T, BadAsset> {
    Err(BadAsset { problem, fix: fix.to_owned() })
}
