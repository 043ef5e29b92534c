//! Heads of bills: facts in a grid, in two lists, in a sentence, above or beside their labels.

use super::Party;
use crate::generate::habits::paper::Paper;
use crate::generate::rng::Rng;

/// What stands at the top of a bill.
pub(super) struct Head<'h> {
    pub(super) vendor: &'h Party,
    /// Lines below the name of the vendor: telephone, tax number.
    pub(super) vendor_more: Vec<String>,
    pub(super) buyer: &'h Party,
    pub(super) buyer_more: Vec<String>,
    pub(super) buyer_label: String,
    pub(super) site: Option<(String, Vec<String>)>,
    pub(super) title: String,
    pub(super) facts: Vec<(String, String)>,
}

pub(super) fn head(rng: &mut Rng, head: &Head<'_>, paper: &mut Paper) {
    match rng.range(0, 5) {
        0 => grid(rng, head, paper),
        1 => two_lists(rng, head, paper),
        2 => stacked(rng, head, paper),
        3 => window(rng, head, paper),
        _ => banner(rng, head, paper),
    }
    paper.down(1.2);
}

impl Head<'_> {
    fn vendor_lines(&self) -> Vec<String> {
        [self.vendor.lines.clone(), self.vendor_more.clone()].concat()
    }

    fn buyer_lines(&self) -> Vec<String> {
        [self.buyer.all(), self.buyer_more.clone()].concat()
    }

    fn sides(&self, x: f64, label: bool, paper: &mut Paper) {
        let top = paper.y;
        if label {
            paper.bold(x, self.buyer_label.clone());
            paper.down(1.15);
        }
        paper.block(x, &self.buyer_lines());
        let below = paper.y;
        if let Some((name, lines)) = &self.site {
            paper.y = top;
            paper.bold(x + 250.0, name.clone());
            paper.down(1.15);
            paper.block(x + 250.0, lines);
        }
        paper.y = paper.y.max(below);
    }
}

/// Vendor and title, receivers, and the facts as two rows of three cells with small labels above.
fn grid(rng: &mut Rng, head: &Head<'_>, paper: &mut Paper) {
    let usual = paper.size;
    paper.sized(45.0, usual + 5.0, true, head.vendor.name.clone());
    paper.sized(390.0, usual + 8.0, true, head.title.clone());
    paper.down(1.8);
    paper.block(45.0, &head.vendor_lines());
    paper.down(1.0);
    head.sides(45.0, true, paper);
    paper.down(1.5);
    let wide = if rng.chance(50) { 3 } else { 4 };
    let step = 510.0 / wide as f64;
    for row in head.facts.chunks(wide) {
        for (at, (name, _)) in row.iter().enumerate() {
            paper.sized(45.0 + step * at as f64, usual - 1.5, false, name.clone());
        }
        paper.down(1.1);
        for (at, (_, value)) in row.iter().enumerate() {
            paper.put(45.0 + step * at as f64, value.clone());
        }
        paper.down(1.6);
    }
}

/// Title in the middle, half of the facts at the left and half at the right, sides below.
fn two_lists(rng: &mut Rng, head: &Head<'_>, paper: &mut Paper) {
    let usual = paper.size;
    paper.sized(250.0, usual + 7.0, true, head.title.clone());
    paper.down(2.6);
    let top = paper.y;
    paper.bold(45.0, head.vendor.name.clone());
    paper.down(1.1);
    paper.block(45.0, &head.vendor_lines());
    let below = paper.y;
    paper.y = top;
    head.sides_right(paper);
    paper.y = paper.y.max(below) + 12.0;
    let half = head.facts.len().div_ceil(2);
    let top = paper.y;
    let colon = rng.pick(&[":", "", " :"]);
    for (at, column) in head.facts.chunks(half).enumerate() {
        paper.y = top;
        let x = 45.0 + 270.0 * at as f64;
        for (name, value) in column {
            paper.put(x, format!("{}{colon}", name.trim_end_matches(':')));
            paper.put(x + 118.0, value.clone());
            paper.down(1.15);
        }
    }
    paper.y = top + 1.32 * paper.size * 1.15 * half as f64 + 6.0;
}

