//! Pictures in, words with boxes and confidences out.
//!
//! The story of one picture: [`decode`] turns the bytes of a PNG, JPEG, WebP or TIFF into pages of
//! pixels, within limits; [`read_page`] reads one of them. There, `contrast` makes faint and
//! unevenly lit pages plain, `lines` finds the lines of text as slanted boxes, `upright` tells how
//! the page is turned, `recognise` reads each line, and `words` cuts lines into words and sets the
//! page straight.
//!
//! The two models are those of PP-OCRv6, run by `rten`, or by a library that the operator names
//! ([`prepare`]); their bytes are part of the program (see `models/NOTICE`, ADRs 0008 and 0017). Nothing here performs I/O or reads a clock. Work is done on the
//! threads of `rten`, which [`prepare`] starts.

mod boxes;
mod contrast;
mod crop;
mod decode;
mod error;
mod ink;
mod lines;
mod models;
mod onnx;
mod page;
mod pieces;
mod recognise;
mod upright;
mod words;

#[cfg(test)]
mod tests;

use std::path::Path;

pub use crop::between;
pub use decode::{Decoded, PictureFormat, PictureLimits, decode};
pub use error::{OcrError, PictureError};
/// Pixels of a page: red, green, blue, a byte each.
pub use image::RgbImage as Pixels;
pub use page::{PageRead, WordRead, read_page};

/// Makes ready to read pictures: starts the threads that the models run on and waits until they run.
///
/// For processes that may start no thread and open no file later on. The models themselves are loaded with the
/// first page. The environment variable `RTEN_NUM_THREADS` says how many threads there are; without it, as
/// many as there are cores.
///
/// With the library of ONNX Runtime, as `onnx_runtime` names its file, the models are loaded into that instead and run
/// once, so that nothing is left to be opened; they then run on the thread that reads.
///
/// # Errors
/// [`OcrError::Load`]: the library cannot be loaded, or is too old; with one, pages were read before.
pub fn prepare(onnx_runtime: Option<&Path>) -> Result<(), OcrError> {
    let Some(library) = onnx_runtime else {
        rten::thread_pool().run(|| {
            // Every one of them answers, so every one of them runs.
            rayon::broadcast(|_| ());
        });
        return Ok(());
    };
    let models = models::load_into(library)?;
    recognise::try_out(models)
}
