//! Walks the drawing instructions of a page and places every character of its text.

use std::sync::Arc;

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{Array, Dict, Name, Object, Rect, Stream};
use hayro_syntax::page::{Page, Resources};

use super::font::Fonts;
use super::matrix::Matrix;
use super::picture::{KEPT_MAX, Picture, Pictures};
use crate::{ExtractError, ExtractOptions};

/// Forms inside forms, at most.
const DEPTH_MAX: usize = 12;
/// Saved graphics states, at most.
const STATES_MAX: usize = 256;
/// Drawing instructions of one document, at most.
const INSTRUCTIONS_MAX: u64 = 20_000_000;

/// What drawing a form costs beside its content.
const FORM_COST_BYTES: u64 = 4_096;

/// A character placed on the page: points, origin in the upper left corner.
#[derive(Clone, Debug)]
pub(crate) struct Glyph {
    pub(crate) text: Arc<str>,
    /// Where its baseline begins.
    pub(crate) origin: (f64, f64),
    /// Where its baseline ends.
    pub(crate) end: (f64, f64),
    pub(crate) size: f64,
}

#[derive(Clone, Copy)]
struct State {
    ctm: Matrix,
    font: Option<usize>,
    size: f64,
    char_space: f64,
    word_space: f64,
    /// 1 is normal.
    scale_x: f64,
    leading: f64,
    rise: f64,
}

