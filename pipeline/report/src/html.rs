//! A small HTML writer that escapes whatever it is given. There is no way to hand it
//! raw markup except a drawing of our own, so no row can write into the page.

use crate::unseen;

/// The page as it grows.
#[derive(Debug, Default)]
pub(crate) struct Html {
    text: String,
}

/// Attributes of an element. Names are ours, values are escaped.
pub(crate) type Attributes<'a> = &'a [(&'static str, &'a str)];

/// A finished drawing; only [`crate::page::chart`] makes them.
#[derive(Debug, Clone)]
pub(crate) struct Drawing(String);

impl Drawing {
    /// Takes markup that was drawn from numbers and fixed words.
    pub(crate) fn trusted(svg: String) -> Self {
        Self(svg)
    }
}

impl Html {
    /// The markup, without doctype.
    pub(crate) fn finish(self) -> String {
        self.text
    }

    /// Bytes so far.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// An element with what `inside` writes.
    pub(crate) fn within(
        &mut self,
        tag: &'static str,
        attributes: Attributes<'_>,
        inside: impl FnOnce(&mut Self),
    ) {
        self.open(tag, attributes);
        inside(self);
        self.close(tag);
    }

    /// An element with what `inside` writes, which may fail.
    pub(crate) fn try_within<E>(
        &mut self,
        tag: &'static str,
        attributes: Attributes<'_>,
        inside: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        self.open(tag, attributes);
        inside(self)?;
        self.close(tag);
        Ok(())
    }

    /// An element with text.
    pub(crate) fn element(&mut self, tag: &'static str, attributes: Attributes<'_>, text: &str) {
        self.within(tag, attributes, |html| html.text(text));
    }

    /// An element without an end, such as `meta` or `col`.
    pub(crate) fn empty(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.open(tag, attributes);
    }

    /// Escaped text.
    pub(crate) fn text(&mut self, text: &str) {
        for char in text.chars() {
            match char {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '"' => self.text.push_str("&quot;"),
                '\'' => self.text.push_str("&#39;"),
                other => self.text.push(other),
            }
        }
    }

    /// Text of a corpus: escaped, and what cannot be seen or would change how its
    /// surroundings are read is shown as a sign with its name.
    pub(crate) fn foreign(&mut self, text: &str) {
        for char in text.chars() {
            if unseen::shows(char) {
                self.text(char.encode_utf8(&mut [0; 4]));
            } else {
                let name = format!("U+{:04X}", u32::from(char));
                self.element("span", &[("class", "unseen"), ("title", &name)], &unseen::sign(char));
            }
        }
    }

    /// A drawing.
    pub(crate) fn drawing(&mut self, drawing: &Drawing) {
        self.text.push_str(&drawing.0);
    }

    /// The style sheet, which is ours.
    pub(crate) fn style(&mut self, css: &'static str) {
        self.open("style", &[]);
        self.text.push_str(css);
        self.close("style");
    }

    fn open(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.text.push('<');
        self.text.push_str(tag);
        for (name, value) in attributes {
            self.text.push(' ');
            self.text.push_str(name);
            self.text.push_str("=\"");
            self.text(value);
            self.text.push('"');
        }
        self.text.push('>');
        if breaks_after(tag) {
            self.text.push('\n');
        }
    }

    fn close(&mut self, tag: &'static str) {
        self.text.push_str("</");
        self.text.push_str(tag);
        self.text.push('>');
        if breaks_after(tag) || matches!(tag, "p" | "h1" | "h2" | "h3" | "dd" | "summary") {
            self.text.push('\n');
        }
    }
}

/// Where a line break in the source shows nowhere.
fn breaks_after(tag: &str) -> bool {
    matches!(
        tag,
        "html"
            | "head"
            | "body"
            | "main"
            | "header"
            | "footer"
            | "section"
            | "nav"
            | "article"
            | "table"
            | "thead"
            | "tbody"
            | "tfoot"
            | "tr"
            | "ul"
            | "ol"
            | "li"
            | "dl"
            | "details"
            | "div"
            | "figure"
            | "meta"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Html)) -> String {
        let mut html = Html::default();
        write(&mut html);
        html.finish()
    }

    #[test]
    fn text_and_attributes_are_escaped() {
        let hostile = "<script>alert(\"1\")</script> & 'x'";
        let page = written(|html| html.element("b", &[("title", hostile)], hostile));
        assert_eq!(page.matches('<').count(), 2);
        assert_eq!(page.matches('>').count(), 2);
        assert_eq!(page.matches('"').count(), 2);
        assert!(!page.contains('\''));
    }

    #[test]
    fn what_cannot_be_seen_is_shown() {
        let page = written(|html| html.foreign("a\u{0}b\u{202e}c\n"));
        assert_eq!(
            page,
            "a<span class=\"unseen\" title=\"U+0000\">00</span>\
             b<span class=\"unseen\" title=\"U+202E\">202E</span>c\n"
        );
    }

    #[test]
    fn elements_close_in_order() {
        let page = written(|html| html.within("a", &[], |html| html.element("b", &[], "x")));
        assert_eq!(page, "<a><b>x</b></a>");
    }
}
