//! The list of operators, and looking names up in it.

use std::fmt::Write;

use crate::{
    characters, contract::Entry, derived, duplicate, language, layout, learned, markup, repetition,
    variety, web, wording,
};

/// Every operator, in order of id. The order is the order of the reference page.
pub static REGISTRY: &[Entry] = &[
    Entry::Gauge(wording::alphabetic_words::KIND),
    Entry::Gauge(wording::boilerplate_phrases::KIND),
    Entry::Gauge(layout::bullet_lines::KIND),
    Entry::Rewriter(web::c4_lines::KIND),
    Entry::Gauge(characters::character_classes::KIND),
    Entry::Gauge(characters::character_shares::KIND),
    Entry::Gauge(markup::code_lines::KIND),
    Entry::Gauge(derived::column::KIND),
    Entry::Gauge(variety::compression::KIND),
    Entry::Gauge(layout::copied_lines::KIND),
    Entry::Gauge(web::curly_brackets::KIND),
    Entry::Gauge(repetition::duplicate_lines::KIND),
    Entry::Gauge(repetition::duplicate_ngrams::KIND),
    Entry::Gauge(repetition::duplicate_paragraphs::KIND),
    Entry::Gauge(layout::ellipsis_lines::KIND),
    Entry::Signer(duplicate::exact_duplicates::KIND),
    Entry::Gauge(derived::expression::KIND),
    Entry::Gauge(learned::fasttext_model::KIND),
    Entry::Gauge(characters::han_characters::KIND),
    Entry::Gauge(repetition::han_ngrams::KIND),
    Entry::Gauge(derived::imported::KIND),
    Entry::Gauge(language::language::KIND),
    Entry::Gauge(wording::lexicon::KIND),
    Entry::Gauge(layout::line_breaks::KIND),
    Entry::Gauge(layout::line_length::KIND),
    Entry::Gauge(wording::listed_words::KIND),
    Entry::Gauge(layout::long_lines::KIND),
    Entry::Gauge(web::lorem_ipsum::KIND),
    Entry::Gauge(markup::markup_share::KIND),
    Entry::Gauge(wording::mean_word_length::KIND),
    Entry::Gauge(characters::mojibake::KIND),
    Entry::Signer(duplicate::near_duplicates::KIND),
    Entry::Gauge(layout::numeric_lines::KIND),
    Entry::Gauge(wording::regex::KIND),
    Entry::Gauge(characters::script_shares::KIND),
    Entry::Gauge(wording::sentence_count::KIND),
    Entry::Signer(duplicate::shared_passages::KIND),
    Entry::Gauge(layout::short_lines::KIND),
    Entry::Gauge(wording::stop_words::KIND),
    Entry::Rewriter(characters::strip_control::KIND),
    Entry::Gauge(wording::symbol_words::KIND),
    Entry::Gauge(layout::terminal_punctuation::KIND),
    Entry::Gauge(characters::token_count::KIND),
    Entry::Gauge(characters::token_estimate::KIND),
    Entry::Gauge(repetition::top_ngrams::KIND),
    Entry::Gauge(variety::unique_words::KIND),
    Entry::Gauge(layout::upper_case_lines::KIND),
    Entry::Gauge(wording::upper_case_words::KIND),
    Entry::Gauge(markup::web_addresses::KIND),
    Entry::Gauge(wording::word_count::KIND),
    Entry::Gauge(variety::word_entropy::KIND),
];

/// The operator called `id`.
#[must_use]
pub fn find(id: &str) -> Option<&'static Entry> {
    REGISTRY.iter().find(|entry| entry.card().id == id)
}

/// The operator whose id looks most like `id`, if any is close.
#[must_use]
pub fn nearest(id: &str) -> Option<&'static str> {
    nearest_of(id, REGISTRY.iter().map(|entry| entry.card().id))
}

/// The one of `names` that looks most like `name`, if any is close.
pub fn nearest_of<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let scored = names.into_iter().map(|known| (strsim::jaro_winkler(name, known), known));
    scored.filter(|(score, _)| 0.8 <= *score).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, n)| n)
}

/// The operators as a Markdown table.
#[must_use]
pub fn table() -> String {
    let mut table =
        String::from("| operator | kind | what it does | source |\n|---|---|---|---|\n");
    for entry in REGISTRY {
        let card = entry.card();
        let source = match card.source.url {
            "" => card.source.work.to_owned(),
            url => format!("[{}]({url})", card.source.work),
        };
        // Writing to a string cannot fail.
        let _ =
            writeln!(table, "| `{}` | {} | {} | {source} |", card.id, entry.kind(), card.summary);
    }
    table
}
