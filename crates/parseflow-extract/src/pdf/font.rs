//! Fonts: what a character code means and how wide it is.

use std::collections::HashMap;
use std::sync::Arc;

use hayro_font::hayro_cmap::BfString;
use hayro_font::{
    CMapResolverFn, Font, FontCache, FontGlyph, FontQuery, FontResolverFn, StandardFont,
};
use hayro_syntax::object::Dict;

/// Fonts of one document, at most; text in further ones is not read.
const FONTS_MAX: usize = 1_000;

/// One character code of a font.
#[derive(Clone, Debug)]
pub(super) struct Code {
    /// What it means; U+FFFD where the file does not tell.
    pub(super) text: Arc<str>,
    /// How far it moves on, in text space units of a font of size 1.
    pub(super) advance: f64,
}

/// The fonts of one document, each loaded once.
pub(super) struct Fonts<'a> {
    cache: FontCache<'a>,
    resolver: FontResolverFn,
    cmaps: CMapResolverFn,
    loaded: HashMap<usize, Option<usize>>,
    fonts: Vec<LoadedFont<'a>>,
}

struct LoadedFont<'a> {
    font: Font<'a>,
    codes: HashMap<u32, Code>,
}

impl<'a> Fonts<'a> {
    pub(super) fn new() -> Self {
        Self {
            cache: FontCache::new(),
            resolver: Arc::new(|query| match query {
                FontQuery::Standard(font) => Some(font.get_font_data()),
                FontQuery::Fallback(query) => Some(query.pick_standard_font().get_font_data()),
            }),
            cmaps: Arc::new(|_| None),
            loaded: HashMap::new(),
            fonts: Vec::new(),
        }
    }

    /// The number of the font that `dict` describes, for [`Fonts::read`].
    pub(super) fn load(&mut self, dict: &Dict<'a>) -> Option<usize> {
        // Dictionaries are views of the file: the same place is the same font.
        let key = dict.data().as_ptr() as usize;
        if let Some(known) = self.loaded.get(&key) {
            return *known;
        }
        if self.loaded.len() >= FONTS_MAX {
            return None;
        }
        let font = self
            .cache
            .font(dict, &self.resolver, &self.cmaps)
            .or_else(|| self.cache.standard_font(StandardFont::Helvetica, &self.resolver));
        let number = font.map(|font| {
            self.fonts.push(LoadedFont { font, codes: HashMap::new() });
            self.fonts.len() - 1
        });
        self.loaded.insert(key, number);
        number
    }

    /// The character at `offset` of `bytes`: its code, how many bytes it took, and its meaning.
    pub(super) fn read(
        &mut self,
        font: usize,
        bytes: &[u8],
        offset: usize,
    ) -> Option<(u32, usize, Code)> {
        let loaded = self.fonts.get_mut(font)?;
        let (code, len) = loaded.font.read_code(bytes, offset);
        if let Some(known) = loaded.codes.get(&code) {
            return Some((code, len.max(1), known.clone()));
        }
        let known = Code {
            text: meaning(&loaded.font, code).into(),
            advance: loaded.font.code_advance(code).x / f64::from(hayro_font::UNITS_PER_EM),
        };
        loaded.codes.insert(code, known.clone());
        Some((code, len.max(1), known))
    }
}

fn meaning(font: &Font<'_>, code: u32) -> String {
    let glyph = font.map_code(code);
    let (unicode, is_simple) = match font.glyph(glyph, code) {
        FontGlyph::Outline(glyph) => (glyph.as_unicode(), code <= 0xff),
        FontGlyph::Type3(glyph) => (glyph.as_unicode(), true),
    };
    let text = match unicode {
        Some(BfString::Char(char)) => char.to_string(),
        Some(BfString::String(text)) => text,
        None if is_simple && (0x20..0x7f).contains(&code) => {
            char::from_u32(code).map(String::from).unwrap_or_default()
        }
        None => String::from('\u{fffd}'),
    };
    text.chars().filter_map(plain).collect()
}

/// Ligatures spelled out, soft hyphens and marks without width dropped, private use unknown.
fn plain(char: char) -> Option<Spelled> {
    Some(match char {
        '\u{fb00}' => Spelled::Text("ff"),
        '\u{fb01}' => Spelled::Text("fi"),
        '\u{fb02}' => Spelled::Text("fl"),
        '\u{fb03}' => Spelled::Text("ffi"),
        '\u{fb04}' => Spelled::Text("ffl"),
        '\u{fb05}' | '\u{fb06}' => Spelled::Text("st"),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => return None,
        '\u{2010}' | '\u{2011}' | '\u{2212}' => Spelled::Char('-'),
        '\u{e000}'..='\u{f8ff}' => Spelled::Char('\u{fffd}'),
        char if char.is_control() => Spelled::Char(' '),
        char if char.is_whitespace() => Spelled::Char(' '),
        char => Spelled::Char(char),
    })
}

enum Spelled {
    Char(char),
    Text(&'static str),
}

impl FromIterator<Spelled> for String {
    fn from_iter<I: IntoIterator<Item = Spelled>>(items: I) -> String {
        let mut text = String::new();
        for item in items {
            match item {
                Spelled::Char(char) => text.push(char),
                Spelled::Text(spelled) => text.push_str(spelled),
            }
        }
        text
    }
}
