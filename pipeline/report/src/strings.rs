//! Every word of the page, in both languages. `{}` is filled in by [`fill`].

use crate::Language;

/// The page's words in one language.
#[derive(Debug)]
pub(crate) struct Strings {
    pub(crate) title: &'static str,
    pub(crate) contents: &'static str,
    pub(crate) subtitle: &'static str,
    pub(crate) rows: &'static str,
    pub(crate) bytes: &'static str,
    pub(crate) text: &'static str,
    pub(crate) share: &'static str,
    pub(crate) total: &'static str,
    pub(crate) other: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) numbers: &'static str,

    pub(crate) rows_in: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) removed: &'static str,
    pub(crate) kept_note: &'static str,
    pub(crate) bytes_note: &'static str,
    pub(crate) wrong_rows: &'static str,
    pub(crate) wrong_none: &'static str,
    pub(crate) wrong_some: &'static str,
    pub(crate) fate_of: &'static str,

    pub(crate) keep: &'static str,
    pub(crate) flag: &'static str,
    pub(crate) edit: &'static str,
    pub(crate) quarantine: &'static str,
    pub(crate) drop: &'static str,
    pub(crate) unreadable: &'static str,

    pub(crate) funnel: &'static str,
    pub(crate) funnel_lead: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) action: &'static str,
    pub(crate) wrong: &'static str,
    pub(crate) marked: &'static str,
    pub(crate) marked_lead: &'static str,
    pub(crate) balances: &'static str,
    pub(crate) unbalanced: &'static str,
    pub(crate) bar_title: &'static str,

    pub(crate) wrong_lead: &'static str,
    pub(crate) nothing_wrong: &'static str,
    pub(crate) warnings: &'static str,
    pub(crate) bad_rows: &'static str,
    pub(crate) bad_parts: &'static str,
    pub(crate) first_row: &'static str,
    pub(crate) why: &'static str,
    pub(crate) no_text: &'static str,
    pub(crate) invalid_utf8: &'static str,
    pub(crate) broken_json: &'static str,
    pub(crate) broken_csv: &'static str,
    pub(crate) oversize: &'static str,

    pub(crate) files: &'static str,
    pub(crate) files_lead: &'static str,
    pub(crate) file: &'static str,
    pub(crate) other_files: &'static str,
    pub(crate) capped: &'static str,

    pub(crate) steps: &'static str,
    pub(crate) steps_lead: &'static str,
    pub(crate) step: &'static str,
    pub(crate) operator: &'static str,
    pub(crate) within: &'static str,
    pub(crate) outside: &'static str,
    pub(crate) unmeasured: &'static str,
    pub(crate) skipped: &'static str,

    pub(crate) measures: &'static str,
    pub(crate) measures_lead: &'static str,
    pub(crate) no_measures: &'static str,
    pub(crate) measured: &'static str,
    pub(crate) limit: &'static str,
    pub(crate) no_limit: &'static str,
    pub(crate) all_rows: &'static str,
    pub(crate) median: &'static str,
    pub(crate) low: &'static str,
    pub(crate) high: &'static str,
    pub(crate) by_source: &'static str,
    pub(crate) source: &'static str,
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) log_note: &'static str,
    pub(crate) histogram_title: &'static str,
    pub(crate) value: &'static str,

    pub(crate) groups: &'static str,
    pub(crate) groups_lead: &'static str,
    pub(crate) no_groups: &'static str,
    pub(crate) group_count: &'static str,
    pub(crate) members: &'static str,
    pub(crate) templates: &'static str,
    pub(crate) largest: &'static str,
    pub(crate) size: &'static str,
    pub(crate) kept_row: &'static str,
    pub(crate) lowest_similarity: &'static str,
    pub(crate) sizes: &'static str,

    pub(crate) excerpts: &'static str,
    pub(crate) excerpts_lead: &'static str,
    pub(crate) no_excerpts: &'static str,
    pub(crate) excerpts_capped: &'static str,
    pub(crate) from_byte: &'static str,
    pub(crate) id: &'static str,
    pub(crate) instead: &'static str,
    pub(crate) kept_text: &'static str,
    pub(crate) condition: &'static str,

    pub(crate) provenance: &'static str,
    pub(crate) provenance_lead: &'static str,
    pub(crate) repeat: &'static str,
    pub(crate) ask: &'static str,
    pub(crate) ask_lead: &'static str,
    pub(crate) identity: &'static str,
    pub(crate) version: &'static str,
    pub(crate) format: &'static str,
    pub(crate) file_format: &'static str,
    pub(crate) file_count: &'static str,
    pub(crate) measure_hash: &'static str,
    pub(crate) decision_hash: &'static str,
    pub(crate) manifest_hash: &'static str,
    pub(crate) inputs: &'static str,
    pub(crate) footer: &'static str,
    pub(crate) outputs: &'static str,
    pub(crate) table: &'static str,
    pub(crate) timings: &'static str,
    pub(crate) stage: &'static str,
    pub(crate) time: &'static str,
    pub(crate) units: &'static str,
    pub(crate) resumed: &'static str,
    pub(crate) plan: &'static str,
    pub(crate) closing: &'static str,
}

