//! What a line says: the second model gives for every step along it how likely each character is.

use rten_tensor::{AsView, Layout, NdTensor};

use crate::boxes::Slanted;
use crate::crop::{HEIGHT, strip_of, strip_width};
use crate::ink::{Ink, band_of};
use crate::lines::input_of;
use crate::models::{Halves, Models, Reader, TEXT, other_shape};
use crate::onnx::OnnxModel;
use crate::{OcrError, Pixels};

/// Strips become as wide as the next multiple of this, so that few sizes are planned for.
const WIDTH_STEP: u32 = 32;
/// Narrower strips than this are read badly.
const WIDTH_MIN: u32 = 128;
/// Steps whose characters are named at once, unless a single line has more: each takes 75 kB.
const STEPS_MAX: usize = 256;

/// A character and where along its line it stands.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Letter {
    pub(crate) text: Box<str>,
    /// Its middle, 0 at the left end of the line and 1 at the right.
    pub(crate) at: f32,
    /// Probability that this is what is printed.
    pub(crate) confidence: f32,
}

/// A line as it was read.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct LineRead {
    pub(crate) place: Slanted,
    pub(crate) letters: Vec<Letter>,
    pub(crate) ink: Ink,
}

impl LineRead {
    /// Mean over its letters, 0 without any.
    pub(crate) fn confidence(&self) -> f32 {
        let sum: f32 = self.letters.iter().map(|letter| letter.confidence).sum();
        sum / self.letters.len().max(1) as f32
    }
}

/// Reads lines of the page, or of one that stands on its head.
pub(crate) fn read_lines(
    models: &Models,
    page: &Pixels,
    lines: &[Slanted],
    is_on_its_head: bool,
) -> Result<Vec<LineRead>, OcrError> {
    let mut read = Vec::with_capacity(lines.len());
    let halves = match &models.reader {
        Reader::Rten(halves) => halves,
        Reader::Onnx(model) => {
            for line in lines {
                read.push(read_whole(models, model, page, line, is_on_its_head)?);
            }
            return Ok(read);
        }
    };
    let mut seen: Vec<Seen> = Vec::new();
    for line in lines {
        let Input { strip, stretch, ink, place } = input_for(page, line, is_on_its_head);
        let next = Seen { place, features: halves.look_at(strip)?, stretch, ink };
        if seen.iter().map(Seen::steps).sum::<usize>() + next.steps() > STEPS_MAX {
            name(models, halves, &mut seen, &mut read)?;
        }
        seen.push(next);
    }
    name(models, halves, &mut seen, &mut read)?;
    Ok(read)
}

/// Runs both models on nothing.
pub(crate) fn try_out(models: &Models) -> Result<(), OcrError> {
    let paper = Pixels::from_pixel(WIDTH_MIN, WIDTH_MIN, image::Rgb([255; 3]));
    models.finder.look_at(input_of(&paper))?;
    let (width, height) = (WIDTH_MIN as f32, HEIGHT as f32);
    let line = Slanted { x: width / 2.0, y: width / 2.0, along: (1.0, 0.0), width, height };
    read_lines(models, &paper, &[line], false).map(drop)
}

/// What the model is given for a line.
struct Input {
    strip: NdTensor<f32, 4>,
    /// How much wider that is than the line.
    stretch: f32,
    ink: Ink,
    /// The line, as high as was looked at.
    place: Slanted,
}

fn input_for(page: &Pixels, line: &Slanted, is_on_its_head: bool) -> Input {
    let mut strip = strip_of(page, line, is_on_its_head);
    let place = match fitted(line, &strip, is_on_its_head) {
        Some(lower) => {
            strip = strip_of(page, &lower, is_on_its_head);
            lower
        }
        None => *line,
    };
    let width = strip_width(&place);
    let padded = width.next_multiple_of(WIDTH_STEP).max(WIDTH_MIN);
    let stretch = padded as f32 / width as f32;
    Input { strip: padded_to(&strip, padded), stretch, ink: Ink::of(&strip), place }
}

/// A lower box for a long line whose letters are small in its strip: on small or slanted print boxes reach into the
/// lines above and below. `None` where it fits.
fn fitted(line: &Slanted, strip: &Pixels, is_on_its_head: bool) -> Option<Slanted> {
    /// Times as wide as high: lines of text, not the names on the slip of a till, whose dots are few.
    const LONG: f32 = 16.0;
    /// Height of small letters as a share of the strip: where less, and as much as is made of it.
    const SMALL: f32 = 0.28;
    const WANTED: f32 = 0.33;
    if line.width < LONG * line.height {
        return None;
    }
    let band = band_of(strip).filter(|band| band.end - band.start < SMALL)?;
    let middle = (band.start + band.end) / 2.0;
    let (x, y) = line.point(0.5, if is_on_its_head { 1.0 - middle } else { middle });
    let height = line.height * ((band.end - band.start) / WANTED).max(0.5);
    Some(Slanted { x, y, height, ..*line })
}

