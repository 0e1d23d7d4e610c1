//! Everything that can be wrong with a recipe, each with its place and its cure.

use miette::{Diagnostic, NamedSource, SourceSpan};
use thiserror::Error;

/// All problems of one recipe, or of one pack that it extends. The planner never
/// stops at the first.
#[derive(Debug, Error, Diagnostic)]
#[error("{file} cannot be planned: {}", counted(.problems))]
pub struct RecipeErrors {
    /// Path as the user gave it.
    pub file: String,
    /// Text of the recipe, so that each problem can show its line.
    #[source_code]
    pub text: NamedSource<String>,
    /// In the order of their place in the file; those of `--set` come last.
    #[related]
    pub problems: Vec<RecipeProblem>,
}

/// One problem.
#[derive(Debug, Error, Diagnostic)]
pub enum RecipeProblem {
    /// The file is not even meant to be TOML.
    #[error("recipes are written in TOML, and this file ends in {ending:?}")]
    #[diagnostic(
        code(recipe::not_toml),
        help("write it again as .toml: each item under `steps:` becomes a `[[step]]` table")
    )]
    NotToml {
        /// How the file's name ends.
        ending: String,
        /// The start of the file.
        #[label("not read")]
        at: SourceSpan,
    },

    /// The text is not TOML.
    #[error("this is not TOML: {message}")]
    #[diagnostic(
        code(recipe::syntax),
        help("the rest is checked as soon as this can be read; see https://toml.io")
    )]
    Syntax {
        /// What the parser met.
        message: String,
        /// Where.
        #[label("here")]
        at: SourceSpan,
    },

    /// A key that means nothing.
    #[error("{table} has no key {key:?}")]
    #[diagnostic(code(recipe::unknown_key))]
    UnknownKey {
        /// The key as written.
        key: String,
        /// The table in which it stands.
        table: String,
        /// The nearest key, or all of them.
        #[help]
        fix: String,
        /// The key.
        #[label("not a key of {table}")]
        at: SourceSpan,
    },

    /// A value of another type than its key takes.
    #[error("{key:?} takes {expected}, not {found}")]
    #[diagnostic(code(recipe::wrong_type))]
    WrongType {
        /// The key.
        key: String,
        /// What it takes.
        expected: String,
        /// What it was given.
        found: String,
        /// How to write it.
        #[help]
        fix: String,
        /// The value.
        #[label("this is {found}")]
        at: SourceSpan,
    },

    /// A value of the right type that cannot be used.
    #[error("{key:?} {problem}")]
    #[diagnostic(code(recipe::bad_value))]
    BadValue {
        /// The key.
        key: String,
        /// What is wrong with its value, to follow the key.
        problem: String,
        /// What to write.
        #[help]
        fix: String,
        /// The value.
        #[label("set here")]
        at: SourceSpan,
    },

    /// A key that has to be there.
    #[error("{table} has no {key:?}")]
    #[diagnostic(code(recipe::missing_key))]
    MissingKey {
        /// The key.
        key: String,
        /// The table in which it should stand.
        table: String,
        /// What to write.
        #[help]
        fix: String,
        /// The table.
        #[label("`{key}` is missing here")]
        at: SourceSpan,
    },

    /// A recipe that would do nothing.
    #[error("the recipe has no steps")]
    #[diagnostic(
        code(recipe::no_steps),
        help("add a `[[step]]` with a name and an operator; `assay operators` lists them")
    )]
    NoSteps {
        /// The start of the file.
        #[label("no `[[step]]` in this file or in its packs")]
        at: SourceSpan,
    },

    /// A name that cannot begin the names of columns.
    #[error("a step cannot be called {name:?}: {problem}")]
    #[diagnostic(code(recipe::bad_step_name))]
    BadStepName {
        /// The name.
        name: String,
        /// Why not.
        problem: String,
        /// A name that can be used.
        #[help]
        fix: String,
        /// The name.
        #[label("named here")]
        at: SourceSpan,
    },

    /// Two steps of one name in one file.
    #[error("two steps are called {step:?}")]
    #[diagnostic(
        code(recipe::duplicate_step),
        help("step names begin the names of columns in the ledger; rename one of them")
    )]
    DuplicateStep {
        /// The name.
        step: String,
        /// The step that keeps it.
        #[label("first here")]
        first: SourceSpan,
        /// The other.
        #[label("again here")]
        again: SourceSpan,
    },

    /// Two rules of one name in one file.
    #[error("two rules are called {rule:?}")]
    #[diagnostic(
        code(recipe::duplicate_rule),
        help("the name of a rule is the reason that the ledger gives; rename one of them")
    )]
    DuplicateRule {
        /// The name.
        rule: String,
        /// The rule that keeps it.
        #[label("first here")]
        first: SourceSpan,
        /// The other.
        #[label("again here")]
        again: SourceSpan,
    },

    /// An operator that does not exist.
    #[error("step {step:?} uses an operator that does not exist: {operator:?}")]
    #[diagnostic(code(recipe::unknown_operator))]
    UnknownOperator {
        /// The step.
        step: String,
        /// The operator as written.
        operator: String,
        /// The nearest name, or how to list them all.
        #[help]
        fix: String,
        /// The operator.
        #[label("not in the registry")]
        at: SourceSpan,
    },

    /// An option that cannot be used.
    #[error("step {step:?}: option {key:?} {problem}")]
    #[diagnostic(code(recipe::bad_option))]
    BadOption {
        /// The step.
        step: String,
        /// The option.
        key: String,
        /// What is wrong with it, to follow the key.
        problem: String,
        /// What to do.
        #[help]
        fix: String,
        /// The option.
        #[label("set here")]
        at: SourceSpan,
    },

    /// An action on a step that only edits.
    #[error("step {step:?} edits, so it takes no {key:?}")]
    #[diagnostic(
        code(recipe::rewriter_with_action),
        help("take the key away; to keep the text as it is, leave the step out")
    )]
    RewriterWithAction {
        /// The step.
        step: String,
        /// `on-outside` or `on-unmeasured`.
        key: String,
        /// The action.
        #[label("a rewriter judges nothing")]
        at: SourceSpan,
    },

    /// A rewriter below a step that edits by what documents share.
    #[error("step {step:?} edits below step {other:?}, which sees the text as it goes out")]
    #[diagnostic(
        code(recipe::rewriter_below),
        help("move it above {other:?}: what documents share is found in the edited text")
    )]
    RewriterBelow {
        /// The rewriter.
        step: String,
        /// The step above it.
        other: String,
        /// The name of the rewriter.
        #[label("has to stand above")]
        at: SourceSpan,
    },

    /// `only-for` asks for something that is no name.
    #[error("step {step:?} cannot be limited by {key:?}: {problem}")]
    #[diagnostic(code(recipe::bad_only_for))]
    BadOnlyFor {
        /// The step.
        step: String,
        /// The key as written.
        key: String,
        /// Why not.
        problem: String,
        /// What can be used.
        #[help]
        fix: String,
        /// The key.
        #[label("asked for here")]
        at: SourceSpan,
    },

    /// A condition or expression that is not SQL.
    #[error("{asker} is not a SQL {noun}: {message}")]
    #[diagnostic(code(recipe::bad_sql))]
    BadSql {
        /// The rule or step.
        asker: String,
        /// What it should be.
        noun: &'static str,
        /// What the parser met.
        message: String,
        /// What to write.
        #[help]
        fix: &'static str,
        /// Where.
        #[label("here")]
        at: SourceSpan,
    },

    /// SQL that cannot be used.
    #[error("{asker} {problem}")]
    #[diagnostic(code(recipe::bad_condition))]
    BadCondition {
        /// The rule or step.
        asker: String,
        /// What it does, to follow its name.
        problem: String,
        /// What to write.
        #[help]
        fix: String,
        /// Where.
        #[label("here")]
        at: SourceSpan,
    },

    /// A column that the facts will not have.
    #[error("{asker} asks for a column that does not exist: {column:?}")]
    #[diagnostic(code(recipe::unknown_column))]
    UnknownColumn {
        /// The rule or step.
        asker: String,
        /// The column as written.
        column: String,
        /// The nearest column, or how columns are named.
        #[help]
        fix: String,
        /// The column.
        #[label("no column of the facts")]
        at: SourceSpan,
    },

    /// A pack that cannot be read.
    #[error("pack {pack:?} cannot be read: {why}")]
    #[diagnostic(
        code(recipe::unreadable_pack),
        help("packs are named by their path below `configs/` without `.toml`, or by a path")
    )]
    UnreadablePack {
        /// The pack.
        pack: String,
        /// Why not.
        why: String,
        /// Where it is extended.
        #[label("extended here")]
        at: SourceSpan,
    },

    /// A pack that extends itself.
    #[error("packs extend each other in a circle: {circle}")]
    #[diagnostic(
        code(recipe::circular_packs),
        help("take one of them out; what two packs share goes into a third")
    )]
    CircularPacks {
        /// The packs in order, the first again at the end.
        circle: String,
        /// Where the circle closes.
        #[label("extended again here")]
        at: SourceSpan,
    },

    /// A pack with problems of its own.
    #[error("pack {pack:?} cannot be used as it is")]
    #[diagnostic(
        code(recipe::bad_pack),
        help("what is wrong is shown in the pack's own text, which follows")
    )]
    BadPack {
        /// The pack.
        pack: String,
        /// Where it is extended.
        #[label("extended here")]
        at: SourceSpan,
        /// Its problems.
        #[related]
        problems: Vec<RecipeErrors>,
    },

    /// A `--set` for a step that does not exist.
    #[error("there is no step {step:?} to set anything for")]
    #[diagnostic(code(recipe::unknown_step))]
    UnknownStep {
        /// The step as written.
        step: String,
        /// The nearest step, or all of them.
        #[help]
        fix: String,
        /// The step.
        #[label("not a step of the recipe")]
        at: SourceSpan,
    },

    /// Settings from the command line that cannot be used.
    #[error("what `--set` says cannot be used")]
    #[diagnostic(
        code(recipe::bad_setting),
        help("what is wrong is shown in the settings themselves, which follow")
    )]
    BadSettings {
        /// The settings, one on each line.
        #[source_code]
        text: NamedSource<String>,
        /// Their problems.
        #[related]
        problems: Vec<RecipeProblem>,
    },
}

impl RecipeErrors {
    /// How many problems there are, those of packs and settings included.
    #[must_use]
    pub fn count(&self) -> usize {
        count(&self.problems)
    }
}

fn count(problems: &[RecipeProblem]) -> usize {
    let each = problems.iter().map(|problem| match problem {
        RecipeProblem::BadPack { problems, .. } => problems.iter().map(RecipeErrors::count).sum(),
        RecipeProblem::BadSettings { problems, .. } => count(problems),
        _ => 1,
    });
    each.sum()
}

fn counted(problems: &[RecipeProblem]) -> String {
    match count(problems) {
        1 => "1 problem".to_owned(),
        many => format!("{many} problems"),
    }
}
