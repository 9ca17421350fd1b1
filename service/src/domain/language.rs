//! The languages people read us in.

use std::fmt;

/// A language of labels, texts and charts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Russian.
    Russian,
    /// Kazakh, in Cyrillic script.
    Kazakh,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 3] = [Self::English, Self::Russian, Self::Kazakh];

    /// Returns the ISO 639-1 code.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Russian => "ru",
            Self::Kazakh => "kk",
        }
    }

    /// Returns the language of that ISO 639-1 code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// Returns the language's own name for itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Russian => "Русский",
            Self::Kazakh => "Қазақша",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code())
    }
}

/// A text in each language. English is always there; another falls back to it where it is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Localized {
    /// One text per language, in the order of [`Language::ALL`].
    texts: [String; 3],
}

impl Localized {
    /// Makes a text from its English, Russian and Kazakh form; the latter two may be empty.
    pub fn new(english: impl Into<String>, russian: impl Into<String>, kazakh: impl Into<String>) -> Self {
        Self { texts: [english.into(), russian.into(), kazakh.into()] }
    }

    /// Returns the text in that language, or in English where there is none.
    pub fn get(&self, language: Language) -> &str {
        let own = &self.texts[language as usize];
        if own.is_empty() { &self.texts[0] } else { own }
    }

    /// Returns the text in that language as it was given: possibly empty.
    pub fn own(&self, language: Language) -> &str {
        &self.texts[language as usize]
    }
}
