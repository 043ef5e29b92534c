//! The specification of the crate: the models, the formats, pages at any turn.

use std::io::Cursor;

use image::imageops::{rotate90, rotate180, rotate270};
use image::{DynamicImage, GrayImage, ImageFormat};

use crate::{PictureError, PictureFormat, PictureLimits, Pixels, decode, models, read_page};

fn sample(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

fn pages(bytes: &[u8], format: PictureFormat) -> Result<Vec<Pixels>, PictureError> {
    decode(bytes, format, PictureLimits::default())?.collect()
}

/// A slip, upright.
fn slip() -> Pixels {
    let photo = pages(&sample("receipt-photo.jpg"), PictureFormat::Jpeg).unwrap().remove(0);
    rotate90(&photo)
}

fn text_of(page: Pixels) -> (u8, Vec<String>) {
    let read = read_page(page).unwrap();
    let mut words: Vec<String> = read.words.into_iter().map(|word| word.text).collect();
    words.sort();
    (read.quarters, words)
}

#[test]
fn the_models_are_those_that_the_notice_names() {
    let notice = include_str!("../models/NOTICE");
    for (name, bytes) in [("det", models::FINDER), ("rec", models::READER)] {
        let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
        let digest: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let line = notice.lines().find(|line| line.contains(&digest)).unwrap();
        assert!(line.starts_with(&format!("PP-OCRv6_{name}_small.onnx")), "{line}");
    }
}

#[test]
fn every_format_gives_the_pixels_that_were_put_in() {
    let picture = DynamicImage::ImageRgb8(Pixels::from_fn(40, 20, |x, _| {
        image::Rgb([if x < 20 { 255 } else { 0 }, 128, 0])
    }));
    for (format, as_file) in [
        (PictureFormat::Png, ImageFormat::Png),
        (PictureFormat::Jpeg, ImageFormat::Jpeg),
        (PictureFormat::WebP, ImageFormat::WebP),
        (PictureFormat::Tiff, ImageFormat::Tiff),
    ] {
        let mut file = Cursor::new(Vec::new());
        picture.write_to(&mut file, as_file).unwrap();
        let found = pages(file.get_ref(), format).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].dimensions(), (40, 20));
        for (a, b) in found[0].pixels().zip(picture.to_rgb8().pixels()) {
            let differ = a.0.iter().zip(b.0).map(|(a, b)| a.abs_diff(b)).max();
            assert!(differ <= Some(12), "{format:?} {a:?} {b:?}");
        }
        let half = &file.get_ref()[..file.get_ref().len() / 2];
        assert!(pages(half, format).is_err(), "{format:?}");
    }
}

#[test]
fn every_page_of_a_tiff_is_decoded_and_a_circle_of_pages_is_refused() {
    let mut file = Cursor::new(Vec::new());
    let mut encoder = tiff::encoder::TiffEncoder::new(&mut file).unwrap();
    for tone in [10u8, 200, 90] {
        let page = vec![tone; 64];
        encoder.write_image::<tiff::encoder::colortype::Gray8>(8, 8, &page).unwrap();
    }
    let mut file = file.into_inner();
    let tones: Vec<u8> = pages(&file, PictureFormat::Tiff)
        .unwrap()
        .iter()
        .map(|page| page.get_pixel(3, 3).0[0])
        .collect();
    assert_eq!(tones, [10, 200, 90]);
    let limits = PictureLimits { pages_max: 2, ..PictureLimits::default() };
    let refused = decode(&file, PictureFormat::Tiff, limits).map(|_| ()).unwrap_err();
    assert_eq!(refused, PictureError::TooManyPages { limit: 2 });
    // The first directory names itself as the next one.
    let first = u32::from_le_bytes(file[4..8].try_into().unwrap()) as usize;
    let entries = usize::from(u16::from_le_bytes(file[first..first + 2].try_into().unwrap()));
    let next = first + 2 + entries * 12;
    file.copy_within(4..8, next);
    assert_eq!(pages(&file, PictureFormat::Tiff), Err(PictureError::Corrupt));
}

#[test]
fn too_many_pixels_are_refused_by_what_the_head_says() {
    let mut file = Cursor::new(Vec::new());
    DynamicImage::ImageLuma8(GrayImage::new(9_000, 6_000))
        .write_to(&mut file, ImageFormat::Png)
        .unwrap();
    let refused = pages(file.get_ref(), PictureFormat::Png);
    assert_eq!(refused, Err(PictureError::TooManyPixels { limit: 50_000_000 }));
}

#[test]
fn what_is_transparent_is_paper() {
    let mut file = Cursor::new(Vec::new());
    let clear = image::RgbaImage::from_pixel(4, 4, image::Rgba([0, 0, 0, 0]));
    DynamicImage::ImageRgba8(clear).write_to(&mut file, ImageFormat::Png).unwrap();
    let page = pages(file.get_ref(), PictureFormat::Png).unwrap().remove(0);
    assert!(page.pixels().all(|pixel| pixel.0 == [255, 255, 255]));
}

#[test]
fn a_page_is_read_the_same_at_every_quarter_turn() {
    let slip = slip();
    let (quarters, upright) = text_of(slip.clone());
    assert_eq!(quarters, 0);
    assert!(upright.iter().any(|word| word.contains("23.49")), "{upright:?}");
    let mut shares = Vec::new();
    for (turned, back) in [(rotate90(&slip), 3), (rotate180(&slip), 2), (rotate270(&slip), 1)] {
        let (quarters, words) = text_of(turned);
        assert_eq!(quarters, back);
        let same = words.iter().filter(|word| upright.contains(word)).count();
        shares.push(same as f64 / upright.len() as f64);
    }
    assert!(shares.iter().all(|share| *share > 0.95), "{shares:?}");
}

#[test]
fn slanted_lines_are_told_and_set_level() {
    let read = read_page(slip()).unwrap();
    assert!((read.slant_degrees + 2.5).abs() < 0.5, "{}", read.slant_degrees);
    // Label and sum stand on one line again.
    let place = |text: &str| read.words.iter().rfind(|word| word.text.contains(text)).unwrap();
    let (sum, height) = (place("23.49"), place("23.49").y1 - place("23.49").y0);
    let beside = read.words.iter().filter(|word| (word.y0 - sum.y0).abs() < height / 2.0);
    assert!(beside.count() >= 2, "{:?}", read.words);
}

#[test]
fn a_faint_page_is_read_like_a_plain_one() {
    let mut faint = slip();
    for pixel in faint.pixels_mut() {
        pixel.0 = pixel.0.map(|tone| 150 + tone / 6);
    }
    let (_, words) = text_of(faint);
    assert!(words.iter().any(|word| word.contains("23.49")), "{words:?}");
}

#[test]
fn a_page_without_text_has_no_words_and_no_doubt() {
    let read = read_page(Pixels::from_pixel(300, 200, image::Rgb([240, 240, 240]))).unwrap();
    assert_eq!((read.words.len(), read.lines, read.confidence), (0, 0, 1.0));
}
