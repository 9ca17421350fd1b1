//! The fonts that PNGs are painted with: the two bundled fonts, and an operator's fonts for the scripts that these lack. The
//! fonts of the system are never searched.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use resvg::usvg::fontdb::{Database, ID, Language, Source, Stretch, Style};
use resvg::usvg::{FontResolver, Options};
use skrifa::{FontRef, MetadataProvider as _};

/// Largest font file that is accepted, in bytes. The largest fonts for Chinese, Japanese and Korean have half this size.
const LARGEST: u64 = 64 << 20;

/// Most bytes of all font files together. They stay in memory.
const MOST: u64 = 512 << 20;

/// Endings of the names of font files.
const ENDINGS: [&str; 3] = ["ttf", "otf", "ttc"];

/// The reason why a folder of fonts cannot be used. `place` is the folder or the file.
#[derive(Debug, thiserror::Error)]
#[error("--fonts {place}: {problem}")]
pub struct FontsError {
    place: String,
    problem: String,
}

impl FontsError {
    fn at(place: &Path, problem: impl ToString) -> Self {
        Self { place: place.display().to_string(), problem: problem.to_string() }
    }
}

/// All fonts of the process, read once.
#[derive(Debug)]
pub struct Fonts {
    /// The database of all fonts. Each of the operator's fonts has a family name of its own.
    pub database: Arc<Database>,
    /// The bundled regular font. The bundled bold font has the same letters.
    bundled: Option<ID>,
    own: Vec<Own>,
}

/// A font given by the operator.
#[derive(Debug)]
struct Own {
    id: ID,
    /// Whether the font is neither slanted nor narrow, and its weight.
    is_upright: bool,
    weight: u16,
}

static CHOSEN: OnceLock<Fonts> = OnceLock::new();

/// Returns the fonts that the program paints with.
pub fn fonts() -> &'static Fonts {
    CHOSEN.get_or_init(Fonts::bundled)
}

/// Adds the fonts of a folder to the bundled ones, before the first picture is painted.
///
/// # Errors
/// When the folder holds no font, or one that cannot be read.
pub fn choose(folder: &Path) -> Result<(), FontsError> {
    let with_own = Fonts::with(folder)?;
    let _ = CHOSEN.set(with_own);
    Ok(())
}

impl Fonts {
    /// Returns the two bundled fonts alone, so that pictures are the same wherever the service runs.
    fn bundled() -> Self {
        let mut database = Database::new();
        database.load_font_data(include_bytes!("../../../widget/assets/NotoSans-Regular.ttf").to_vec());
        let bundled = database.faces().next().map(|face| face.id);
        database.load_font_data(include_bytes!("../../../widget/assets/NotoSans-Bold.ttf").to_vec());
        database.set_sans_serif_family("Noto Sans");
        Self { database: Arc::new(database), bundled, own: Vec::new() }
    }

    /// Reads the fonts of a folder, in the order of their names.
    fn with(folder: &Path) -> Result<Self, FontsError> {
        let io = |path: &Path| {
            let place = path.to_owned();
            move |error: std::io::Error| FontsError::at(&place, format!("cannot be read: {error}"))
        };
        let too_large = |place: &Path, what: &str, most: u64| {
            FontsError::at(place, format!("{what} more than {} MB, the most that is read", most >> 20))
        };
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(io(folder))? {
            let path = entry.map_err(io(folder))?.path();
            let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
            if ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
                paths.push(path);
            }
        }
        paths.sort();
        let mut fonts = Self::bundled();
        let mut database = Arc::unwrap_or_clone(fonts.database);
        let mut all = 0;
        for path in &paths {
            // Opening a named pipe would block, so only regular files are opened.
            if !std::fs::metadata(path).map_err(io(path))?.is_file() {
                return Err(FontsError::at(path, "is no regular file"));
            }
            let mut bytes = Vec::new();
            let file = File::open(path).map_err(io(path))?;
            file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(io(path))?;
            all += bytes.len() as u64;
            if bytes.len() as u64 > LARGEST {
                return Err(too_large(path, "has", LARGEST));
            }
            if all > MOST {
                return Err(too_large(folder, "its fonts together have", MOST));
            }
            let ids = database.load_font_source(Source::Binary(Arc::new(bytes)));
            if ids.is_empty() {
                return Err(FontsError::at(path, "is no font that can be read (TrueType or OpenType)"));
            }
            for id in ids {
                fonts.own.extend(renamed(&mut database, id, fonts.own.len()));
            }
        }
        if fonts.own.is_empty() {
            let problem = "holds no font; a font is a file that ends in .ttf, .otf or .ttc";
            return Err(FontsError::at(folder, problem));
        }
        Ok(Self { database: Arc::new(database), ..fonts })
    }

    /// Returns the options for reading a picture: with these fonts, and without a substitute for a font that lacks a letter.
    pub fn options(&self) -> Options<'static> {
        let font_resolver = FontResolver {
            select_font: FontResolver::default_font_selector(),
            select_fallback: Box::new(|_, _, _| None),
        };
        Options { fontdb: Arc::clone(&self.database), font_resolver, ..Options::default() }
    }

    /// Whether the bundled font has a letter.
    pub(super) fn is_bundled(&self, letter: char) -> bool {
        self.bundled.is_some_and(|id| self.has(id, letter))
    }

    /// Whether a font of the operator has a letter.
    pub(super) fn own_has(&self, own: usize, letter: char) -> bool {
        self.has(self.own[own].id, letter)
    }

    /// Whether a font has a letter and can paint it.
    fn has(&self, id: ID, letter: char) -> bool {
        let has = |data: &[u8], index| {
            let font = FontRef::from_index(data, index).ok()?;
            let glyph = font.charmap().map(letter)?;
            // Bitmap fonts, such as emoji fonts, have no outlines.
            font.outline_glyphs().get(glyph).map(|_| ())
        };
        self.database.with_face_data(id, has).flatten().is_some()
    }

    /// Returns the first of the operator's fonts that has a letter. Upright fonts come before slanted ones, then the nearest weight.
    pub(super) fn own_of(&self, letter: char, is_bold: bool) -> Option<usize> {
        let wanted: u16 = if is_bold { 600 } else { 400 };
        let having = self.own.iter().enumerate().filter(|(_, own)| self.has(own.id, letter));
        let best = having.min_by_key(|(_, own)| (!own.is_upright, own.weight.abs_diff(wanted)));
        best.map(|(place, _)| place)
    }
}

/// Gives a font a family name that no other font has.
fn renamed(database: &mut Database, id: ID, place: usize) -> Option<Own> {
    let mut info = database.face(id)?.clone();
    database.remove_face(id);
    info.families = vec![(family(place), Language::English_UnitedStates)];
    let is_upright = info.style == Style::Normal && info.stretch == Stretch::Normal;
    let weight = info.weight.0;
    Some(Own { id: database.push_face_info(info), is_upright, weight })
}

/// Returns the family name of one of the operator's fonts.
pub(super) fn family(own: usize) -> String {
    format!("own-{own}")
}