impl Strings {
    /// The words of a language.
    pub(crate) fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &EN,
            Language::Zh => &ZH,
        }
    }

    /// What an action is called; an unknown one is shown as it is.
    pub(crate) fn action<'a>(&self, action: &'a str) -> &'a str
    where
        Self: 'static,
    {
        use assay_ledger::schema::action as name;
        match action {
            name::KEEP => self.keep,
            name::FLAG => self.flag,
            name::EDIT => self.edit,
            name::QUARANTINE => self.quarantine,
            name::DROP => self.drop,
            other => other,
        }
    }

    /// What a problem of a row is called, if it is one.
    pub(crate) fn problem(&self, name: &str) -> Option<&'static str> {
        use assay_ledger::schema::problem;
        match name {
            problem::NO_TEXT => Some(self.no_text),
            problem::INVALID_UTF8 => Some(self.invalid_utf8),
            problem::BROKEN_JSON => Some(self.broken_json),
            problem::BROKEN_CSV => Some(self.broken_csv),
            problem::OVERSIZE => Some(self.oversize),
            _ => None,
        }
    }
}

/// Fills the places `{}` of a sentence in order.
pub(crate) fn fill(sentence: &str, values: &[&str]) -> String {
    let mut values = values.iter();
    let mut out = String::with_capacity(sentence.len() + 16);
    for (place, piece) in sentence.split("{}").enumerate() {
        if 0 < place {
            out.push_str(values.next().copied().unwrap_or_default());
        }
        out.push_str(piece);
    }
    out
}

