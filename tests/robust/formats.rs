//! One corpus in every format: the same decisions.

use crate::{
    bench::{Bench, Decision},
    made::{arrow_ipc, batch, csv, docs, jsonl, parquet, zst},
};

const RULED: &str = r#"
[[rule]]
name = "source"
when = "source = 'source 2' AND words__value > 21"
action = "quarantine"
[[step]]
name = "junk"
operator = "strip_control"
"#;

#[test]
fn decisions_do_not_depend_on_the_format() {
    let mut rows = docs(1, 300);
    for at in (0..300).step_by(7) {
        rows[at].text = rows[at / 2].text.clone();
    }
    rows[11].text =
        Some("\u{feff}an invisible\u{200b} mark, \"quotes\",\nand a line\r\nend".into());
    rows[12].text = Some("too short".into());
    rows[13].text = Some(" wide\u{3000}space and e\u{301} apart ".into());
    rows[14].text = Some("wide space and \u{e9} apart".into());
    rows[15].text = Some(String::new());
    let whole = batch(&rows);
    let files = [
        ("a.parquet", parquet(&rows)),
        ("a.jsonl.zst", zst(&jsonl(&rows))),
        ("a.csv", csv(&rows)),
        ("a.arrow", arrow_ipc(&whole)),
    ];
    let mut all: Vec<Vec<Decision>> = Vec::new();
    for (name, bytes) in files {
        let bench = Bench::new();
        bench.recipe(&format!("{}{RULED}", crate::bench::RECIPE));
        bench.add(name, bytes);
        let ran = bench.run().sound(0);
        let strip = |it: Decision| Decision {
            file: String::new(),
            out: it.out.map(|(_, row)| (String::new(), row)),
            ..it
        };
        all.push(ran.decisions().into_iter().map(strip).collect());
    }
    let actions: std::collections::BTreeSet<&str> =
        all[0].iter().map(|it| it.action.as_str()).collect();
    assert_eq!(actions.into_iter().collect::<Vec<_>>(), ["drop", "edit", "keep", "quarantine"]);
    for other in &all[1..] {
        for (left, right) in all[0].iter().zip(other) {
            assert_eq!(left, right);
        }
        assert_eq!(all[0].len(), other.len());
    }
}
