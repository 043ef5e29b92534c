//! Files that are cut, bent or built to hurt: always a coded error or a result.

use super::{read, sample};
use crate::{ExtractOptions, extract};

/// A small generator of repeatable noise.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 as usize
    }
}

/// A PDF of these numbered objects, the first being the catalogue.
pub(super) fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.5\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.extend(format!("{} 0 obj\n", index + 1).bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let table = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for offset in offsets {
        file.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    file.extend(
        format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").bytes(),
    );
    file
}

/// A stream object.
pub(super) fn stream(dict: &str, data: &[u8]) -> Vec<u8> {
    let mut object = format!("<< {dict} /Length {} >>\nstream\n", data.len()).into_bytes();
    object.extend(data);
    object.extend(b"\nendstream");
    object
}

fn one_page(content: Vec<u8>) -> Vec<u8> {
    pdf(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /X 4 0 R >> >> >>".to_vec(),
        content,
    ])
}

#[test]
fn a_name_whose_letters_are_two_bytes_is_compared_with_an_address_letter_by_letter() {
    let mut file = sample("invoice-german.pdf");
    let starts = file.windows(7).enumerate().filter(|(_, bytes)| bytes == b"Lindner");
    let names: Vec<usize> = starts.map(|(start, _)| start).collect();
    for name in names {
        file[name + 5] = 0x83;
    }
    let found = read(&file).unwrap();
    assert_eq!(found.data["vendor"]["name"], "Lindn\u{192}r B\u{fc}rotechnik GmbH");
    assert_eq!(found.data["vendor"]["email"], "info@lindner-buero.example");
}

#[test]
fn a_pdf_cut_anywhere_is_refused_as_corrupt() {
    for name in ["invoice-english.pdf", "invoice-french.pdf", "receipt.pdf"] {
        let whole = sample(name);
        for permille in (10..990).step_by(35) {
            let cut = &whole[..whole.len() * permille / 1000];
            let error = read(cut).unwrap_err();
            assert_eq!(error.code(), "corrupt_file", "{name} cut at {permille} of 1000: {error}");
        }
    }
}

#[test]
fn a_cut_pdf_with_an_end_marker_put_back_is_refused_as_corrupt() {
    let whole = sample("invoice-english.pdf");
    for permille in [200, 400, 600, 800] {
        let mut cut = whole[..whole.len() * permille / 1000].to_vec();
        cut.extend(b"\n%%EOF\n");
        assert_eq!(read(&cut).unwrap_err().code(), "corrupt_file", "{permille}");
    }
}

#[test]
fn bent_bits_never_crash_the_engine() {
    let mut noise = Noise(0x5eed);
    for name in
        ["invoice-english.pdf", "invoice-german.pdf", "encrypted.pdf", "invoice.eml", "invoice.txt"]
    {
        let whole = sample(name);
        for _ in 0..60 {
            let mut bent = whole.clone();
            for _ in 0..1 + noise.next() % 24 {
                let at = noise.next() % bent.len();
                bent[at] ^= 1 << (noise.next() % 8);
            }
            if let Err(error) = read(&bent) {
                assert_ne!(error.code(), "engine_crashed", "{name}");
            }
        }
    }
}

#[test]
fn noise_of_every_length_is_refused_or_read() {
    let mut noise = Noise(0xace);
    for length in (0..4000).step_by(97) {
        let bytes: Vec<u8> = (0..length).map(|_| noise.next() as u8).collect();
        if let Err(error) = read(&bytes) {
            assert_ne!(error.code(), "engine_crashed");
        }
        let mut disguised = b"%PDF-1.4\n".to_vec();
        disguised.extend(&bytes);
        disguised.extend(b"\n%%EOF");
        assert!(read(&disguised).is_err());
    }
}

#[test]
fn a_zip_named_as_pdf_is_still_a_zip() {
    let error = read(b"PK\x03\x04\x14\0\0\0\x08\0invoice.pdf").unwrap_err();
    assert_eq!(error.code(), "unsupported_format");
    assert!(error.to_string().contains("application/zip"));
}

#[test]
fn a_form_that_draws_itself_ends() {
    let page = one_page(stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 4 0 R >> >>",
        b"/X Do /X Do",
    ));
    assert_eq!(read(&page).unwrap_err().code(), "empty_document");
}

#[test]
fn a_form_drawn_more_often_than_any_page_needs_is_refused() {
    let form = |inner: usize, next: usize| {
        let dict = format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X {next} 0 R >> >>"
        );
        stream(&dict, "/X Do ".repeat(inner).as_bytes())
    };
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>".to_vec(),
        stream("", b"/X Do"),
    ];
    objects.extend((5..13).map(|number| form(100, number + 1)));
    objects.push(stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", b" "));
    let options =
        ExtractOptions { decompressed_bytes_max: 4 * 1024 * 1024, ..ExtractOptions::default() };
    assert_eq!(extract(&pdf(&objects), &options).unwrap_err().code(), "too_large");
}