/// Reads a line by the whole model at once.
fn read_whole(
    models: &Models,
    model: &OnnxModel,
    page: &Pixels,
    line: &Slanted,
    is_on_its_head: bool,
) -> Result<LineRead, OcrError> {
    let Input { strip, stretch, ink, place } = input_for(page, line, is_on_its_head);
    let letters = model.run(TEXT, &strip, |shape, likely| match shape {
        [1, steps, classes] if *classes as usize == models.characters.len() => {
            Ok(decoded(likely, *steps as usize, models, stretch))
        }
        _ => Err(other_shape()),
    })??;
    Ok(LineRead { place, letters, ink })
}

/// A line that the model has looked at.
struct Seen {
    place: Slanted,
    /// 1, features, steps.
    features: NdTensor<f32, 3>,
    /// How much wider than the line the model's input was.
    stretch: f32,
    ink: Ink,
}

impl Seen {
    fn steps(&self) -> usize {
        self.features.size(2)
    }
}

/// Names the characters of lines that the model has looked at, all at once, and empties their list.
fn name(
    models: &Models,
    halves: &Halves,
    seen: &mut Vec<Seen>,
    read: &mut Vec<LineRead>,
) -> Result<(), OcrError> {
    let Some(first) = seen.first() else { return Ok(()) };
    let (features, steps) = (first.features.size(1), seen.iter().map(Seen::steps).sum());
    let mut joined = Vec::with_capacity(features * steps);
    for feature in 0..features {
        for line in seen.iter() {
            joined.extend(line.features.slice((0, feature)).iter());
        }
    }
    let likely = halves.name(NdTensor::from_data([1, features, steps], joined))?;
    let classes = models.characters.len();
    if likely.shape() != [1, steps, classes] {
        return Err(other_shape());
    }
    let likely = likely.into_data();
    let mut rest = likely.as_slice();
    for line in seen.drain(..) {
        let (own, after) = rest.split_at(line.steps() * classes);
        rest = after;
        let letters = decoded(own, line.steps(), models, line.stretch);
        read.push(LineRead { place: line.place, letters, ink: line.ink });
    }
    Ok(())
}

/// The strip with nothing after it.
fn padded_to(strip: &Pixels, width: u32) -> NdTensor<f32, 4> {
    let input = input_of(strip);
    if strip.width() == width {
        return input;
    }
    let (from, to) = (strip.width() as usize, width as usize);
    let mut planes = vec![0.0; 3 * HEIGHT as usize * to];
    for (row, source) in planes.chunks_exact_mut(to).zip(input.into_data().chunks_exact(from)) {
        row[..from].copy_from_slice(source);
    }
    NdTensor::from_data([1, 3, HEIGHT as usize, to], planes)
}

/// Takes the likeliest class of every step; one that repeats is one letter, class 0 is none.
/// `stretch` is how much wider the model's input was than the line.
fn decoded(likely: &[f32], steps: usize, models: &Models, stretch: f32) -> Vec<Letter> {
    let classes = models.characters.len();
    let mut letters: Vec<Letter> = Vec::new();
    let mut before = 0;
    // First and last step of the letter that is being read.
    let mut span = (0, 0);
    let place = |span: (usize, usize)| {
        ((span.0 + span.1 + 1) as f32 / 2.0 / steps as f32 * stretch).min(1.0)
    };
    for (step, values) in likely.chunks_exact(classes).enumerate() {
        let (class, confidence) = likeliest(values);
        if class != 0 && class == before {
            span.1 = step;
            if let Some(letter) = letters.last_mut() {
                letter.at = place(span);
                letter.confidence = letter.confidence.max(confidence);
            }
        } else if class != 0 {
            span = (step, step);
            let text = models.characters[class].clone();
            letters.push(Letter { text, at: place(span), confidence });
        }
        before = class;
    }
    letters
}

/// The first of the largest values, and that value. Sixteen are compared at a time.
fn likeliest(values: &[f32]) -> (usize, f32) {
    let mut most = [f32::MIN; 16];
    let chunks = values.chunks_exact(most.len());
    let rest = chunks.remainder();
    for chunk in chunks {
        for (most, value) in most.iter_mut().zip(chunk) {
            *most = if *value > *most { *value } else { *most };
        }
    }
    let most = most.iter().chain(rest).copied().fold(f32::MIN, f32::max);
    let class = values.iter().position(|value| *value == most);
    class.map_or((0, f32::MIN), |class| (class, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_is_the_first_of_the_largest() {
        let at = |at: usize, len: usize| {
            let mut values = vec![0.25; len];
            values[at] = 0.75;
            likeliest(&values)
        };
        for len in [1, 15, 16, 17, 100] {
            for class in 0..len {
                assert_eq!(at(class, len), (class, 0.75));
            }
        }
        assert_eq!(likeliest(&[0.5; 40]), (0, 0.5));
        assert_eq!(likeliest(&[f32::NAN, 0.5]), (1, 0.5));
        assert_eq!(likeliest(&[f32::NAN]), (0, f32::MIN));
    }
}
