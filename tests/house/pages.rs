//! What the written pages promise.

use std::collections::BTreeSet;

use arrow::datatypes::{DataType, Field};
use assay_ledger::schema;

use crate::{
    none,
    repository::{files, read, root},
};

const README: &str = "README.md";
const README_ZH: &str = "README.zh.md";

/// The fenced blocks of a page, without comments.
fn blocks(page: &str) -> Vec<String> {
    page.split("```")
        .skip(1)
        .step_by(2)
        .map(|block| {
            let lines =
                block.lines().map(|line| line.split(" # ").next().unwrap_or(line).trim_end());
            lines.filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n")
        })
        .collect()
}

/// The first cells of all table rows of a page that hold code.
fn first_cells(page: &str) -> Vec<&str> {
    page.lines()
        .filter_map(|line| line.strip_prefix("| "))
        .filter_map(|line| line.split(" | ").next())
        .filter(|cell| cell.starts_with('`') || cell.bytes().all(|byte| byte.is_ascii_digit()))
        .collect()
}

#[test]
fn both_readmes_show_the_same() {
    let (english, chinese) = (read(README), read(README_ZH));
    assert_eq!(
        blocks(&english),
        blocks(&chinese),
        "give {README} and {README_ZH} the same code blocks; only comments may differ"
    );
    assert_eq!(
        first_cells(&english),
        first_cells(&chinese),
        "give the tables of {README} and {README_ZH} the same rows"
    );
}

#[test]
fn the_readme_gives_one_test_command() {
    let page = read(README);
    let commands: BTreeSet<&str> =
        page.lines().filter(|line| line.starts_with("cargo test")).collect();
    assert_eq!(
        commands.into_iter().collect::<Vec<_>>(),
        ["cargo test --workspace"],
        "readers and .ci/run use the same command, alone on its line in {README}"
    );
}

#[test]
fn links_between_files_lead_somewhere() {
    let mut violations = Vec::new();
    for file in files() {
        // Guides hold pieces of documents as examples.
        if file.ending() != "md" || file.path.starts_with("operators/src/") {
            continue;
        }
        let text = file.text().unwrap();
        let folder = root().join(&file.path).parent().unwrap().to_owned();
        // Odd pieces are code.
        for prose in text.split("```").step_by(2) {
            for rest in prose.split("](").skip(1) {
                let target = rest.split(')').next().unwrap_or_default();
                let path = target.split('#').next().unwrap_or_default();
                if path.is_empty() || path.contains("://") {
                    continue;
                }
                if !folder.join(path).exists() {
                    violations.push(format!("{}: {target}", file.path));
                }
            }
        }
    }
    none("these links lead nowhere:", &violations);
}

const RUN_FOLDER: &str = "pipeline/docs/run-folder.md";

/// How the page writes a type.
fn written(kind: &DataType) -> String {
    match kind {
        DataType::Utf8 => "text".to_owned(),
        DataType::Int64 => "int64".to_owned(),
        DataType::Int32 => "int32".to_owned(),
        DataType::Float64 => "float64".to_owned(),
        DataType::FixedSizeBinary(16) => "16 bytes".to_owned(),
        DataType::List(item) => format!("list of {}", written(item.data_type())),
        DataType::Struct(_) => "struct".to_owned(),
        other => other.to_string(),
    }
}

fn rows(fields: &[Field]) -> Vec<String> {
    let row = |field: &Field| {
        let null = if field.is_nullable() { "yes" } else { "no" };
        format!("| `{}` | {} | {null} |", field.name(), written(field.data_type()))
    };
    fields.iter().map(row).collect()
}

#[test]
fn the_page_about_the_run_folder_is_the_schema() {
    let fields = |table: &arrow::datatypes::SchemaRef| -> Vec<Field> {
        table.fields().iter().map(|field| field.as_ref().clone()).collect()
    };
    let inner = |fields: &arrow::datatypes::Fields| -> Vec<Field> {
        fields.iter().map(|field| field.as_ref().clone()).collect()
    };
    let tables = [
        ("facts", schema::facts_base()),
        ("decisions", fields(&schema::DECISIONS)),
        ("reasons", inner(&schema::REASON_FIELDS)),
        ("groups", fields(&schema::GROUPS)),
        ("edits", fields(&schema::EDITS)),
        ("excerpts", fields(&schema::EXCERPTS)),
        ("spans", inner(&schema::SPAN_FIELDS)),
    ];
    let page = read(RUN_FOLDER);
    for (name, fields) in tables {
        let (begin, end) = (format!("<!-- {name}:begin -->"), format!("<!-- {name}:end -->"));
        let between = page
            .split_once(&begin)
            .and_then(|(_, rest)| rest.split_once(&end))
            .unwrap_or_else(|| panic!("{RUN_FOLDER} lacks the marks {begin} and {end}"))
            .0;
        let found: Vec<String> = between
            .lines()
            .filter(|line| line.starts_with("| `"))
            .map(|line| {
                let cells: Vec<&str> = line.split('|').take(4).collect();
                format!("{}|", cells.join("|"))
            })
            .collect();
        assert_eq!(
            found,
            rows(&fields),
            "write the columns of `{name}` in {RUN_FOLDER} (left) as in ledger::schema (right)"
        );
    }
}
