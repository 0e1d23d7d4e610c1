//! One document and the views of its text that operators share.

use std::cell::{Cell, OnceCell, RefCell};

use super::{card::Support, value::Span};
use crate::{
    linear::{familiar::Familiar, fasttext::Scores},
    text::{
        characters::{self, Characters},
        chinese::ChineseWords,
        compressed::Compressor,
        copies::Copies,
        lazy::{Lazy, Marks},
        line_counts::{self, LineCounts},
        lines::{self, Line},
        ngrams::Ngrams,
        pieces::{Ends, Pieces},
        sentences, tokens,
        vocabulary::Vocabulary,
        words::{self, Word, WordView, Words},
    },
    tokenizing::memory::Memory,
};

/// One part of a document, such as a chat turn or a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Where the part stands in [`Document::text`].
    pub span: Span,
    /// Number of the text column it came from, in the order of the plan.
    pub column: u32,
}

/// What the corpus says about a document, beside its text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Declared<'t> {
    /// Language tag, such as `zh` or `en-GB`.
    pub lang: Option<&'t str>,
    /// Where it is from.
    pub source: Option<&'t str>,
    /// Address of the page.
    pub url: Option<&'t str>,
}

/// A document: its text as one string, its parts, its declared fields, and views
/// that are computed when first asked for, at most once.
#[derive(Debug, Clone, Copy)]
pub struct Document<'t> {
    text: &'t str,
    parts: &'t [Part],
    declared: Declared<'t>,
    views: &'t Views,
}

/// Memory for the views of one document at a time, reused from document to document.
#[derive(Debug, Default)]
pub struct Workspace {
    views: Views,
}

#[derive(Debug, Default)]
struct Views {
    characters: OnceCell<Characters>,
    lines: Lazy<Vec<Line>>,
    line_counts: Lazy<Vec<LineCounts>>,
    copies: Lazy<Copies>,
    sentences: Lazy<Vec<Span>>,
    words: Lazy<Words>,
    /// Those of UAX 29 alone, as long as no others were asked for.
    segments: Lazy<Vec<Word>>,
    /// Whether words between white space were asked for, in this document or before.
    by_space: Cell<bool>,
    tokens: Lazy<Vec<Word>>,
    chinese: Lazy<ChineseWords>,
    vocabularies: [Lazy<Vocabulary>; WordView::ALL.len()],
    ngrams: [Lazy<Ngrams>; WordView::ALL.len()],
    line_pieces: [Lazy<Pieces>; Ends::ALL.len()],
    paragraph_pieces: [Lazy<Pieces>; Ends::ALL.len()],
    marks: Marks,
    /// Memory only; nothing of a document stays in it.
    compressor: RefCell<Compressor>,
    /// Memory only.
    scores: RefCell<Scores>,
    /// What is the same in every document.
    token_counts: RefCell<Memory>,
    /// The same.
    familiar: RefCell<Familiar>,
}

impl Workspace {
    /// An empty workspace.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts on a document; what was known of the one before is forgotten.
    pub fn open<'t>(
        &'t mut self,
        text: &'t str,
        parts: &'t [Part],
        declared: Declared<'t>,
    ) -> Document<'t> {
        let views = &mut self.views;
        views.characters.take();
        views.lines.reset();
        views.line_counts.reset();
        views.copies.reset();
        views.sentences.reset();
        views.words.reset();
        views.segments.reset();
        views.tokens.reset();
        views.chinese.reset();
        views.vocabularies.iter_mut().for_each(Lazy::reset);
        views.ngrams.iter_mut().for_each(Lazy::reset);
        views.line_pieces.iter_mut().for_each(Lazy::reset);
        views.paragraph_pieces.iter_mut().for_each(Lazy::reset);
        Document { text, parts, declared, views: &self.views }
    }

    /// Starts on a text of one part about which nothing is declared.
    pub fn open_text<'t>(&'t mut self, text: &'t str) -> Document<'t> {
        self.open(text, &[], Declared::default())
    }
}

