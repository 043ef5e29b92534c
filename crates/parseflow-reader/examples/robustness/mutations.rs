//! Good files made bad: cut, flipped, inflated, nested, renamed. The same seed makes the same files.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// SplitMix64: small, and good enough to choose places with.
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice that always fall in the same way.
    pub(crate) fn with_seed(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`; 0 for an empty range.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end.max(1) as u64) as usize
    }
}

/// What is done to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mutation {
    /// The end is missing, at least eight bytes of it.
    Cut,
    /// Up to 64 bytes are others.
    Flipped,
    /// Numbers grow, pieces repeat, streams explode.
    Inflated,
    /// In messages inside messages, or full of brackets.
    Nested,
    /// The beginning of a file of another kind.
    Renamed,
}

impl Mutation {
    /// All of them.
    pub(crate) const ALL: [Mutation; 5] =
        [Mutation::Cut, Mutation::Flipped, Mutation::Inflated, Mutation::Nested, Mutation::Renamed];

    /// Its name in the table.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Mutation::Cut => "cut",
            Mutation::Flipped => "flipped",
            Mutation::Inflated => "inflated",
            Mutation::Nested => "nested",
            Mutation::Renamed => "renamed",
        }
    }

    /// The bad file. `exploding` is how large a stream becomes that explodes, in bytes.
    pub(crate) fn of(self, good: &[u8], dice: &mut Dice, exploding: usize) -> Vec<u8> {
        match self {
            Mutation::Cut => good[..dice.below(good.len().saturating_sub(8))].to_vec(),
            Mutation::Flipped => flipped(good, dice),
            Mutation::Inflated => inflated(good, dice, exploding),
            Mutation::Nested => nested(good, dice),
            Mutation::Renamed => renamed(good, dice),
        }
    }
}

fn flipped(good: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bad = good.to_vec();
    for _ in 0..=dice.below(64) {
        let (at, bits) = (dice.below(bad.len()), 1 + dice.below(255));
        bad[at] ^= bits as u8;
    }
    bad
}

fn inflated(good: &[u8], dice: &mut Dice, exploding: usize) -> Vec<u8> {
    match dice.below(8) {
        0 => exploding_pdf(exploding),
        1..=3 => {
            // A piece again and again.
            let (at, many) = (dice.below(good.len()), 1 + dice.below(400));
            let end = (at + 1 + dice.below(4_000)).min(good.len());
            let again = good[at..end].iter().copied().cycle().take((end - at) * many);
            [&good[..at], &again.collect::<Vec<u8>>(), &good[at..]].concat()
        }
        _ => {
            // Some numbers become enormous: lengths, counts, offsets, sizes of pictures.
            let mut bad = Vec::with_capacity(good.len() * 2);
            let mut in_number = false;
            for byte in good {
                let begins = byte.is_ascii_digit() && !in_number;
                in_number = byte.is_ascii_digit();
                if begins && dice.below(12) == 0 {
                    bad.extend(std::iter::repeat_n(b'9', 1 + dice.below(30)));
                }
                bad.push(*byte);
            }
            bad
        }
    }
}

fn nested(good: &[u8], dice: &mut Dice) -> Vec<u8> {
    match dice.below(3) {
        0 => {
            let mut message = attached(good);
            for _ in 0..dice.below(24) {
                let head =
                    "Subject: again\r\nMIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n";
                message = [head.as_bytes(), &message].concat();
            }
            message
        }
        1 => {
            let brackets: [(&str, &str); 4] =
                [("[", "]"), ("<<", ">>"), ("<a>", "</a>"), ("(", ")")];
            let (open, close) = brackets[dice.below(brackets.len())];
            let (at, deep) = (dice.below(good.len()), 1 + dice.below(60_000));
            let middle = [open.repeat(deep), close.repeat(deep)].concat();
            [&good[..at], middle.as_bytes(), &good[at..]].concat()
        }
        _ => {
            let deep = 1 + dice.below(30_000);
            let (open, close) = ("<div><table><tr><td>".repeat(deep), "</td></tr></table></div>");
            [open.as_bytes(), good, close.repeat(deep).as_bytes()].concat()
        }
    }
}

/// A message with the file attached, as base64.
fn attached(file: &[u8]) -> Vec<u8> {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut message = b"From: a@example.com\r\nTo: b@example.com\r\nSubject: file\r\n\
        MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=part\r\n\r\n--part\r\n\
        Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=f\r\n\
        Content-Transfer-Encoding: base64\r\n\r\n"
        .to_vec();
    for line in file.chunks(57) {
        for three in line.chunks(3) {
            let byte = |at: usize| three.get(at).copied().map_or(0, usize::from);
            let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
            for sign in 0..4 {
                let is_there = sign <= three.len();
                message.push(if is_there { SIGNS[bits >> (18 - 6 * sign) & 63] } else { b'=' });
            }
        }
        message.extend(b"\r\n");
    }
    message.extend(b"--part--\r\n");
    message
}

fn renamed(good: &[u8], dice: &mut Dice) -> Vec<u8> {
    const HEADS: [&[u8]; 12] = [
        b"%PDF-1.7\n",
        b"PK\x03\x04\x14\x00\x00\x00\x08\x00",
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR",
        b"II*\x00\x08\x00\x00\x00",
        b"RIFF\xff\xff\xff\x7fWEBPVP8L",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"<?xml version=\"1.0\"?><Invoice>",
        b"<!DOCTYPE html><html><body><table>",
        b"From: a@example.com\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n",
        b"{\\rtf1 ",
        b"GIF89a\xff\xff\xff\xff",
    ];
    let head = HEADS[dice.below(HEADS.len())];
    let skipped = if dice.below(2) == 0 { 0 } else { head.len().min(good.len()) };
    [head, &good[skipped..]].concat()
}

/// One page whose content becomes this large when it is decompressed.
fn exploding_pdf(bytes: usize) -> Vec<u8> {
    static PIECE: [u8; 65_536] = [b' '; 65_536];
    let mut inner = ZlibEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..bytes.div_ceil(PIECE.len()) {
        // Writing to memory does not fail.
        let _ = inner.write_all(&PIECE);
    }
    let content = inner.finish().unwrap_or_default();
    let mut file = b"%PDF-1.5\n".to_vec();
    let mut offsets = Vec::new();
    let texts = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Count 1 /Kids [3 0 R] >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>".to_owned(),
        format!("<< /Filter /FlateDecode /Length {} >>\nstream\n", content.len()),
    ];
    for (index, text) in texts.iter().enumerate() {
        offsets.push(file.len());
        file.extend(format!("{} 0 obj\n{text}", index + 1).bytes());
        if index == 3 {
            file.extend(&content);
            file.extend(b"\nendstream");
        }
        file.extend(b"\nendobj\n");
    }
    let table = file.len();
    file.extend(b"xref\n0 5\n0000000000 65535 f \n");
    for offset in offsets {
        file.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    file.extend(format!("trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").bytes());
    file
}
