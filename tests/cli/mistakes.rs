//! Mistakes in a recipe: all at once, each with its line and a cure.

use crate::corpus::with_corpus;

/// Six mistakes, each in a line of its own.
const RECIPE: &str = r#"recipe = "six mistakes"

[input]
paths = ["corpus"]
txet = "body"

[[step]]
name = "menus"
operator = "bullet_line"

[[step]]
name = "words"
operator = "word_count"
options = { mni = 5 }
on-outside = "remove"

[[step]]
name = "lengths"
operator = "mean_word_length"
options = { max = "ten" }

[[rule]]
name = "short"
when = "word__value < 20 AND lang = 'en'"
action = "drop"
"#;

#[test]
fn all_mistakes_are_shown_at_once_with_their_lines_and_nearest_names() {
    let bench = with_corpus();
    bench.write("recipe.toml", RECIPE);
    let planned = bench.assay(["plan", "recipe.toml"]);
    insta::assert_snapshot!(planned.snapshot());
    let run = bench.assay(["run", "recipe.toml", "-o", "out"]);
    assert_eq!((run.exit, &run.stderr), (planned.exit, &planned.stderr));
    assert!(!bench.path("out").exists(), "nothing is begun with such a recipe");
}

#[test]
fn what_is_no_toml_is_shown_where_it_breaks() {
    let bench = with_corpus();
    bench.write("recipe.toml", "recipe = \"web\n[[step]]\nname = words\n");
    insta::assert_snapshot!(bench.assay(["plan", "recipe.toml"]).snapshot());
}

#[test]
fn a_column_that_no_file_has_is_named_before_anything_is_read() {
    let bench = with_corpus();
    let recipe = crate::corpus::RECIPE.replace("[[step]]\nname = \"junk\"", "text = \"body\"\n$0");
    let recipe = recipe.replace("$0", "[[step]]\nname = \"junk\"");
    bench.write("recipe.toml", recipe);
    insta::assert_snapshot!(bench.assay(["plan", "recipe.toml"]).snapshot());
}