impl Head<'_> {
    fn sides_right(&self, paper: &mut Paper) {
        paper.put(330.0, self.buyer_label.clone());
        paper.down(1.15);
        paper.block(330.0, &self.buyer_lines());
    }
}

/// Facts under each other at the right with their labels above; the vendor below the title.
fn stacked(rng: &mut Rng, head: &Head<'_>, paper: &mut Paper) {
    let usual = paper.size;
    paper.sized(45.0, usual + 10.0, true, head.title.clone());
    paper.down(2.6);
    let top = paper.y;
    let shows_label = rng.chance(70);
    head_block(head, shows_label, paper);
    let below = paper.y;
    paper.y = top;
    for (name, value) in &head.facts {
        paper.bold(250.0, name.clone());
        paper.down(1.05);
        paper.put(250.0, value.clone());
        paper.down(1.4);
    }
    let facts_end = paper.y;
    paper.y = top;
    paper.put(410.0, head.vendor.name.clone());
    paper.down(1.05);
    paper.block(410.0, &head.vendor_lines());
    paper.y = paper.y.max(below).max(facts_end);
}

fn head_block(head: &Head<'_>, shows_label: bool, paper: &mut Paper) {
    if shows_label {
        paper.put(45.0, head.buyer_label.clone());
        paper.down(1.1);
    }
    paper.block(45.0, &head.buyer_lines());
}

/// A letter: sender in one line, the receiver in the window, facts in a row below the title.
fn window(rng: &mut Rng, head: &Head<'_>, paper: &mut Paper) {
    let usual = paper.size;
    paper.sized(360.0, usual + 3.0, true, head.vendor.name.clone());
    paper.down(1.4);
    paper.block(360.0, &head.vendor_lines());
    paper.y = paper.y.max(120.0);
    if rng.chance(60) {
        paper.sized(60.0, 6.0, false, head.vendor.all().join(", "));
        paper.down(1.6);
    }
    paper.block(60.0, &head.buyer_lines());
    paper.down(3.0);
    let number = head.facts.first().map(|(_, value)| value.clone()).unwrap_or_default();
    let in_title = rng.chance(45);
    let title = if in_title { format!("{} {number}", head.title) } else { head.title.clone() };
    paper.sized(60.0, usual + 3.0, true, title);
    paper.down(2.2);
    let facts = if in_title { &head.facts[1..] } else { &head.facts[..] };
    let at_side = rng.chance(50);
    if at_side {
        for (name, value) in facts {
            paper.put(60.0, name.clone());
            paper.put(200.0, value.clone());
            paper.down(1.1);
        }
        return;
    }
    let step = 490.0 / facts.len() as f64;
    for (at, (name, _)) in facts.iter().enumerate() {
        paper.bold(60.0 + step * at as f64, name.clone());
    }
    paper.down(1.2);
    for (at, (_, value)) in facts.iter().enumerate() {
        paper.put(60.0 + step * at as f64, value.clone());
    }
    paper.down(1.4);
}

/// Vendor over the whole width, then sides, then one fact a line at the far right, right-aligned.
fn banner(rng: &mut Rng, head: &Head<'_>, paper: &mut Paper) {
    let usual = paper.size;
    paper.sized(45.0, usual + 9.0, true, head.vendor.name.to_uppercase());
    paper.down(1.9);
    paper.put(45.0, head.vendor_lines().join(rng.pick(&[" · ", ", ", "  "])));
    paper.down(2.6);
    let top = paper.y;
    head.sides(45.0, rng.chance(75), paper);
    let below = paper.y;
    if head.site.is_some() {
        paper.y = below + 10.0;
    } else {
        paper.y = top;
    }
    paper.sized(360.0, usual + 6.0, true, head.title.clone());
    paper.down(1.8);
    for (name, value) in &head.facts {
        paper.right(450.0, name.clone());
        paper.right(552.0, value.clone());
        paper.down(1.12);
    }
    paper.y = paper.y.max(below) + 6.0;
}
