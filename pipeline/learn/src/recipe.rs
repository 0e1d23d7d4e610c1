//! From a corpus to the bytes of a model.

use std::collections::BTreeSet;

use assay_operators::linear::{grams::grams, script::Script, table::ANY_SCRIPT};

use crate::{
    choose::choose,
    corpus::Row,
    problem::Problem,
    samples::draw,
    shapes,
    start::start,
    train::{Effort, train},
    write::{self, Class},
};

/// Texts of a class that show its script.
const ENOUGH: usize = 2000;
/// Classes whose texts have letters of any script.
const ANY: [&str; 2] = ["und", "zxx"];

/// How a model is made.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// Samples of each class.
    pub samples: usize,
    /// Buckets of the table, of four grams each.
    pub buckets: u32,
    /// What the trainer is asked to do.
    pub effort: Effort,
}

/// Makes a model out of `rows`, whose scores are taken as they are: [`crate::calibrate`]
/// fits how far they are to be trusted. What code looks like is learnt from those in Latin
/// letters and from `pages`.
pub fn make(rows: &[Row], pages: &[Row], recipe: &Recipe) -> Result<Vec<u8>, Problem> {
    let classes = classes(rows);
    if classes.is_empty() {
        return Err(Problem::Empty("no text is in a script that several languages share"));
    }
    let names: Vec<String> = classes.iter().map(|class| class.name.clone()).collect();
    let seed = u64::from(recipe.effort.seed.unsigned_abs());
    let samples = draw(rows, &names, recipe.samples, seed);
    let group = |class: &Class| class.script.map_or(u32::from(ANY_SCRIPT), |script| script as u32);
    let groups: Vec<u32> = classes.iter().map(group).collect();
    let slots = choose(&samples, &groups, recipe.buckets);
    let learnt = train(&samples, &classes, &slots, recipe.effort);
    let mut bytes = write::bytes(&classes, &slots, &learnt);
    bytes.extend(shapes::learn(&[rows, pages].concat(), seed));
    Ok(bytes)
}

/// The classes of a corpus in order of name, each with the script of most of its bytes;
/// those that their script decides are left out.
fn classes(rows: &[Row]) -> Vec<Class> {
    let names: BTreeSet<&str> = rows.iter().map(|row| row.lang.as_str()).collect();
    let mut classes = Vec::new();
    for name in names {
        if ANY.contains(&name) {
            classes.push(Class { name: name.to_owned(), script: None, start: start(name) });
            continue;
        }
        let mut bytes = [0_u64; Script::ALL.len()];
        for row in rows.iter().filter(|row| row.lang == name).take(ENOUGH) {
            for (sum, more) in bytes.iter_mut().zip(grams(&row.text, |_| ()).letters) {
                *sum += u64::from(more);
            }
        }
        let most = bytes.iter().max().copied().unwrap_or(0);
        let script = Script::ALL.into_iter().find(|script| bytes[*script as usize] == most);
        if let Some(script) = script
            && script.only_language().is_none()
            && script != Script::Other
        {
            classes.push(Class { name: name.to_owned(), script: Some(script), start: start(name) });
        }
    }
    classes
}
