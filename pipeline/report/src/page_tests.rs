use assay_ledger::verify;

use super::*;
use crate::fixture::Fixture;

async fn page(run: &Fixture, language: Language) -> String {
    write_report(run.folder(), language).await.unwrap();
    fs::read_to_string(run.folder().report()).unwrap()
}

#[test]
fn the_fixture_is_a_whole_run() {
    assert_eq!(verify(Fixture::write().folder()).unwrap(), []);
}

#[tokio::test]
async fn the_page_holds_no_script_and_loads_nothing() {
    let page = page(&Fixture::write(), Language::En).await;
    let lower = page.to_lowercase();
    for never in [
        "<script",
        "<img",
        "<link",
        "<iframe",
        "<object",
        "onerror=\"",
        "src=\"",
        "@import",
        "url(",
    ] {
        assert!(!lower.contains(never), "{never}");
    }
    // The namespace of drawings is no address, and we do not even write that one.
    assert!(!lower.contains("http://") && !lower.contains("https://"));
    assert!(lower.contains("default-src &#39;none&#39;"));
}

#[tokio::test]
async fn names_and_texts_of_the_corpus_are_escaped() {
    let page = page(&Fixture::write(), Language::En).await;
    assert!(page.contains("&lt;script&gt;evil&lt;/script&gt;"));
    assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;"));
    assert!(page.contains("title=\"U+202E\"") && page.contains("title=\"U+0000\""));
    assert!(!page.contains('\u{202e}') && !page.contains('\0'));
    let excerpts = page.matches("<blockquote dir=\"auto\"><bdi>").count();
    // Seven samples, one of them beside the text that stays.
    assert_eq!((excerpts, page.matches("<blockquote").count()), (8, 8));
}

#[tokio::test]
async fn what_a_step_counted_is_marked() {
    let page = page(&Fixture::write(), Language::En).await;
    assert!(page.contains("<mark title=\"bullets\">• Home</mark>"), "a span");
    assert!(
        page.contains("<mark title=\"words\">&lt;script&gt;alert"),
        "spans that overlap are one"
    );
    assert!(page.contains("Limit ≥ 50"), "the reason behind a row");
    assert!(page.contains("from byte 3,600"), "a long text is cut around its first mark");
}

#[tokio::test]
async fn every_element_is_closed() {
    let page = page(&Fixture::write(), Language::Zh).await;
    let mut open: Vec<&str> = Vec::new();
    for piece in page.split('<').skip(1) {
        let tag = piece.split(['>', ' ', '\n']).next().unwrap();
        let whole = piece.split('>').next().unwrap();
        match tag.strip_prefix('/') {
            Some(tag) => assert_eq!(open.pop(), Some(tag), "{whole}"),
            None if tag == "meta" || tag.starts_with('!') || whole.ends_with('/') => {}
            None => open.push(tag),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[tokio::test]
async fn rows_in_equal_what_became_of_them() {
    let run = Fixture::write();
    let page = page(&run, Language::En).await;
    let counts = run.run().counts;
    let sentence = format!(
        "{} rows in = {} kept + {} quarantined + {} dropped",
        counts.rows,
        counts.kept(),
        counts.quarantine,
        counts.drop
    );
    assert!(page.contains(&sentence), "{sentence}");
    assert!(!page.contains("role=\"alert\""));
}

#[tokio::test]
async fn counts_that_do_not_add_up_are_an_alarm() {
    let run = Fixture::write();
    let mut record = run.run().clone();
    record.counts.keep += 1;
    record.write(&run.folder().run_json()).unwrap();
    assert!(page(&run, Language::En).await.contains("role=\"alert\""));
}

#[tokio::test]
async fn both_languages_show_the_same_numbers() {
    let run = Fixture::write();
    let (english, chinese) = (page(&run, Language::En).await, page(&run, Language::Zh).await);
    assert!(english.contains("<html lang=\"en\">") && chinese.contains("<html lang=\"zh-Hans\">"));
    for word in ["去向", "保留", "隔离", "删除", "阈值", "分布", "账本", "去重"] {
        assert!(chinese.contains(word), "{word}");
    }
    for word in ["Quarantine", "What was measured", ">drop<"] {
        assert!(!chinese.contains(word), "{word}");
    }
    assert_eq!(english.matches("<svg").count(), chinese.matches("<svg").count());
    assert_eq!(english.matches("<tr").count(), chinese.matches("<tr").count());
}

#[tokio::test]
async fn every_chart_has_a_role_and_a_title() {
    let page = page(&Fixture::write(), Language::En).await;
    let charts = page.matches("<svg").count();
    assert!(20 < charts);
    assert_eq!(page.matches("role=\"img\"").count(), charts);
    assert_eq!(page.matches("preserveAspectRatio").count(), charts);
    assert_eq!(page.matches("<title>").count(), charts + 1);
}

#[tokio::test]
async fn limits_are_drawn_and_named() {
    let page = page(&Fixture::write(), Language::En).await;
    for limit in ["≥ 50", "≤ 20,000", "≤ 0.8"] {
        assert!(
            page.contains(&format!("{limit}</text>"))
                || page.contains(&format!("{limit}\n</text>")),
            "{limit}"
        );
    }
}

#[tokio::test]
async fn the_same_run_gives_the_same_page() {
    let run = Fixture::write();
    assert_eq!(page(&run, Language::En).await, page(&run, Language::En).await);
}

#[tokio::test]
async fn a_folder_without_a_run_says_so() {
    let empty = tempfile::tempdir().unwrap();
    let error = write_report(&Folder::new(empty.path()), Language::En).await.unwrap_err();
    assert!(error.to_string().contains("holds no finished run"), "{error}");
}

#[tokio::test]
async fn a_name_with_a_quote_finds_its_reasons() {
    let page = page(&Fixture::with_file_name("it's [a] 100% test?"), Language::En).await;
    assert!(page.contains("Limit ≥ 50"), "{page}");
}
