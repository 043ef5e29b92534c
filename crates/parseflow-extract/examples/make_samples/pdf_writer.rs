//! The least that makes a PDF: pages of text in Helvetica, horizontal rules, a cross-reference table.

/// One page under construction; points, origin in the lower left corner as in PDF.
pub(crate) struct Sheet {
    width: f64,
    height: f64,
    content: Vec<u8>,
    /// Whether it has Polish letters that Windows-1252 lacks.
    is_polish: bool,
    /// Whether it has Czech ones.
    is_czech: bool,
}

impl Sheet {
    /// An empty page.
    pub(crate) fn new(width: f64, height: f64) -> Sheet {
        Sheet { width, height, content: Vec::new(), is_polish: false, is_czech: false }
    }

    /// Text that begins at `x`.
    pub(crate) fn text(&mut self, x: f64, y: f64, size: f64, text: &str) {
        self.show("F1", x, y, size, text);
    }

    /// Bold text that begins at `x`.
    pub(crate) fn bold(&mut self, x: f64, y: f64, size: f64, text: &str) {
        self.show("F2", x, y, size, text);
    }

    /// Text that ends at `x`.
    pub(crate) fn right(&mut self, x: f64, y: f64, size: f64, text: &str) {
        self.show("F1", x - width_of(text, size), y, size, text);
    }

    /// Bold text that ends near `x`; the widths of the regular font are close enough.
    pub(crate) fn bold_right(&mut self, x: f64, y: f64, size: f64, text: &str) {
        self.show("F2", x - 1.06 * width_of(text, size), y, size, text);
    }

    /// Lines under each other.
    pub(crate) fn lines(&mut self, x: f64, y: f64, size: f64, lines: &[&str]) {
        for (index, line) in lines.iter().enumerate() {
            self.text(x, y - 1.25 * size * index as f64, size, line);
        }
    }

    /// A thin line from `from` to `to`.
    pub(crate) fn rule(&mut self, from: f64, to: f64, y: f64) {
        self.content.extend(format!("0.5 w {from:.2} {y:.2} m {to:.2} {y:.2} l S\n").bytes());
    }

    fn show(&mut self, font: &str, x: f64, y: f64, size: f64, text: &str) {
        self.content.extend(format!("BT /{font} {size} Tf {x:.2} {y:.2} Td (").bytes());
        self.is_polish |= text.chars().any(|char| own_code(&POLISH, POLISH_FIRST, char).is_some());
        self.is_czech |= text.chars().any(|char| own_code(&CZECH, CZECH_FIRST, char).is_some());
        for byte in text.chars().map(encoded) {
            if matches!(byte, b'(' | b')' | b'\\') {
                self.content.push(b'\\');
            }
            self.content.push(byte);
        }
        self.content.extend(b") Tj ET\n");
    }
}

/// Makes the file.
pub(crate) struct Document;

impl Document {
    /// The bytes of a PDF with these pages.
    pub(crate) fn of(pages: impl Into<Vec<Sheet>>) -> Vec<u8> {
        let pages: Vec<Sheet> = pages.into();
        let count = pages.len();
        let mut own = Vec::new();
        if pages.iter().any(|page| page.is_polish) {
            own.push(differences(POLISH_FIRST, &POLISH));
        }
        if pages.iter().any(|page| page.is_czech) {
            own.push(differences(CZECH_FIRST, &CZECH));
        }
        let encoding = if own.is_empty() {
            "/WinAnsiEncoding".to_owned()
        } else {
            format!("<< /BaseEncoding /WinAnsiEncoding /Differences [{}] >>", own.join(" "))
        };
        let font = |name: &str| {
            format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding {encoding} >>")
        };
        let kids: Vec<String> = (0..count).map(|index| format!("{} 0 R", 5 + 2 * index)).collect();
        let mut objects: Vec<Vec<u8>> = vec![
            b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
            format!("<< /Type /Pages /Count {count} /Kids [{}] >>", kids.join(" ")).into_bytes(),
            font("Helvetica").into_bytes(),
            font("Helvetica-Bold").into_bytes(),
        ];
        for (index, page) in pages.into_iter().enumerate() {
            objects.push(
                format!(
                    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {} {}] /Contents {} 0 R \
                     /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>",
                    page.width,
                    page.height,
                    6 + 2 * index
                )
                .into_bytes(),
            );
            let mut stream = format!("<< /Length {} >>\nstream\n", page.content.len()).into_bytes();
            stream.extend(page.content);
            stream.extend(b"endstream");
            objects.push(stream);
        }
        file_of(&objects)
    }
}

fn file_of(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
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
    file.extend(
        format!(
            "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
            objects.len() + 1
        )
        .bytes(),
    );
    file
}

/// Polish letters that Windows-1252 lacks, with their glyphs, in codes of their own.
const POLISH: [(char, &str); 16] = [
    ('ą', "aogonek"),
    ('ć', "cacute"),
    ('ę', "eogonek"),
    ('ł', "lslash"),
    ('ń', "nacute"),
    ('ś', "sacute"),
    ('ź', "zacute"),
    ('ż', "zdotaccent"),
    ('Ą', "Aogonek"),
    ('Ć', "Cacute"),
    ('Ę', "Eogonek"),
    ('Ł', "Lslash"),
    ('Ń', "Nacute"),
    ('Ś', "Sacute"),
    ('Ź', "Zacute"),
    ('Ż', "Zdotaccent"),
];
/// No line ends are among the codes from here on.
const POLISH_FIRST: u8 = 14;

/// Czech letters that Windows-1252 lacks.
const CZECH: [(char, &str); 9] = [
    ('č', "ccaron"),
    ('Č', "Ccaron"),
    ('ě', "ecaron"),
    ('ř', "rcaron"),
    ('Ř', "Rcaron"),
    ('ů', "uring"),
    ('ň', "ncaron"),
    ('ť', "tcaron"),
    ('ď', "dcaron"),
];
/// In place of marks that no page here has.
const CZECH_FIRST: u8 = 0x81;

/// The code of a letter in a list of letters whose codes follow each other.
fn own_code(letters: &[(char, &str)], first: u8, char: char) -> Option<u8> {
    (first..).zip(letters).find(|(_, (known, _))| *known == char).map(|(code, _)| code)
}

/// The letters as differences of an encoding.
fn differences(first: u8, letters: &[(char, &str)]) -> String {
    let names: Vec<String> = letters.iter().map(|(_, name)| format!("/{name}")).collect();
    format!("{first} {}", names.join(" "))
}

/// The character in Windows-1252, or the code of its own.
fn encoded(char: char) -> u8 {
    match char {
        '€' => 0x80,
        '–' => 0x96,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '„' => 0x84,
        'š' => 0x9a,
        'Š' => 0x8a,
        'ž' => 0x9e,
        'Ž' => 0x8e,
        char => own_code(&POLISH, POLISH_FIRST, char)
            .or_else(|| own_code(&CZECH, CZECH_FIRST, char))
            .unwrap_or_else(|| u8::try_from(u32::from(char)).unwrap_or(b'?')),
    }
}

/// Widths of Helvetica from the space to the tilde, in thousandths of the size.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

fn width_of(text: &str, size: f64) -> f64 {
    let width = |char: char| {
        let index = u32::from(char).checked_sub(32).map(|index| index as usize);
        f64::from(index.and_then(|index| WIDTHS.get(index)).copied().unwrap_or(556))
    };
    text.chars().map(width).sum::<f64>() / 1000.0 * size
}
