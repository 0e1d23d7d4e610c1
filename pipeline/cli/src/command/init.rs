//! `assay init`: a first recipe for a corpus.

use std::{fs, path::PathBuf};

use clap::Args;

use crate::{Exit, app::Common, error::CliError, recipe::plan_alone, terminal};

/// Write a commented recipe for a corpus, with its columns found.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Files or folders of the corpus.
    #[arg(value_name = "PATH", required = true)]
    input: Vec<String>,

    /// The recipe to write.
    #[arg(short, long, value_name = "FILE", default_value = "recipe.toml")]
    out: PathBuf,
}

impl Init {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, CliError> {
        if self.out.exists() {
            return Err(CliError::usage(
                format!("{} is there already", self.out.display()),
                "choose another file with -o",
            ));
        }
        let recipe = RECIPE
            .replace("{name}", &self.out.file_stem().unwrap_or_default().to_string_lossy())
            .replace("{paths}", &self.paths()?);
        let plan = plan_alone("recipe", &recipe)?;
        let preview =
            assay_engine::preview(&plan, &self.input, &self.out, 1).map_err(CliError::Rules)?;
        let mut texts: Vec<&str> =
            preview.inputs.iter().flat_map(|input| input.text.iter().map(String::as_str)).collect();
        texts.sort_unstable();
        texts.dedup();
        let found = match texts.as_slice() {
            [] => "# text = \"text\"          # found when the files are read".to_owned(),
            [only] => format!("text = {only:?}"),
            several => format!("# text is found per file: {}", several.join(", ")),
        };
        let recipe = recipe.replace("# text = \"…\"", &found);
        fs::write(&self.out, recipe)
            .map_err(CliError::io(format!("{} cannot be written", self.out.display())))?;
        if !common.quiet {
            let out = self.out.display();
            terminal::say(format_args!(
                "{out} written; next: `assay plan {out}`, then `assay run {out}`"
            ));
        }
        Ok(Exit::Ok)
    }

    /// The inputs as a TOML list, absolute, so that the recipe can stand anywhere.
    fn paths(&self) -> Result<String, CliError> {
        let mut paths = Vec::new();
        for path in &self.input {
            let path =
                fs::canonicalize(path).map_err(CliError::io(format!("{path} cannot be opened")))?;
            paths.push(format!("{:?}", path.display().to_string()));
        }
        Ok(paths.join(", "))
    }
}

const RECIPE: &str = r#"# What to do with this corpus. `assay operators` lists what can be measured.
recipe = "{name}"

[input]
paths = [{paths}]
# text = "…"

# Removes control and zero-width characters before anything is measured.
[[step]]
name = "junk"
operator = "strip_control"

# Length in words; texts without spaces between words are unmeasured here.
[[step]]
name = "words"
operator = "word_count"
options = { min = 50, max = 100000 }
on-outside = "flag"            # keep | flag | quarantine | drop

# Length of Chinese texts.
[[step]]
name = "han"
operator = "han_characters"
options = { min = 30 }
on-outside = "flag"

# Pages that are mostly lists.
[[step]]
name = "menus"
operator = "bullet_lines"
on-outside = "flag"

# The same text again: the first row stays.
[[step]]
name = "duplicates"
operator = "exact_duplicates"
on-outside = "drop"

# Policy over what was measured, in SQL.
# [[rule]]
# name = "short_menus"
# when = "menus__value > 0.5 AND words__value < 200"
# action = "quarantine"
"#;
