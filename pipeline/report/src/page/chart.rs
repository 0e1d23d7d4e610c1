//! Drawings. They are made of numbers and fixed words, and their colours are names that
//! the style sheet gives a meaning: see [`Tone`].

use plotters::{
    coord::Shift,
    drawing::DrawingArea,
    prelude::{IntoDrawingArea, IntoFont, PathElement, Rectangle, SVGBackend, Text},
    style::{
        Color, RGBColor, TextStyle,
        text_anchor::{HPos, Pos, VPos},
    },
};

use super::scale::Scale;
use crate::{
    ReportError, figures,
    html::{Drawing, Html},
};

/// A colour with a meaning. The value is what is seen without a style sheet; the sheet
/// finds it by that value and replaces it, which is how dark pages and print work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Text and lines of a chart.
    Muted,
    /// What a chart counts.
    Bar,
    /// What is gathered at an end of a chart.
    Edge,
    /// Limits and what lies beyond.
    Outside,
    /// Kept as it came.
    Keep,
    /// Kept and marked.
    Flag,
    /// Kept with an edited text.
    Edit,
    /// Set aside.
    Quarantine,
    /// Left out.
    Drop,
    /// The same fates, for the thin bars.
    Rest,
}

impl Tone {
    #[cfg(test)]
    pub(crate) const ALL: [Self; 10] = [
        Self::Muted,
        Self::Bar,
        Self::Edge,
        Self::Outside,
        Self::Keep,
        Self::Flag,
        Self::Edit,
        Self::Quarantine,
        Self::Drop,
        Self::Rest,
    ];

    /// The tone of an action.
    pub(crate) fn of(action: &str) -> Self {
        use assay_ledger::schema::action as name;
        match action {
            name::KEEP => Self::Keep,
            name::FLAG => Self::Flag,
            name::EDIT => Self::Edit,
            name::QUARANTINE => Self::Quarantine,
            name::DROP => Self::Drop,
            _ => Self::Rest,
        }
    }

    pub(crate) fn rgb(self) -> RGBColor {
        match self {
            Self::Muted => RGBColor(0x5f, 0x6b, 0x76),
            Self::Bar => RGBColor(0x3d, 0x6f, 0xa3),
            Self::Edge => RGBColor(0x9f, 0xb4, 0xc8),
            Self::Outside => RGBColor(0xc2, 0x4a, 0x3f),
            Self::Keep => RGBColor(0x2e, 0x7d, 0x6b),
            Self::Flag => RGBColor(0xb9, 0x86, 0x1f),
            Self::Edit => RGBColor(0x3f, 0x6e, 0xb5),
            Self::Quarantine => RGBColor(0x84, 0x5b, 0xa8),
            Self::Drop => RGBColor(0xb8, 0x4a, 0x45),
            Self::Rest => RGBColor(0xd9, 0xdf, 0xe4),
        }
    }
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// A part of a bar: from, to (0 to 1) and its tone.
pub(crate) type Segment = (f64, f64, Tone);

/// A bar of full width that stretches with its place on the page.
pub(crate) fn bar(title: &str, segments: &[Segment]) -> Result<Drawing, ReportError> {
    const SIZE: (u32, u32) = (1000, 10);
    draw(title, "bar", SIZE, |area| {
        for &(from, to, tone) in segments {
            let (left, right) = (pixel(from * 1000.0), pixel(to * 1000.0));
            // A reason that exists must be seen, however rare it is.
            let right = if from < to { right.max(left + 3) } else { right };
            rectangle(area, (left, 0), (right.min(1000), 10), tone)?;
        }
        Ok(())
    })
}

/// What a histogram shows.
pub(crate) struct Histogram<'a> {
    /// For people who listen to the page.
    pub(crate) title: String,
    /// The bins' places.
    pub(crate) scale: &'a Scale,
    /// Rows below the first bin, in each bin, and from the end of the last one.
    pub(crate) counts: &'a [u64],
    /// Limits with the words above their line.
    pub(crate) limits: &'a [(f64, String)],
    /// Whether a value is inside the limits.
    pub(crate) inside: &'a dyn Fn(f64) -> bool,
}

const WIDTH: i32 = 340;
const HEIGHT: i32 = 150;
const TOP: i32 = 22;
const BASE: i32 = 124;
const LEFT: i32 = 24;
const RIGHT: i32 = 316;

/// Bars by bin, an own bar at each end for what lies beyond, limits as lines.
pub(crate) fn histogram(chart: &Histogram<'_>) -> Result<Drawing, ReportError> {
    draw(&chart.title, "chart", (WIDTH.unsigned_abs(), HEIGHT.unsigned_abs()), |area| {
        bars(area, chart)?;
        axis(area, chart.scale)?;
        limits(area, chart)
    })
}