#[test]
fn pages_that_contain_themselves_end() {
    let file = pdf(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Count 1000000 /Kids [2 0 R 2 0 R] >>".to_vec(),
    ]);
    assert_eq!(read(&file).unwrap_err().code(), "corrupt_file");
}

#[test]
fn deeply_nested_objects_do_not_overflow_the_stack() {
    let depth = 50_000;
    let mut content = vec![b'['; depth];
    content.extend(vec![b']'; depth]);
    content.extend(b" TJ");
    let file = one_page(stream("", &content));
    let worker = std::thread::Builder::new().stack_size(crate::STACK_BYTES);
    let outcome =
        worker.spawn(move || read(&file).map(|_| ()).map_err(|e| e.code())).unwrap().join();
    assert!(outcome.unwrap().is_err());
}

#[test]
fn a_stream_that_explodes_is_refused_as_too_large() {
    use std::io::Write;
    let mut inner = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    inner.write_all(&vec![b' '; 8 * 1024 * 1024]).unwrap();
    let bomb = inner.finish().unwrap();
    assert!(bomb.len() < 20_000);
    let options =
        ExtractOptions { decompressed_bytes_max: 1024 * 1024, ..ExtractOptions::default() };
    let error = extract(&one_page(stream("/Filter /FlateDecode", &bomb)), &options).unwrap_err();
    assert_eq!(error.code(), "too_large", "{error}");
}

/// A page that shows one picture, `dict` being its further entries.
fn page_of_picture(dict: &str, data: &[u8]) -> Vec<u8> {
    let dict = format!(
        "/Type /XObject /Subtype /Image /BitsPerComponent 8 /ColorSpace /DeviceGray {dict}"
    );
    pdf(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 228 420] /Rotate 90 /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>".to_vec(),
        stream("", b"q 228 0 0 420 0 0 cm /X Do Q"),
        stream(&dict, data),
    ])
}

#[test]
fn a_picture_without_text_is_an_empty_document() {
    let error = read(&page_of_picture("/Width 1 /Height 1", b"\x90")).unwrap_err();
    assert_eq!(error.code(), "empty_document");
}

#[test]
fn a_picture_with_too_many_pixels_is_refused_before_it_is_decoded() {
    let error = read(&page_of_picture("/Width 60000 /Height 60000", b"\x90")).unwrap_err();
    assert_eq!(error.code(), "too_large");
    assert!(error.to_string().contains("pixels"), "{error}");
}

#[test]
fn more_scanned_pages_than_allowed_are_refused() {
    let options = ExtractOptions { scanned_pages_max: 0, ..ExtractOptions::default() };
    let error = extract(&page_of_picture("/Width 1 /Height 1", b"\x90"), &options).unwrap_err();
    assert!(error.to_string().contains("scanned pages"), "{error}");
}

#[test]
fn a_picture_that_cannot_be_decoded_is_said_to_be_one() {
    let page = page_of_picture("/Width 9 /Height 9 /Filter /DCTDecode", b"no JPEG");
    let error = read(&page).unwrap_err();
    assert_eq!(error.code(), "unsupported_format");
    assert!(error.to_string().contains("cannot be decoded"), "{error}");
}

#[test]
fn a_turned_page_of_a_scanner_is_read_like_the_picture_on_it() {
    // The photograph lies on its side; the page turns it by another quarter.
    let photo = super::sample("receipt-photo.jpg");
    let picture = image::load_from_memory(&photo).unwrap();
    let (width, height) = (picture.width(), picture.height());
    let page =
        page_of_picture(&format!("/Width {width} /Height {height} /Filter /DCTDecode"), &photo);
    let found = read(&page).unwrap();
    assert_eq!(found.mime_type, "application/pdf");
    assert_eq!(found.data["total"], serde_json::json!(23.49));
    assert!(found.fields.iter().any(|field| field.source == parseflow_model::FieldSource::Ocr));
}

#[test]
fn a_text_made_of_labels_and_numbers_only_ends_soon() {
    // Counted, not timed: the limits on rows, words and labels keep the searches small.
    let line =
        "Invoice number Total VAT Date Subtotal 12.00 2026-01-31 Ltd IBAN Customer 1 234,56 €\n";
    let whole = line.repeat(10_000);
    assert!(read(whole.as_bytes()).is_ok());
    let one_row = line.replace('\n', " ").repeat(10_000);
    assert!(read(one_row.as_bytes()).is_ok());
}
