//! Pictures in, words with boxes and confidences out.
//!
//! The story of one picture: [`decode`] turns the bytes of a PNG, JPEG, WebP or TIFF into pages of
//! pixels, within limits; [`read_page`] reads one of them. There, `contrast` makes faint and
//! unevenly lit pages plain, `lines` finds the lines of text as slanted boxes, `upright` tells how
//! the page is turned, `recognise` reads each line, and `words` cuts lines into words and sets the
//! page straight.
//!
//! The two models are those of PP-OCRv6, run by `rten`; their bytes are part of the program (see
//! `models/NOTICE` and ADR 0008). Nothing here performs I/O or reads a clock. Work is done on the
//! threads of `rten`, which [`prepare`] starts.

mod boxes;
mod contrast;
mod crop;
mod decode;
mod error;
mod lines;
mod models;
mod page;
mod recognise;
mod upright;
mod words;

#[cfg(test)]
mod tests;

pub use crop::between;
pub use decode::{Decoded, PictureFormat, PictureLimits, decode};
pub use error::{OcrError, PictureError};
/// Pixels of a page: red, green, blue, a byte each.
pub use image::RgbImage as Pixels;
pub use page::{PageRead, WordRead, read_page};

/// Starts the threads that the models run on and waits until they run.
///
/// For processes that may start no thread later on. The models themselves are loaded with the first
/// page. The environment variable `RTEN_NUM_THREADS` says how many threads there are; without it, as
/// many as there are cores.
pub fn prepare() {
    rten::thread_pool().run(|| {
        // Every one of them answers, so every one of them runs.
        rayon::broadcast(|_| ());
    });
}
