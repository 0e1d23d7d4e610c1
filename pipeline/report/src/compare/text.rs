//! A comparison as text.

use std::fmt;

use assay_ledger::{Counts, schema::action};
use serde_json::Value;

use super::{Comparison, Example, Matching};
use crate::{figures, unseen::spelled};

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        plans(self, f)?;
        counts(self, f)?;
        rows(self, f)
    }
}

fn plans(found: &Comparison, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (left, right) = (&found.left, &found.right);
    if left.recipe != right.recipe {
        writeln!(f, "recipe   {} -> {}", spelled(&left.recipe), spelled(&right.recipe))?;
    }
    if left.version != right.version {
        writeln!(f, "version  {} -> {}", left.version, right.version)?;
    }
    if found.plan.is_empty() {
        return writeln!(f, "plan     the same");
    }
    writeln!(f, "plan")?;
    for change in &found.plan {
        let shown = |value: &Option<Value>| {
            value.as_ref().map_or("(not set)".to_owned(), |value| spelled(&value.to_string()))
        };
        writeln!(
            f,
            "  {}: {} -> {}",
            spelled(&change.path),
            shown(&change.left),
            shown(&change.right)
        )?;
    }
    Ok(())
}

/// One figure of a run.
type Figure = fn(&Counts) -> u64;

fn counts(found: &Comparison, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    writeln!(f, "\n  {:<14}{:>14}{:>14}{:>14}", "rows", "left", "right", "change")?;
    let figures: [(&str, Figure); 8] = [
        ("read", |counts| counts.rows),
        (action::KEEP, |counts| counts.keep),
        (action::FLAG, |counts| counts.flag),
        (action::EDIT, |counts| counts.edit),
        (action::QUARANTINE, |counts| counts.quarantine),
        (action::DROP, |counts| counts.drop),
        ("unreadable", |counts| counts.unreadable),
        ("= kept", Counts::kept),
    ];
    for (name, figure) in figures {
        let (left, right) = (figure(&found.left.counts), figure(&found.right.counts));
        let change = match (left < right, left == right) {
            (_, true) => "0".to_owned(),
            (true, _) => format!("+{}", figures::count(right - left)),
            (false, _) => format!("-{}", figures::count(left - right)),
        };
        let (left, right) = (figures::count(left), figures::count(right));
        writeln!(f, "  {name:<14}{left:>14}{right:>14}{change:>14}")?;
    }
    Ok(())
}

fn rows(found: &Comparison, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let how = match found.matching {
        Matching::Row => "by file and row",
        Matching::Content => "by the bytes of their text, because the inputs differ",
    };
    writeln!(f, "\n{} rows matched {how}", figures::count(found.matched))?;
    for (rows, what) in [
        (found.only_left, "only on the left"),
        (found.only_right, "only on the right"),
        (found.ambiguous, "not matched: several rows have the same text, or none"),
    ] {
        if 0 < rows {
            writeln!(f, "  {} {what}", figures::count(rows))?;
        }
    }
    if found.changed() == 0 {
        return writeln!(f, "every row has the same action");
    }
    writeln!(f, "{} rows have another action:\n", figures::count(found.changed()))?;
    matrix(found, f)?;
    writeln!(f, "\nexamples")?;
    found.examples.iter().try_for_each(|example| example_line(example, f))
}

fn matrix(found: &Comparison, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "  {:<14}", "left \\ right")?;
    for name in action::ALL {
        write!(f, "{name:>12}")?;
    }
    writeln!(f)?;
    for left in action::ALL {
        write!(f, "  {left:<14}")?;
        for right in action::ALL {
            let turn = found.turns.iter().find(|turn| turn.left == left && turn.right == right);
            let rows = turn.map_or("·".to_owned(), |turn| figures::count(turn.rows));
            write!(f, "{rows:>12}")?;
        }
        writeln!(f)?;
    }
    Ok(())
}

fn example_line(example: &Example, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let side = |action: &str, step: &Option<String>| match step {
        Some(step) => format!("{action} ({})", spelled(step)),
        None => action.to_owned(),
    };
    write!(f, "  {}:{}", spelled(&example.file), example.row)?;
    if let Some(id) = &example.id {
        write!(f, " {}", spelled(id))?;
    }
    let left = side(&example.left_action, &example.left_step);
    let right = side(&example.right_action, &example.right_step);
    writeln!(f, ": {left} -> {right}")
}
