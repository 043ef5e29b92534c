//! Items in columns: which columns, in what order, under what head, and what stands between the rows.

use super::super::habits::filled;
use super::{Bill, Line, Lines, Paper, Rng, Says, add_odd_line, count, draw};

const LEFT: f64 = 50.0;
const RIGHT: f64 = 545.0;

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Position,
    Article,
    Ean,
    Serial,
    Text,
    Quantity,
    /// Quantity and unit in one cell.
    Counted,
    Unit,
    Price,
    Per,
    Discount,
    Tax,
    TaxCode,
    Amount,
    Gross,
    Date,
    Period,
    Hours,
    Rate,
}

use Holds::*;

/// Orders of columns that bills show.
const ORDERS: &[&[Holds]] = &[
    &[Position, Text, Counted, Price, Amount],
    &[Position, Article, Text, Quantity, Unit, Price, Amount],
    &[Article, Text, Quantity, Price, Discount, Amount],
    &[Position, Text, Quantity, Unit, Price, Discount, Tax, Amount],
    &[Ean, Text, Counted, Price, TaxCode, Amount],
    &[Quantity, Unit, Article, Text, Price, Amount],
    &[Counted, Text, Price, Amount],
    &[Text, Serial, Quantity, Price, Amount],
    &[Position, Quantity, Text, Serial, Price, Tax, Amount],
    &[Date, Text, Hours, Rate, Amount],
    &[Date, Hours, Text, Rate, Amount],
    &[Text, Period, Amount],
    &[Position, Text, Tax, Amount],
    &[Text, Quantity, Price, Amount, Tax, Gross],
    &[Text, Tax, Quantity, Price, Amount, Gross],
    &[Text, Quantity, Price, Per, Amount],
    &[Article, Quantity, Unit, Text, Price, Per, Amount],
    &[Amount, Text, Counted, Price],
    &[Amount, Text],
    &[Text, Price, Quantity, Amount],
    &[Text, Amount],
    &[Position, Date, Text, Quantity, Unit, Price, Tax, Amount],
];

/// How one table is set.
struct Grid {
    holds: Vec<Holds>,
    /// Left edge and right edge of each column.
    edges: Vec<(f64, f64)>,
    is_left: bool,
    /// Decimals of quantities; 0 as few as there are.
    decimals: usize,
    is_glued: bool,
    shows_currency: bool,
    rate: String,
    /// Figures stand beside the last line of a text instead of the first.
    is_low: bool,
    code: &'static str,
}

fn width(holds: Holds, size: f64) -> f64 {
    let chars = match holds {
        Position => 5.0,
        Article => 10.0,
        Ean => 15.0,
        Serial => 12.0,
        Quantity | Hours => 8.5,
        Counted => 10.5,
        Unit => 6.5,
        Price | Rate => 12.0,
        Per | Tax | TaxCode => 7.5,
        Discount => 8.0,
        Amount | Gross => 13.5,
        Date => 11.0,
        Period => 23.0,
        Text => 0.0,
    };
    chars * 0.53 * size
}

fn grid(rng: &mut Rng, bill: &Bill<'_>, paper: &mut Paper) -> Grid {
    let holds = ORDERS[rng.range(0, ORDERS.len() as u64) as usize].to_vec();
    if holds.len() >= 6 {
        paper.size = 8.0;
    }
    let taken: f64 = holds.iter().map(|&holds| width(holds, paper.size)).sum();
    let room = RIGHT - LEFT - taken;
    let mut x = LEFT;
    let mut edges = Vec::new();
    for &holds in &holds {
        let wide = if holds == Text { room } else { width(holds, paper.size) };
        edges.push((x, x + wide - 6.0));
        x += wide;
    }
    Grid {
        holds,
        edges,
        is_left: rng.chance(15),
        decimals: [0, 0, 0, 2, 3][rng.range(0, 5) as usize],
        is_glued: rng.chance(45),
        shows_currency: rng.chance(20),
        rate: bill.tongue.rate.to_string(),
        is_low: rng.chance(15),
        code: rng.pick(&["A", "1", "S", "2"]),
    }
}

fn head_of(rng: &mut Rng, says: &Says, holds: Holds, is_high: bool, has_gross: bool) -> String {
    let wordings = match holds {
        Position => says.position,
        Article => says.article,
        Ean => "EAN|GTIN|EAN-Code",
        Serial => says.serial,
        Text => says.text,
        Quantity | Counted => says.quantity,
        Unit => says.unit,
        Price if is_high => says.price_high,
        Price => says.price,
        Per => says.per,
        Discount => says.discount,
        Tax | TaxCode => says.tax,
        Amount if has_gross => says.net,
        Amount => says.amount,
        Gross => says.gross,
        Date => says.date,
        Period => says.period,
        Hours => says.hours,
        Rate => says.rate,
    };
    let word = rng.say(wordings);
    // In German and English a price per unit is written with a stroke on one line too.
    if is_high && holds == Price { word } else { word.replace('/', "\u{2044}") }
}

