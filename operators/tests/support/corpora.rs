//! Texts to measure speed with.

use std::{env, fs};

const DOCUMENTS: usize = 64;
const DOCUMENT_BYTES: usize = 3_000;

/// Names a folder of text files, each a corpus whose documents stand between NUL characters.
const FOLDER: &str = "ASSAY_BENCH_TEXTS";

/// Most bytes of a corpus.
const MOST_BYTES: usize = 2 << 20;

/// The corpora of the folder that the environment names, else some that are composed here.
pub(crate) fn corpora() -> Vec<(String, Vec<String>)> {
    match env::var_os(FOLDER) {
        Some(folder) => {
            let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
            let mut corpora: Vec<_> = files
                .map(|file| {
                    let text = fs::read_to_string(&file).unwrap();
                    (file.file_stem().unwrap().display().to_string(), split(&text))
                })
                .collect();
            corpora.sort();
            corpora
        }
        None => composed(),
    }
}

pub(crate) fn bytes(corpus: &[String]) -> u64 {
    corpus.iter().map(|text| text.len() as u64).sum()
}

fn split(text: &str) -> Vec<String> {
    let mut left = MOST_BYTES;
    let documents = text.split('\0').take_while(|document| {
        left = left.saturating_sub(document.len());
        left != 0
    });
    documents.map(str::to_owned).collect()
}

fn composed() -> Vec<(String, Vec<String>)> {
    let english = "the tide went out before dawn and boats lay in mud of harbour that have with be \
        to a slow morning light over water we waited because nobody knew when it would come back \
        don't 1,024 well-known “quoted” however children fishermen weather government";
    let english: Vec<String> = english.split_whitespace().map(|word| format!("{word} ")).collect();
    let chinese = "潮水在黎明前退去渔船停泥滩上等待下一次涨的时候我们站码头看远处灯光慢变暗风从海吹来带着盐味道人说今天会有雨但没相信他";
    let chinese: Vec<String> = chinese.chars().map(String::from).collect();
    let mixed: Vec<String> = english.iter().step_by(3).chain(&chinese).cloned().collect();
    vec![
        ("english".to_owned(), documents(&english, &[". ", ", ", "? ", ".\n", ".\n\n", "...\n- "])),
        ("chinese".to_owned(), documents(&chinese, &["，", "。", "、", "。\n", "！\n", "……\n"])),
        ("mixed".to_owned(), documents(&mixed, &["，", ". ", "。\n", "\n", "（", "）"])),
    ]
}

/// Documents of words in an order that is neither regular nor left to chance.
fn documents(words: &[String], marks: &[&str]) -> Vec<String> {
    let mut state = 1_u64;
    let mut next = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or(0) % below
    };
    let mut document = || {
        let mut text = String::new();
        while text.len() < DOCUMENT_BYTES {
            text.push_str(&words[next(words.len())]);
            if next(9) == 0 {
                text.truncate(text.trim_end().len());
                text.push_str(marks[next(marks.len())]);
            }
        }
        text
    };
    (0..DOCUMENTS).map(|_| document()).collect()
}