impl<'t> Document<'t> {
    /// The whole text; several parts are joined by one line feed.
    #[must_use]
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The parts in order; empty if the text is a single part.
    #[must_use]
    pub fn parts(&self) -> &'t [Part] {
        self.parts
    }

    /// What the corpus says about the document.
    #[must_use]
    pub fn declared(&self) -> Declared<'t> {
        self.declared
    }

    /// Whether the text holds nothing but white space.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }

    /// How many characters of each class the text has.
    #[must_use]
    pub fn characters(&self) -> &'t Characters {
        self.views.characters.get_or_init(|| characters::count(self.text))
    }

    /// Lines in order, blank ones included.
    #[must_use]
    pub fn lines(&self) -> &'t [Line] {
        self.views.lines.get(|out| lines::split(self.text, out))
    }

    /// Lines that hold more than white space.
    pub fn non_blank_lines(&self) -> impl Iterator<Item = &'t Line> + use<'t> {
        self.lines().iter().filter(|line| !line.is_blank())
    }

    /// Non-blank lines that read as an earlier one does, in order.
    #[must_use]
    pub fn copied_lines(&self) -> &'t [Line] {
        self.views.copies.get(|out| out.fill(self.text, self.lines())).lines()
    }

    /// Sentences in order; none crosses a line feed.
    #[must_use]
    pub fn sentences(&self) -> &'t [Span] {
        self.views.sentences.get(|out| sentences::split(self.text, self.lines(), out))
    }

    /// What the lines that hold more than white space are made of, in order.
    #[must_use]
    pub fn line_counts(&self) -> &'t [LineCounts] {
        self.views.line_counts.get(|out| line_counts::count(self.text, self.lines(), out))
    }

    /// Words in order, as `view` defines them.
    #[must_use]
    pub fn words(&self, view: WordView) -> &'t [Word] {
        match view {
            WordView::Tokens => self.views.tokens.get(|out| tokens::split(self.text, out)),
            WordView::Zh => {
                let segments = || self.words(WordView::Uax29);
                self.views.chinese.get(|out| out.fill(self.text, segments())).words()
            }
            WordView::Uax29 if !self.views.by_space.get() => {
                self.views.segments.get(|out| words::split(self.text, view, out))
            }
            WordView::Uax29 | WordView::Whitespace => {
                self.views.by_space.set(true);
                self.views.words.get(|out| out.fill(self.text)).of(view)
            }
        }
    }

    /// Runs of words, as `view` defines them, that occur more than once.
    #[must_use]
    pub fn ngrams(&self, view: WordView) -> &'t Ngrams {
        self.views.ngrams[view as usize].get(|out| out.fill(self.text, self.words(view)))
    }

    /// What stands between runs of line feeds.
    #[must_use]
    pub fn line_pieces(&self, ends: Ends) -> &'t Pieces {
        self.views.line_pieces[ends as usize].get(|out| out.fill_lines(self.text, ends))
    }

    /// What stands between runs of two and more line feeds.
    #[must_use]
    pub fn paragraph_pieces(&self, ends: Ends) -> &'t Pieces {
        self.views.paragraph_pieces[ends as usize].get(|out| out.fill_paragraphs(self.text, ends))
    }

    /// Calls `with` with `count` marks to set, in memory that is reused.
    pub fn with_marks<R>(&self, count: usize, with: impl FnOnce(&mut [bool]) -> R) -> R {
        self.views.marks.with(count, with)
    }

    /// How often each different word occurs, in lower case, in words as `view` defines them.
    #[must_use]
    pub fn vocabulary(&self, view: WordView) -> &'t Vocabulary {
        self.views.vocabularies[view as usize].get(|out| out.fill(self.text, self.words(view)))
    }

    /// Calls `with` with memory for the scores of labels, which is reused; `None` if it is in
    /// use already.
    pub fn with_scores<R>(&self, with: impl FnOnce(&mut Scores) -> R) -> Option<R> {
        self.views.scores.try_borrow_mut().ok().map(|mut scores| with(&mut scores))
    }

    /// Calls `with` with memory for numbers of tokens, which documents share; `None` if it is
    /// in use already.
    pub(crate) fn with_tokens<R>(&self, with: impl FnOnce(&mut Memory) -> R) -> Option<R> {
        self.views.token_counts.try_borrow_mut().ok().map(|mut memory| with(&mut memory))
    }

    /// Calls `with` with words that a model met before, which documents share; `None` if they
    /// are in use already.
    pub(crate) fn with_familiar<R>(&self, with: impl FnOnce(&mut Familiar) -> R) -> Option<R> {
        self.views.familiar.try_borrow_mut().ok().map(|mut familiar| with(&mut familiar))
    }

    /// Length of the compressed text in bytes; `None` if there is no memory for it.
    #[must_use]
    pub fn compressed_length(&self) -> Option<usize> {
        self.views.compressor.try_borrow_mut().ok()?.length_of(self.text.as_bytes())
    }

    /// Whether an operator with this support can speak about the document.
    #[must_use]
    pub fn supports(&self, support: Support) -> bool {
        match support {
            Support::AnyText => true,
            Support::SpacedScripts => self.characters().is_spaced(),
            Support::Han => self.characters().is_chinese(),
            Support::English => {
                let characters = self.characters();
                let declared = self.declared.lang.is_none_or(|lang| primary(lang) == "en");
                declared && characters.letters <= characters.latin * 2 && characters.is_spaced()
            }
        }
    }
}

/// `en` of `en-GB` or `en_GB`.
fn primary(lang: &str) -> &str {
    lang.split(['-', '_']).next().unwrap_or(lang)
}
