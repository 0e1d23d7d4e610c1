//! Files that options name: word lists, models, tokenizers. Operators see their content,
//! never their place.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt,
    io::{self, Read},
    sync::Arc,
};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::OptionsError;

/// A file that an option names, by what it holds.
///
/// A recipe writes a path; what makes the plan reads the file and writes `sha256:` and
/// 64 hexadecimal digits in its place, so that a fingerprint depends on the content and
/// not on where it lies. As an option it is an `Option<Asset>` or a `Vec<Asset>`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Asset([u8; 32]);

/// What precedes the digits.
const PREFIX: &str = "sha256:";
/// What the schema of an option calls such a value.
const FORMAT: &str = "asset";

impl Asset {
    /// The asset that holds `content`.
    #[must_use]
    pub fn of(content: &[u8]) -> Self {
        Self(Sha256::digest(content).into())
    }

    /// The asset that holds what `content` reads to its end.
    pub fn read(mut content: impl Read) -> io::Result<Self> {
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            match content.read(&mut buffer)? {
                0 => return Ok(Self(hash.finalize().into())),
                read => hash.update(&buffer[..read]),
            }
        }
    }
}

impl fmt::Display for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PREFIX)?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl From<Asset> for String {
    fn from(asset: Asset) -> Self {
        asset.to_string()
    }
}

impl TryFrom<String> for Asset {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        let wrong = || format!("is {written:?}, which is no file that was read");
        let digits = written.strip_prefix(PREFIX).filter(|digits| digits.len() == 64);
        let digits = digits.filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let digits = digits.ok_or_else(wrong)?;
        let mut hash = [0; 32];
        for (at, byte) in hash.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&digits[at * 2..at * 2 + 2], 16).map_err(|_| wrong())?;
        }
        Ok(Self(hash))
    }
}

impl JsonSchema for Asset {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Asset".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": FORMAT, "minLength": 1 })
    }
}

/// Parquet files that an option names by a path or a pattern, by what they hold together.
/// The engine reads them, never an operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tables(Asset);

/// What the schema of an option calls such a value.
const TABLES: &str = "tables";

impl Tables {
    /// The tables that hold `files`; their order and names do not matter.
    #[must_use]
    pub fn of(files: &[Asset]) -> Self {
        let mut hashes: Vec<[u8; 32]> = files.iter().map(|asset| asset.0).collect();
        hashes.sort_unstable();
        Self(Asset::of(hashes.as_flattened()))
    }
}

impl fmt::Display for Tables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl JsonSchema for Tables {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Tables".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": TABLES, "minLength": 1 })
    }
}

/// Keys of the options that name tables, by the schema of the option table.
pub(super) fn table_keys(schema: &serde_json::Value) -> Vec<String> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties
        .filter(|(_, schema)| schema["format"] == TABLES)
        .map(|(key, _)| key.clone())
        .collect()
}

/// Keys of the options that name files, by the schema of the option table.
pub(super) fn asset_keys(schema: &serde_json::Value) -> Vec<String> {
    let names_file = |schema: &serde_json::Value| {
        schema["format"] == FORMAT || schema["items"]["format"] == FORMAT
    };
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties.filter(|(_, schema)| names_file(schema)).map(|(key, _)| key.clone()).collect()
}

/// What the files hold that the options of a step name.
#[derive(Clone, Default)]
pub struct Assets(BTreeMap<Asset, Arc<[u8]>>);

impl Assets {
    /// Adds a file by its content.
    pub fn add(&mut self, content: impl Into<Arc<[u8]>>) -> Asset {
        let content = content.into();
        let asset = Asset::of(&content);
        self.0.insert(asset.clone(), content);
        asset
    }

    /// Adds a file of `bytes` bytes, in memory once while it is read.
    pub fn read(&mut self, mut content: impl Read, bytes: usize) -> io::Result<Asset> {
        let mut held: Arc<[u8]> = std::iter::repeat_n(0, bytes).collect();
        if let Some(held) = Arc::get_mut(&mut held) {
            content.read_exact(held)?;
        }
        match content.read(&mut [0])? {
            0 => Ok(self.add(held)),
            _ => Err(io::Error::other("the file grows while it is read")),
        }
    }

    /// What the file holds that option `key` names.
    pub fn bytes(&self, key: &str, asset: &Asset) -> Result<&Arc<[u8]>, OptionsError> {
        self.0.get(asset).ok_or_else(|| {
            let fix = "name a file that can be read where the documents are measured";
            OptionsError::new(key, format!("names {asset}, which was not read"), fix)
        })
    }

    /// What the file holds that option `key` names, as text without a byte order mark.
    pub fn text(&self, key: &str, asset: &Asset) -> Result<&str, OptionsError> {
        let bytes = self.bytes(key, asset)?;
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let problem = format!("names a file that is not UTF-8 at byte {}", error.valid_up_to());
            OptionsError::new(key, problem, "save it as UTF-8")
        })?;
        Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
    }
}

impl fmt::Debug for Assets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter().map(|(asset, held)| (asset, held.len()))).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default, Serialize, Deserialize, JsonSchema)]
    #[serde(default)]
    struct Options {
        one: Option<Asset>,
        many: Vec<Asset>,
        other: String,
    }

    #[test]
    fn an_asset_is_written_by_its_content() {
        // The digest of FIPS 180-2, appendix B.1.
        let written = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Asset::of(b"abc").to_string(), written);
        assert_eq!(Asset::try_from(written.to_owned()), Ok(Asset::of(b"abc")));
        assert_eq!(Asset::read(b"abc".as_slice()).unwrap(), Asset::of(b"abc"));
    }

    #[test]
    fn a_path_is_not_yet_an_asset() {
        for written in ["lists/words.txt", "sha256:", "sha256:+a", ""] {
            assert!(Asset::try_from(written.to_owned()).is_err(), "{written}");
        }
    }

    #[test]
    fn options_that_name_files_are_known_by_their_schema() {
        let schema = schemars::schema_for!(Options).to_value();
        assert_eq!(asset_keys(&schema), ["many", "one"]);
    }

    #[test]
    fn a_file_is_read_to_its_end() {
        let mut assets = Assets::default();
        let added = assets.read(b"abc".as_slice(), 3).unwrap();
        assert_eq!(assets.text("file", &added), Ok("abc"));
        assert!(assets.read(b"abc".as_slice(), 2).is_err());
        assert!(assets.read(b"abc".as_slice(), 4).is_err());
    }

    #[test]
    fn what_was_not_added_is_an_error_and_what_is_no_text_says_where() {
        let mut assets = Assets::default();
        assert_eq!(assets.text("file", &Asset::of(b"abc")).unwrap_err().key, "file");
        let added = assets.add(*b"\xef\xbb\xbfabc");
        assert_eq!(assets.text("file", &added), Ok("abc"));
        let added = assets.add(*b"ab\xff");
        let problem = assets.text("file", &added).unwrap_err().problem;
        assert_eq!(problem, "names a file that is not UTF-8 at byte 2");
    }
}