static EN: Strings = Strings {
    title: "Run report",
    contents: "Contents",
    subtitle: "{} in {} files",
    rows: "rows",
    bytes: "bytes",
    text: "text",
    share: "share",
    total: "Total",
    other: "other",
    unknown: "unknown",
    numbers: "Numbers",

    rows_in: "Rows in",
    kept: "Kept",
    removed: "Not kept",
    kept_note: "{} of {} rows",
    bytes_note: "{} of {} of text",
    wrong_rows: "Went wrong",
    wrong_none: "every row was read",
    wrong_some: "rows, parts and warnings, listed below",
    fate_of: "What became of the {}",

    keep: "keep",
    flag: "flag",
    edit: "edit",
    quarantine: "quarantine",
    drop: "drop",
    unreadable: "unreadable",

    funnel: "From input to output",
    funnel_lead: "Each row has one fate and is counted once, at the step or rule that decided. \
        The thick bar shows rows, the thin one bytes of text.",
    reason: "Reason",
    action: "Action",
    wrong: "{} (went wrong)",
    marked: "Kept, but changed or marked",
    marked_lead: "These rows are among the kept ones.",
    balances: "{} rows in = {} kept + {} quarantined + {} dropped",
    unbalanced: "The counts do not add up. Do not use this run; `assay verify` says more.",
    bar_title: "{}: {} rows, {} of text",

    wrong_lead: "What nobody asked for: rows that could not be read and whatever a person \
        should know. Rows that a step or rule removed are not here.",
    nothing_wrong: "Nothing went wrong. Every row of every file was read, and there are no warnings.",
    warnings: "Warnings",
    bad_rows: "Rows with a problem",
    bad_parts: "Parts of the input that could not be read",
    first_row: "First row",
    why: "Why",
    no_text: "no text",
    invalid_utf8: "invalid UTF-8",
    broken_json: "broken JSON",
    broken_csv: "broken CSV",
    oversize: "larger than the plan allows",

    files: "By input file",
    files_lead: "In every line, rows = keep + flag + edit + quarantine + drop.",
    file: "File",
    other_files: "{} other files",
    capped: "The first {} of {} are shown; the ledger has them all.",

    steps: "By step and rule",
    steps_lead: "What each step saw, whether or not it decided. A row can be outside several \
        limits; the funnel counts it once.",
    step: "Step",
    operator: "Operator",
    within: "within",
    outside: "outside",
    unmeasured: "unmeasured",
    skipped: "skipped",

    measures: "What was measured",
    measures_lead: "Red lines are limits; bars beyond them are red. The outer 1% on each side \
        is gathered in a bar of its own. Counts are exact, percentiles are to within 0.4%.",
    no_measures: "This run measured nothing.",
    measured: "measured",
    limit: "Limit",
    no_limit: "no limit",
    all_rows: "all",
    median: "median",
    low: "5th percentile",
    high: "95th percentile",
    by_source: "By source",
    source: "Source",
    from: "from",
    to: "below",
    log_note: "logarithmic scale",
    histogram_title: "Distribution of {}, {}: {} rows measured",
    value: "Value",

    groups: "Groups of related rows",
    groups_lead: "A member is removed only after it was compared with the row that stays. \
        Templates differ in numbers, names or dates only and are kept.",
    no_groups: "No step of this run looks for groups.",
    group_count: "groups",
    members: "members",
    templates: "templates",
    largest: "Largest groups",
    size: "rows",
    kept_row: "Row that stays",
    lowest_similarity: "lowest similarity",
    sizes: "Groups by size",

    excerpts: "Excerpts",
    excerpts_lead: "A small sample, chosen by hash. What a step counted is marked. Characters \
        that cannot be seen are shown as signs.",
    no_excerpts: "This run holds no excerpts.",
    excerpts_capped: "{} of {} are shown.",
    from_byte: "from byte {}",
    id: "id",
    instead: "stays instead: {}",
    kept_text: "The text that stays instead; what differs is marked in both.",
    condition: "Condition",

    provenance: "Provenance",
    provenance_lead: "What is needed to repeat the run, to check it, and to ask it something else.",
    repeat: "Repeat this run",
    ask: "Ask the ledger yourself",
    ask_lead: "The tables are plain Parquet. In the run folder:",
    identity: "Versions and hashes",
    version: "Version of assay",
    format: "Format of the folder",
    file_format: "Format",
    file_count: "files",
    measure_hash: "Measuring",
    decision_hash: "Deciding",
    manifest_hash: "Manifest (XXH3)",
    inputs: "Inputs",
    footer: "Hash of the footer",
    outputs: "Written",
    table: "Table",
    timings: "Time",
    stage: "Stage",
    time: "time",
    units: "units",
    resumed: "resumed",
    plan: "The plan, complete",
    closing: "All figures are drawn from the ledger of this run, which holds no text; \
        the excerpts are from its folder excerpts/.",
};

