//! Colours for a terminal. Knows no streams: the face says whether there are any.

/// Whether text is painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// As it is.
    Plain,
    /// With SGR escape sequences.
    Colour,
}

impl Style {
    /// Bold.
    pub fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// Bold red: what failed.
    pub fn red(self, text: &str) -> String {
        self.paint("1;31", text)
    }

    /// Bold green: what passed.
    pub fn green(self, text: &str) -> String {
        self.paint("1;32", text)
    }

    /// Bold yellow: what needs a look.
    pub fn yellow(self, text: &str) -> String {
        self.paint("1;33", text)
    }

    /// Dim: what only helps to place the rest.
    pub fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        match self {
            Style::Plain => text.to_owned(),
            Style::Colour => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        }
    }
}
