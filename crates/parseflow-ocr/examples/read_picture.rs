//! Reads pictures and prints their words: `cargo run --release --example read_picture FILE…`. With the environment
//! variable `PARSEFLOW_ONNX_RUNTIME` the library that it names runs the models.

use std::io::Write;
use std::time::Instant;

use parseflow_ocr::{PictureFormat, PictureLimits, decode, prepare, read_page};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let onnx_runtime = std::env::var_os("PARSEFLOW_ONNX_RUNTIME");
    prepare(onnx_runtime.as_ref().map(std::path::Path::new))?;
    let out = &mut std::io::stdout();
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let format = match path.rsplit('.').next() {
            Some("png") => PictureFormat::Png,
            Some("webp") => PictureFormat::WebP,
            Some("tif" | "tiff") => PictureFormat::Tiff,
            _ => PictureFormat::Jpeg,
        };
        for page in decode(&bytes, format, PictureLimits::default())? {
            let page = page?;
            #[expect(clippy::disallowed_methods, reason = "a measuring program measures time")]
            let begin = Instant::now();
            let read = read_page(page)?;
            writeln!(
                out,
                "# {path} {}x{} quarters {} slant {:.2} lines {} confidence {:.3} {:.2} s",
                read.width,
                read.height,
                read.quarters,
                read.slant_degrees,
                read.lines,
                read.confidence,
                begin.elapsed().as_secs_f64()
            )?;
            for word in &read.words {
                writeln!(
                    out,
                    "{:.0} {:.0} {:.0} {:.0} {:.3} {}",
                    word.x0, word.y0, word.x1, word.y1, word.confidence, word.text
                )?;
            }
        }
    }
    Ok(())
}
