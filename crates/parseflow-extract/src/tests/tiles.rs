//! Pages that are made of several pictures.

use image::GrayImage;
use serde_json::Value;

use super::hostile::{pdf, stream};
use super::{read, sample};

/// Dots to a point in the sample.
const DENSITY: f64 = 150.0 / 72.0;

/// A page that draws pictures one over the other, each with its transform, the entries of its dictionary and its data.
fn page_of(size: (f64, f64), pictures: &[(String, String, Vec<u8>)]) -> Vec<u8> {
    let (mut content, mut names, mut objects) = (String::new(), String::new(), Vec::new());
    for (index, (place, dict, data)) in pictures.iter().enumerate() {
        content.push_str(&format!("q {place} cm /X{index} Do Q\n"));
        names.push_str(&format!("/X{index} {} 0 R ", index + 5));
        objects.push(stream(&format!("/Type /XObject /Subtype /Image {dict}"), data));
    }
    let page = format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {} {}] /Contents 4 0 R \
         /Resources << /XObject << {names}>> >> >>",
        size.0, size.1
    );
    let mut all = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>".to_vec(),
        page.into_bytes(),
        stream("", content.as_bytes()),
    ];
    all.extend(objects);
    pdf(&all)
}

fn scan() -> (GrayImage, (f64, f64)) {
    let scan = image::load_from_memory(&sample("invoice-scan.jpg")).unwrap().to_luma8();
    let size = (f64::from(scan.width()) / DENSITY, f64::from(scan.height()) / DENSITY);
    (scan, size)
}

fn check(file: &[u8], values: &[&str]) {
    let found = read(file).unwrap();
    let same = read(&sample("invoice-english.pdf")).unwrap();
    for name in values {
        assert_eq!(found.data[*name], same.data[*name], "{name}");
        assert_ne!(found.data[*name], Value::Null, "{name}");
    }
}

#[test]
fn a_scan_in_strips_is_read_like_one_picture() {
    let (scan, size) = scan();
    let (width, height) = scan.dimensions();
    let strip = 300;
    let strips = (0..height).step_by(strip as usize).map(|top| {
        let rows = strip.min(height - top);
        let below = f64::from(height - top - rows) / DENSITY;
        let place = format!("{} 0 0 {} 0 {below}", size.0, f64::from(rows) / DENSITY);
        let dict =
            format!("/Width {width} /Height {rows} /BitsPerComponent 8 /ColorSpace /DeviceGray");
        let data = scan.as_raw()[(top * width) as usize..((top + rows) * width) as usize].to_vec();
        (place, dict, data)
    });
    let file = page_of(size, &strips.collect::<Vec<_>>());
    check(&file, &["invoiceNumber", "invoiceDate", "total", "currency"]);
}

#[test]
fn letters_that_are_a_stencil_over_a_picture_of_the_paper_are_read() {
    let (scan, size) = scan();
    let (width, height) = scan.dimensions();
    let place = format!("{} 0 0 {} 0 0", size.0, size.1);
    let paper = "/Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray".to_owned();
    let letters = format!("/Width {width} /Height {height} /ImageMask true /BitsPerComponent 1");
    // 0 is ink.
    let rows = scan.as_raw().chunks_exact(width as usize);
    let bits = rows.flat_map(|row| {
        row.chunks(8).map(|eight| {
            let bit = |(at, tone): (usize, &u8)| u8::from(*tone > 140) << (7 - at);
            eight.iter().enumerate().map(bit).sum::<u8>()
        })
    });
    let pictures = [(place.clone(), paper, vec![250]), (place, letters, bits.collect())];
    check(&page_of(size, &pictures), &["invoiceNumber", "total", "currency"]);
}

#[test]
fn a_page_that_is_painted_over_thousands_of_times_ends_soon() {
    // Counted, not timed: layers, pixels and pictures have limits.
    let paper = "/Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray".to_owned();
    let pictures = vec![("300 0 0 300 0 0".to_owned(), paper, vec![250]); 3_000];
    let error = read(&page_of((300.0, 300.0), &pictures)).unwrap_err();
    assert_eq!(error.code(), "empty_document");
}