impl Grid {
    fn has(&self, holds: Holds) -> bool {
        self.holds.contains(&holds)
    }

    /// Figures end at the right edge of their column, texts begin at the left.
    fn put(&self, paper: &mut Paper, at: usize, text: String) {
        let (left, right) = self.edges[at];
        let is_figure = !matches!(
            self.holds[at],
            Position | Article | Ean | Serial | Text | Unit | Date | Period | TaxCode
        );
        let is_first = at == 0;
        if is_figure && !self.is_left && !is_first {
            paper.right(right, text);
        } else {
            paper.put(left, text);
        }
    }

    fn head(&self, heads: &[String], paper: &mut Paper) {
        let high = heads.iter().map(|head| head.split('/').count()).max().unwrap_or(1);
        for row in 0..high {
            for (at, head) in heads.iter().enumerate() {
                let parts: Vec<&str> = head.split('/').collect();
                if let Some(part) = parts.get(row) {
                    self.put(paper, at, (*part).replace('\u{2044}', "/"));
                }
            }
            paper.down(1.0);
        }
        paper.down(0.5);
    }

    fn cell(&self, rng: &mut Rng, bill: &Bill<'_>, holds: Holds, line: &Line, at: usize) -> String {
        let money = |cents: i64| match self.shows_currency {
            true => bill.money.sum(cents),
            false => bill.money.bare(cents),
        };
        let counted = count(bill, line.quantity, self.decimals);
        match holds {
            Position => (at + 1).to_string(),
            Article => filled(rng, "##-####"),
            Ean => filled(rng, "40##########"),
            Serial => filled(rng, "SN######"),
            Text => String::new(),
            Tax => format!("{} %", self.rate),
            TaxCode => self.code.to_owned(),
            Amount => money(line.amount),
            Gross => money(line.amount + super::rounded(line.amount * bill.tongue.rate, 100)),
            Date => format!("{:02}.{:02}.{}", at % 27 + 1, 3, bill.year),
            Period => {
                format!("01.{0:02}.{1} - 28.{0:02}.{1}", at % 11 + 1, bill.year)
            }
            _ if line.is_flat => String::new(),
            Quantity | Hours => counted,
            Counted if self.is_glued && self.decimals == 0 => format!("{counted}{}", line.unit),
            Counted => format!("{counted} {}", line.unit),
            Unit => line.unit.clone(),
            Price | Rate => money(line.price),
            Per => line.per.to_string(),
            Discount if line.discount == 0 => String::new(),
            Discount => format!("{}%", line.discount),
        }
    }

    /// The lines that a text takes in its column.
    fn broken(&self, text: &str, size: f64) -> Vec<String> {
        let at = self.holds.iter().position(|&holds| holds == Text).unwrap_or(0);
        let (left, right) = self.edges[at];
        let fits = (((right - left) / (0.52 * size)) as usize).max(9);
        let mut lines: Vec<String> = Vec::new();
        for word in text.split(' ') {
            match lines.last_mut().filter(|line| line.chars().count() + word.chars().count() < fits)
            {
                Some(line) => {
                    line.push(' ');
                    line.push_str(word);
                }
                None => lines.push(word.to_owned()),
            }
        }
        lines
    }

    fn row(&self, rng: &mut Rng, bill: &Bill<'_>, line: &Line, at: usize, paper: &mut Paper) {
        let texts = self.broken(&line.text, paper.size);
        let figures = if self.is_low { texts.len() - 1 } else { 0 };
        let text_column = self.holds.iter().position(|&holds| holds == Text).unwrap_or(0);
        for (index, text) in texts.iter().enumerate() {
            paper.put(self.edges[text_column].0, text.clone());
            if index == figures {
                for (column, &holds) in self.holds.iter().enumerate() {
                    let cell = self.cell(rng, bill, holds, line, at);
                    if !cell.is_empty() {
                        self.put(paper, column, cell);
                    }
                }
            }
            paper.down(1.0);
        }
        let more = line.more.as_ref().map(|more| self.broken(more, paper.size));
        for more in more.unwrap_or_default() {
            paper.put(self.edges[text_column].0, more);
            paper.down(1.0);
        }
        paper.down(0.35);
    }