fn bars(area: &Area<'_>, chart: &Histogram<'_>) -> Drawn {
    let most = chart.counts.iter().copied().max().unwrap_or(0).max(1);
    let height = |rows: u64| {
        let height = pixel(rows as f64 / most as f64 * f64::from(BASE - TOP));
        if 0 < rows { height.max(1) } else { 0 }
    };
    let last = chart.counts.len().saturating_sub(1);
    for (place, &rows) in chart.counts.iter().enumerate() {
        if rows == 0 {
            continue;
        }
        let (left, right, probe, tone) = match place {
            0 => (4, 18, chart.scale.first() - 1e-9, Tone::Edge),
            place if place == last => (322, 336, chart.scale.last(), Tone::Edge),
            place => {
                let (from, to) = chart.scale.bin(place - 1);
                (x(chart.scale, from), x(chart.scale, to), chart.scale.middle(place - 1), Tone::Bar)
            }
        };
        let tone = if (chart.inside)(probe) { tone } else { Tone::Outside };
        let gap = i32::from(2 < right - left);
        rectangle(area, (left, BASE - height(rows)), ((right - gap).max(left + 1), BASE), tone)?;
    }
    Ok(())
}

fn axis(area: &Area<'_>, scale: &Scale) -> Drawn {
    line(area, (LEFT, BASE), (RIGHT, BASE), Tone::Muted)?;
    let mut free_from = 0;
    for tick in scale.ticks() {
        let (place, words) = (across(scale.tick(tick)), figures::value(tick));
        let half = i32::try_from(words.chars().count()).unwrap_or(0) * 7 / 2;
        let middle = place.clamp(half, WIDTH - half);
        if middle - half < free_from {
            continue;
        }
        free_from = middle + half + 6;
        line(area, (place, BASE), (place, BASE + 4), Tone::Muted)?;
        words_at(area, &words, (middle, BASE + 8), HPos::Center, Tone::Muted)?;
    }
    Ok(())
}

fn limits(area: &Area<'_>, chart: &Histogram<'_>) -> Drawn {
    let mut taken_to = 0;
    for (limit, words) in chart.limits {
        let place = match *limit {
            limit if limit < chart.scale.first() => LEFT - 3,
            limit if chart.scale.last() < limit => RIGHT + 3,
            limit => x(chart.scale, limit),
        };
        line(area, (place, TOP - 6), (place, BASE), Tone::Outside)?;
        let width = i32::try_from(words.chars().count()).unwrap_or(0) * 7;
        if place + width < WIDTH && taken_to < place {
            words_at(area, words, (place, 4), HPos::Left, Tone::Outside)?;
            taken_to = place + width;
        } else if taken_to < place - width {
            words_at(area, words, (place, 4), HPos::Right, Tone::Outside)?;
            taken_to = place;
        }
    }
    Ok(())
}

fn x(scale: &Scale, value: f64) -> i32 {
    across(scale.position(value))
}

fn across(share: f64) -> i32 {
    LEFT + pixel(share * f64::from(RIGHT - LEFT))
}

#[expect(clippy::cast_possible_truncation, reason = "a drawing is a thousand pixels wide")]
fn pixel(place: f64) -> i32 {
    place.round() as i32
}

/// The outcome of drawing into a string, which can fail only by a bug.
type Drawn = Result<(), String>;

fn rectangle(area: &Area<'_>, from: (i32, i32), to: (i32, i32), tone: Tone) -> Drawn {
    area.draw(&Rectangle::new([from, to], tone.rgb().filled())).map_err(|error| error.to_string())
}

fn line(area: &Area<'_>, from: (i32, i32), to: (i32, i32), tone: Tone) -> Drawn {
    area.draw(&PathElement::new(vec![from, to], tone.rgb().stroke_width(1)))
        .map_err(|error| error.to_string())
}

fn words_at(area: &Area<'_>, words: &str, at: (i32, i32), side: HPos, tone: Tone) -> Drawn {
    let colour = tone.rgb();
    let style = TextStyle::from(("sans-serif", 15).into_font())
        .color(&colour)
        .pos(Pos::new(side, VPos::Top));
    area.draw(&Text::new(words, at, style)).map_err(|error| error.to_string())
}

fn draw(
    title: &str,
    class: &'static str,
    (width, height): (u32, u32),
    inside: impl FnOnce(&Area<'_>) -> Drawn,
) -> Result<Drawing, ReportError> {
    let chart = |problem| ReportError::Chart { what: title.to_owned(), problem };
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (width, height)).into_drawing_area();
        inside(&area).map_err(chart)?;
        area.present().map_err(|error| chart(error.to_string()))?;
    }
    let body = svg.split_once("<svg").and_then(|(_, rest)| rest.split_once('>'));
    let body = body.map(|(_, body)| body).ok_or_else(|| chart("no <svg> element".to_owned()))?;
    // The browser decides the size; what is the default need not be said a thousand times.
    let body = body.replace(" opacity=\"1\"", "").replace(" stroke=\"none\"", "").replace('\n', "");
    let view = format!("0 0 {width} {height}");
    let ratio = if class == "bar" { "none" } else { "xMidYMid meet" };
    let mut html = Html::default();
    html.element("title", &[], title);
    let head = html.finish();
    Ok(Drawing::trusted(format!(
        "<svg class=\"{class}\" role=\"img\" viewBox=\"{view}\" \
         preserveAspectRatio=\"{ratio}\">{head}{body}"
    )))
}
