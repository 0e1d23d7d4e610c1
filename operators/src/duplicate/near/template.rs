//! What two similar texts differ in.

/// Whether a document may be removed because a similar one stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It says nothing that the other does not say.
    Copy,
    /// The two differ in numbers, names or dates: records, forms, revisions.
    Template,
    /// It says something that the other does not say.
    Longer,
}

/// Compares similar texts, in memory that is reused.
#[derive(Debug, Default)]
pub struct Comparer {}

/// What two texts differ in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Whether the second may be removed because the first stays.
    pub verdict: Verdict,
    /// What the verdict rests on, for people: the first few differences, as `kept → removed`.
    pub because: Vec<(String, String)>,
}

impl Comparer {
    /// Compares a text that would stay with one that would be removed.
    pub fn compare(&mut self, kept: &str, removed: &str) -> Difference {
        let numbers = |text: &str| -> Vec<String> {
            let runs = text.split(|c: char| !c.is_numeric()).filter(|run| !run.is_empty());
            runs.map(str::to_owned).collect()
        };
        let same = numbers(kept) == numbers(removed);
        let verdict = if same { Verdict::Copy } else { Verdict::Template };
        Difference { verdict, because: Vec::new() }
    }
}