    /// The next page, with the sum carried to it and the head again where the table does that.
    fn turn(&self, paper: &mut Paper, head: Option<&[String]>, carried: Option<(&str, String)>) {
        if let Some((word, sum)) = &carried {
            self.sum(paper, (*word).to_owned(), sum.clone());
        }
        paper.turn();
        if let Some(head) = head {
            self.head(head, paper);
        }
        if let Some((word, sum)) = carried {
            self.sum(paper, word.to_owned(), sum);
        }
    }

    /// What a line is made of, without figures.
    fn parts(&self, rng: &mut Rng, says: &Says, at: usize, paper: &mut Paper) {
        let x = self.edges[self.holds.iter().position(|&holds| holds == Text).unwrap_or(0)].0;
        for part in 1..=rng.range(1, 3) {
            paper.put(x + 8.0, format!("{}.{part} {}", at + 1, rng.say(says.parts)));
            paper.down(1.1);
        }
    }

    /// A word and a sum in the last column of amounts.
    fn sum(&self, paper: &mut Paper, word: String, shown: String) {
        let column = |wanted: Holds| self.holds.iter().position(|&holds| holds == wanted);
        paper.put(self.edges[column(Text).unwrap_or(0)].0, word);
        self.put(paper, column(Amount).unwrap_or(0), shown);
        paper.down(1.35);
    }
}

/// What stands between the rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Between {
    Nothing,
    Groups,
    Deliveries,
    Parts,
}

fn delivery(rng: &mut Rng, bill: &Bill<'_>, says: &Says, at: usize, paper: &mut Paper) {
    let day = format!("{:02}.03.{}", at % 27 + 1, bill.year);
    let number = filled(rng, "LS-####");
    paper.put(LEFT, rng.say(says.delivery).replace("{n}", &number).replace("{d}", &day));
    paper.down(1.3);
}

/// Prints a table; its lines, and whether it shows how many.
pub(super) fn print(
    rng: &mut Rng,
    bill: &Bill<'_>,
    says: &Says,
    paper: &mut Paper,
) -> (Vec<Line>, bool) {
    let usual = paper.size;
    let grid = grid(rng, bill, paper);
    let has_quantity = grid.has(Quantity) || grid.has(Counted) || grid.has(Hours);
    let kinds = Lines {
        are_hours: grid.has(Hours),
        are_flat: !has_quantity,
        per: if grid.has(Per) { [100, 1_000][rng.range(0, 2) as usize] } else { 1 },
        has_discount: grid.has(Discount),
        details: [0, 0, 40, 90][rng.range(0, 4) as usize],
    };
    let is_long = rng.chance(20);
    let many = if is_long { rng.range(14, 34) } else { rng.range(1, 8) };
    let mut lines: Vec<Line> = (0..many).map(|_| draw(rng, says, &kinds)).collect();
    if rng.chance(30) {
        add_odd_line(rng, says, &mut lines);
    }
    let between = match rng.range(0, 10) {
        0 | 1 if !is_long && lines.len() > 2 => Between::Groups,
        2 if lines.len() > 1 => Between::Deliveries,
        3 => Between::Parts,
        _ => Between::Nothing,
    };
    let is_high = rng.chance(25);
    let heads: Vec<String> = grid
        .holds
        .iter()
        .map(|&holds| head_of(rng, says, holds, is_high, grid.has(Gross)))
        .collect();
    let is_bare = rng.chance(10);
    if !is_bare {
        grid.head(&heads, paper);
    }
    let (repeats, carries) = (rng.chance(60), rng.chance(50));
    let (mut sum, mut part, mut group) = (0, 0, String::new());
    let carried = rng.say(says.carried);
    for (at, line) in lines.iter().enumerate() {
        if paper.is_low() {
            let head = (repeats && !is_bare).then_some(heads.as_slice());
            let carried = carries.then(|| (carried.as_str(), bill.money.bare(sum)));
            grid.turn(paper, head, carried);
        }
        if between == Between::Groups && at % 2 == 0 {
            if at > 0 {
                let word = rng.say(says.group_sum).replace("{g}", &group);
                grid.sum(paper, word, bill.money.bare(part));
            }
            (part, group) = (0, rng.say(says.groups));
            paper.bold(LEFT, group.clone());
            paper.down(1.3);
        }
        if between == Between::Deliveries && at % 2 == 0 {
            delivery(rng, bill, says, at, paper);
        }
        grid.row(rng, bill, line, at, paper);
        if between == Between::Parts {
            grid.parts(rng, says, at, paper);
        }
        (sum, part) = (sum + line.amount, part + line.amount);
    }
    if between == Between::Groups {
        let word = rng.say(says.group_sum).replace("{g}", &group);
        grid.sum(paper, word, bill.money.bare(part));
    }
    paper.size = usual;
    (lines, has_quantity)
}