/// Reads the pages of one document, sharing fonts and limits between them.
pub(super) struct Reader<'a> {
    fonts: Fonts<'a>,
    glyphs: Vec<Glyph>,
    chars_left: usize,
    chars_max: usize,
    instructions: u64,
    /// Bytes of forms decoded so far, and at most.
    form_bytes: u64,
    form_bytes_max: u64,
    pictures: Pictures<'a>,
    pixels_max: u64,
    text: Matrix,
    line: Matrix,
    state: State,
    saved: Vec<State>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(options: &ExtractOptions) -> Self {
        Self {
            fonts: Fonts::new(),
            glyphs: Vec::new(),
            chars_left: options.chars_max,
            chars_max: options.chars_max,
            instructions: 0,
            form_bytes: 0,
            form_bytes_max: options.decompressed_bytes_max,
            pictures: Pictures::default(),
            pixels_max: options.pixels_max,
            text: Matrix::IDENTITY,
            line: Matrix::IDENTITY,
            state: State::new(Matrix::IDENTITY),
            saved: Vec::new(),
        }
    }

    /// The characters of one page in the order they are drawn, filled-in form fields last.
    pub(super) fn page(&mut self, page: &Page<'a>) -> Result<Vec<Glyph>, ExtractError> {
        let ctm = Matrix(page.initial_transform(true).as_coeffs());
        self.state = State::new(ctm);
        self.saved.clear();
        self.pictures = Pictures::default();
        self.run(page.typed_operations(), page.resources(), 0)?;
        self.state = State::new(ctm);
        self.saved.clear();
        for annotation in
            page.raw().get::<Array<'a>>("Annots").into_iter().flat_map(|a| a.iter::<Dict<'a>>())
        {
            self.annotation(&annotation, page.resources())?;
        }
        Ok(std::mem::take(&mut self.glyphs))
    }

    /// Draws the appearance of a visible form field or text note.
    fn annotation(
        &mut self,
        dict: &Dict<'a>,
        resources: &Resources<'a>,
    ) -> Result<(), ExtractError> {
        const HIDDEN: i32 = 2;
        const NO_VIEW: i32 = 32;
        let is_text = dict
            .get::<Name<'_>>("Subtype")
            .is_some_and(|name| matches!(name.as_str(), "Widget" | "FreeText"));
        if !is_text || dict.get::<i32>("F").unwrap_or(0) & (HIDDEN | NO_VIEW) != 0 {
            return Ok(());
        }
        let look = dict.get::<Dict<'a>>("AP").and_then(|looks| looks.get::<Object<'a>>("N"));
        let (Some(Object::Stream(form)), Some(rect)) = (look, dict.get::<Rect>("Rect")) else {
            return Ok(());
        };
        let bbox = form.dict().get::<Rect>("BBox").unwrap_or(rect);
        let outer = self.state;
        let place = Matrix::translate(rect.x0 - bbox.x0, rect.y0 - bbox.y0);
        self.state.ctm = self.state.ctm.after(place);
        let result = self.form(&form, resources, 0);
        self.state = outer;
        result
    }

    fn form(
        &mut self,
        form: &Stream<'a>,
        outer: &Resources<'a>,
        depth: usize,
    ) -> Result<(), ExtractError> {
        if depth >= DEPTH_MAX {
            return Ok(());
        }
        let Ok(data) = form.decoded_data() else { return Ok(()) };
        // A form is decoded each time it is drawn: small files can ask for that very often.
        self.form_bytes += data.len() as u64 + FORM_COST_BYTES;
        if self.form_bytes > self.form_bytes_max {
            let limit = self.form_bytes_max;
            return Err(ExtractError::TooLarge { limit, unit: "bytes after decompression" });
        }
        let own = form.dict().get::<Dict<'a>>("Resources").map(Resources::new);
        let before = (self.state, self.text, self.line, std::mem::take(&mut self.saved));
        if let Some(matrix) = form.dict().get::<[f64; 6]>("Matrix") {
            self.state.ctm = self.state.ctm.after(Matrix(matrix));
        }
        let result = self.run(TypedIter::new(&data), own.as_ref().unwrap_or(outer), depth + 1);
        (self.state, self.text, self.line, self.saved) = before;
        result
    }

    fn run(
        &mut self,
        mut ops: TypedIter<'_>,
        resources: &Resources<'a>,
        depth: usize,
    ) -> Result<(), ExtractError> {
        while let Some(op) = ops.next() {
            self.instructions += 1;
            if self.instructions > INSTRUCTIONS_MAX {
                return Err(ExtractError::TooLarge {
                    limit: INSTRUCTIONS_MAX,
                    unit: "drawing instructions",
                });
            }
            match op {
                Op::ShowText(show) => self.show(show.0.as_bytes())?,
                Op::ShowTexts(show) => self.show_all(show.0)?,
                Op::NextLineAndShowText(show) => {
                    self.next_line(0.0, -self.state.leading);
                    self.show(show.0.as_bytes())?;
                }
                Op::ShowTextWithParameters(show) => {
                    self.state.word_space = show.0.as_f64();
                    self.state.char_space = show.1.as_f64();
                    self.next_line(0.0, -self.state.leading);
                    self.show(show.2.as_bytes())?;
                }
                Op::XObject(object) => {
                    let Some(stream) = resources.get_x_object(object.0) else { continue };
                    let kind = stream.dict().get::<Name<'_>>("Subtype");
                    match kind.as_ref().map(|kind| kind.as_str()) {
                        Some("Form") => self.form(&stream, resources, depth)?,
                        _ => self.picture(stream)?,
                    }
                }
                Op::TextFont(font) => {
                    self.state.size = font.1.as_f64();
                    // The name's lifetime is the content stream's, the dictionary's the file's.
                    self.state.font =
                        resources.get_font(font.0).and_then(|dict| self.fonts.load(&dict));
                }
                Op::InlineImage(_) => self.pictures.count += 1,
                other => self.set(&other),
            }
        }
        Ok(())
    }

    /// The pictures of the page that was read last.
    pub(super) fn pictures(&mut self) -> Pictures<'a> {
        std::mem::take(&mut self.pictures)
    }

    /// Notes a picture, which fills the unit square. It is decoded only if the page has no text.
    fn picture(&mut self, stream: Stream<'a>) -> Result<(), ExtractError> {
        let side = |name| stream.dict().get::<u32>(name).unwrap_or_default();
        if u64::from(side("Width")) * u64::from(side("Height")) > self.pixels_max {
            return Err(ExtractError::TooLarge { limit: self.pixels_max, unit: "pixels" });
        }
        self.pictures.count += 1;
        if self.pictures.kept.len() < KEPT_MAX {
            self.pictures.kept.push(Picture { stream, place: self.state.ctm });
        }
        Ok(())
    }

    /// Instructions that only change the state.
    fn set(&mut self, op: &Op<'_, '_>) {
        match op {
            Op::SaveState(_) if self.saved.len() < STATES_MAX => self.saved.push(self.state),
            Op::RestoreState(_) => self.state = self.saved.pop().unwrap_or(self.state),
            Op::Transform(m) => {
                let inner = [m.0, m.1, m.2, m.3, m.4, m.5].map(|number| number.as_f64());
                self.state.ctm = self.state.ctm.after(Matrix(inner));
            }
            Op::BeginText(_) => (self.text, self.line) = (Matrix::IDENTITY, Matrix::IDENTITY),
            Op::SetTextMatrix(m) => {
                self.line = Matrix([m.0, m.1, m.2, m.3, m.4, m.5].map(|number| number.as_f64()));
                self.text = self.line;
            }
            Op::NextLine(step) => self.next_line(step.0.as_f64(), step.1.as_f64()),
            Op::NextLineAndSetLeading(step) => {
                self.state.leading = -step.1.as_f64();
                self.next_line(step.0.as_f64(), step.1.as_f64());
            }
            Op::NextLineUsingLeading(_) => self.next_line(0.0, -self.state.leading),
            Op::CharacterSpacing(space) => self.state.char_space = space.0.as_f64(),
            Op::WordSpacing(space) => self.state.word_space = space.0.as_f64(),
            Op::HorizontalScaling(scale) => self.state.scale_x = scale.0.as_f64() / 100.0,
            Op::TextLeading(leading) => self.state.leading = leading.0.as_f64(),
            Op::TextRise(rise) => self.state.rise = rise.0.as_f64(),
            _ => {}
        }
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line = self.line.after(Matrix::translate(x, y));
        self.text = self.line;
    }

    fn show_all(&mut self, parts: &Array<'_>) -> Result<(), ExtractError> {
        for part in parts.iter::<Object<'_>>() {
            match part {
                Object::String(text) => self.show(text.as_bytes())?,
                Object::Number(number) => {
                    let x = -number.as_f64() / 1_000.0 * self.state.size * self.state.scale_x;
                    self.text = self.text.after(Matrix::translate(x, 0.0));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn show(&mut self, bytes: &[u8]) -> Result<(), ExtractError> {
        let State { size, scale_x, rise, .. } = self.state;
        let Some(font) = self.state.font else { return Ok(()) };
        let mut offset = 0;
        while offset < bytes.len() {
            let Some((code, len, known)) = self.fonts.read(font, bytes, offset) else {
                return Ok(());
            };
            offset += len;
            let place = self.state.ctm.after(self.text);
            let width = known.advance * size * scale_x;
            let glyph = Glyph {
                text: known.text,
                origin: place.apply(0.0, rise),
                end: place.apply(width, rise),
                size: place.scale_y() * size.abs(),
            };
            self.push(glyph)?;
            let word_space = if code == 32 && len == 1 { self.state.word_space } else { 0.0 };
            let step = width + (self.state.char_space + word_space) * scale_x;
            self.text = self.text.after(Matrix::translate(step, 0.0));
        }
        Ok(())
    }

    fn push(&mut self, glyph: Glyph) -> Result<(), ExtractError> {
        let coordinates = [glyph.origin.0, glyph.origin.1, glyph.end.0, glyph.end.1, glyph.size];
        if coordinates.iter().any(|value| !value.is_finite()) || glyph.text.is_empty() {
            return Ok(());
        }
        let Some(left) = self.chars_left.checked_sub(1) else {
            return Err(ExtractError::TooLarge {
                limit: self.chars_max as u64,
                unit: "characters",
            });
        };
        self.chars_left = left;
        self.glyphs.push(glyph);
        Ok(())
    }
}

impl State {
    fn new(ctm: Matrix) -> Self {
        Self {
            ctm,
            font: None,
            size: 1.0,
            char_space: 0.0,
            word_space: 0.0,
            scale_x: 1.0,
            leading: 0.0,
            rise: 0.0,
        }
    }
}