static ZH: Strings = Strings {
    title: "运行报告",
    contents: "目录",
    subtitle: "{}，{} 个文件",
    rows: "行",
    bytes: "字节",
    text: "文本",
    share: "占比",
    total: "合计",
    other: "其他",
    unknown: "未知",
    numbers: "数据表",

    rows_in: "输入",
    kept: "保留",
    removed: "未保留",
    kept_note: "{} 行，共 {} 行",
    bytes_note: "文本 {}，共 {}",
    wrong_rows: "异常",
    wrong_none: "所有行均已读取",
    wrong_some: "行、区段与警告合计，详见下文",
    fate_of: "{}的去向",

    keep: "保留",
    flag: "标记",
    edit: "改写",
    quarantine: "隔离",
    drop: "删除",
    unreadable: "不可读",

    funnel: "从输入到输出",
    funnel_lead: "每一行只有一个去向，只在作出决定的步骤或规则处计数一次。粗条表示行数，细条表示文本字节数。",
    reason: "原因",
    action: "处置",
    wrong: "{}（异常）",
    marked: "已保留，但经改写或标记",
    marked_lead: "以下各行已计入保留行。",
    balances: "输入 {} 行 = 保留 {} + 隔离 {} + 删除 {}",
    unbalanced: "各项计数不平衡，请勿使用本次运行的结果；可用 `assay verify` 查明原因。",
    bar_title: "{}：{} 行，文本 {}",

    wrong_lead: "此处列出并非配方所要求的情况：无法读取的行，以及需要人工留意的事项。由步骤或规则移除的行不在此列。",
    nothing_wrong: "一切正常：所有文件的每一行均已读取，没有警告。",
    warnings: "警告",
    bad_rows: "有问题的行",
    bad_parts: "无法读取的输入区段",
    first_row: "起始行",
    why: "原因",
    no_text: "无文本",
    invalid_utf8: "UTF-8 编码无效",
    broken_json: "JSON 损坏",
    broken_csv: "CSV 损坏",
    oversize: "超出方案允许的大小",

    files: "按输入文件",
    files_lead: "每一行均满足：行数 = 保留 + 标记 + 改写 + 隔离 + 删除。",
    file: "文件",
    other_files: "其他 {} 个文件",
    capped: "仅显示前 {} 项，共 {} 项；完整内容见账本。",

    steps: "按步骤与规则",
    steps_lead: "各步骤所见，无论是否由其作出决定。一行可能同时超出多个阈值，漏斗中只计一次。",
    step: "步骤",
    operator: "算子",
    within: "阈值内",
    outside: "超出阈值",
    unmeasured: "未测量",
    skipped: "不适用",

    measures: "测量值分布",
    measures_lead: "红线为阈值，超出阈值的柱以红色显示。两端各 1% 的数值分别归入单独的柱。计数精确，百分位数误差不超过 0.4%。",
    no_measures: "本次运行没有测量任何指标。",
    measured: "已测量",
    limit: "阈值",
    no_limit: "无阈值",
    all_rows: "全部",
    median: "中位数",
    low: "第 5 百分位",
    high: "第 95 百分位",
    by_source: "按来源",
    source: "来源",
    from: "起",
    to: "止（不含）",
    log_note: "对数刻度",
    histogram_title: "{} 的分布（{}）：已测量 {} 行",
    value: "取值",

    groups: "相似行分组",
    groups_lead: "去重时，只有与保留行逐一核对之后，成员才会被移除。模板仅在数字、名称或日期上不同，予以保留。",
    no_groups: "本次运行没有去重或分组步骤。",
    group_count: "组数",
    members: "成员",
    templates: "模板",
    largest: "最大的分组",
    size: "行数",
    kept_row: "保留行",
    lowest_similarity: "最低相似度",
    sizes: "按规模统计",

    excerpts: "文本摘录",
    excerpts_lead: "按哈希选取的少量样本。步骤所依据的位置以高亮标出，不可见字符以符号显示。",
    no_excerpts: "本次运行没有摘录。",
    excerpts_capped: "显示 {} 条，共 {} 条。",
    from_byte: "自第 {} 字节起",
    id: "标识",
    instead: "保留的是：{}",
    kept_text: "保留的文本；两段文本中不同之处都已标出。",
    condition: "条件",

    provenance: "来源与复现",
    provenance_lead: "复现、核验本次运行以及继续查询所需的信息。",
    repeat: "复现本次运行",
    ask: "自行查询账本",
    ask_lead: "账本各表均为普通 Parquet 文件。在运行目录中执行：",
    identity: "版本与哈希",
    version: "assay 版本",
    format: "目录格式",
    file_format: "格式",
    file_count: "文件数",
    measure_hash: "测量",
    decision_hash: "决定",
    manifest_hash: "清单（XXH3）",
    inputs: "输入",
    footer: "文件尾哈希",
    outputs: "输出",
    table: "表",
    timings: "用时",
    stage: "阶段",
    time: "用时",
    units: "单元",
    resumed: "续用",
    plan: "完整方案",
    closing: "所有数字均取自本次运行的账本。账本不含文本，摘录取自 excerpts/ 目录。",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_in_order() {
        assert_eq!(fill("{} of {}.", &["1", "2"]), "1 of 2.");
        assert_eq!(fill("{} of {}", &["{}"]), "{} of ");
    }

    #[test]
    fn both_languages_fill_the_same_places() {
        let places = |strings: &Strings| {
            format!("{strings:?}")
                .split("\", ")
                .map(|piece| piece.matches("{}").count())
                .collect::<Vec<_>>()
        };
        assert_eq!(places(&EN), places(&ZH));
    }
}
