//! Slanted boxes around connected dots.

/// A box at any slant: pixels, y downwards.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Slanted {
    pub(crate) x: f32,
    pub(crate) y: f32,
    /// Direction of the side that is nearest to horizontal, of length 1, pointing to the right.
    pub(crate) along: (f32, f32),
    /// Length of that side.
    pub(crate) width: f32,
    /// Length of the other one.
    pub(crate) height: f32,
}

impl Slanted {
    /// Direction of the other side, pointing down.
    pub(crate) fn down(&self) -> (f32, f32) {
        (-self.along.1, self.along.0)
    }

    /// The point at these shares of width and height, (0, 0) being the upper left corner.
    pub(crate) fn point(&self, right: f32, down: f32) -> (f32, f32) {
        let (a, b) = ((right - 0.5) * self.width, (down - 0.5) * self.height);
        let ((ux, uy), (vx, vy)) = (self.along, self.down());
        (self.x + a * ux + b * vx, self.y + a * uy + b * vy)
    }

    /// Angle against the horizontal in radians, clockwise, between ±π/4.
    pub(crate) fn angle(&self) -> f32 {
        self.along.1.atan2(self.along.0)
    }

    /// The longer side.
    pub(crate) fn length(&self) -> f32 {
        self.width.max(self.height)
    }

    pub(crate) fn grown(mut self, by: f32) -> Self {
        self.width += 2.0 * by;
        self.height += 2.0 * by;
        self
    }

    pub(crate) fn scaled(mut self, x: f32, y: f32) -> Self {
        // The two scales differ by a rounding only: the slant stays.
        let mean = (x + y) / 2.0;
        (self.x, self.y) = (self.x * x, self.y * y);
        (self.width, self.height) = (self.width * mean, self.height * mean);
        self
    }

    /// The box after the page was turned by quarters, clockwise; `width` and `height` are the page's
    /// before it.
    pub(crate) fn turned(self, quarters: u8, width: f32, height: f32) -> Self {
        let turn = |(x, y): (f32, f32), w: f32, h: f32| match quarters % 4 {
            0 => (x, y),
            1 => (h - y, x),
            2 => (w - x, h - y),
            _ => (y, w - x),
        };
        let (x, y) = turn((self.x, self.y), width, height);
        let along = turn(self.along, 0.0, 0.0);
        Self::new((x, y), along, self.width, self.height)
    }

    /// Of a box one of whose sides runs along `along`: names the sides.
    fn new(centre: (f32, f32), along: (f32, f32), width: f32, height: f32) -> Self {
        let (x, y) = centre;
        let (mut along, mut width, mut height) = (along, width, height);
        if along.0.abs() < along.1.abs() {
            along = (-along.1, along.0);
            (width, height) = (height, width);
        }
        if along.0 < 0.0 {
            along = (-along.0, -along.1);
        }
        Self { x, y, along, width, height }
    }
}

/// A group of dots that touch each other, diagonally too: its outermost dots.
pub(crate) struct Blob {
    /// The first and the last dot of every row.
    pub(crate) edge: Vec<(i32, i32)>,
}

/// All groups in a map of `width` columns.
pub(crate) fn blobs_of(map: &[bool], width: usize) -> Vec<Blob> {
    let height = map.len() / width.max(1);
    let mut seen = vec![false; map.len()];
    let mut blobs = Vec::new();
    let mut open = Vec::new();
    for start in 0..map.len() {
        if !map[start] || seen[start] {
            continue;
        }
        seen[start] = true;
        open.push(start);
        let mut rows: std::collections::BTreeMap<i32, (i32, i32)> = Default::default();
        while let Some(at) = open.pop() {
            let (x, y) = (at % width, at / width);
            let row = rows.entry(y as i32).or_insert((x as i32, x as i32));
            *row = (row.0.min(x as i32), row.1.max(x as i32));
            for ny in y.saturating_sub(1)..=(y + 1).min(height - 1) {
                for nx in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                    let next = ny * width + nx;
                    if map[next] && !seen[next] {
                        seen[next] = true;
                        open.push(next);
                    }
                }
            }
        }
        let edge = rows.iter().flat_map(|(y, (first, last))| [(*first, *y), (*last, *y)]).collect();
        blobs.push(Blob { edge });
    }
    blobs
}

/// The smallest box around dots, each of which is a square of side 1.
pub(crate) fn smallest_box(dots: &[(i32, i32)]) -> Option<Slanted> {
    let hull = hull_of(dots);
    let mut best: Option<(f32, Slanted)> = None;
    let sides = hull.len();
    for index in 0..sides {
        let ((ax, ay), (bx, by)) = (hull[index], hull[(index + 1) % sides]);
        let (dx, dy) = ((bx - ax) as f32, (by - ay) as f32);
        let length = dx.hypot(dy);
        let along = if length > 0.0 { (dx / length, dy / length) } else { (1.0, 0.0) };
        let (mut low, mut high) = ((f32::MAX, f32::MAX), (f32::MIN, f32::MIN));
        for (x, y) in &hull {
            let (x, y) = (*x as f32, *y as f32);
            let (a, b) = (x * along.0 + y * along.1, y * along.0 - x * along.1);
            low = (low.0.min(a), low.1.min(b));
            high = (high.0.max(a), high.1.max(b));
        }
        let (width, height) = (high.0 - low.0, high.1 - low.1);
        let area = (width + 1.0) * (height + 1.0);
        if best.as_ref().is_none_or(|(known, _)| area < *known) {
            let (a, b) = ((low.0 + high.0) / 2.0, (low.1 + high.1) / 2.0);
            let centre = (a * along.0 - b * along.1 + 0.5, a * along.1 + b * along.0 + 0.5);
            best = Some((area, Slanted::new(centre, along, width + 1.0, height + 1.0)));
        }
    }
    best.map(|(_, slanted)| slanted)
}

/// The corners of the convex hull, by Andrew's monotone chain.
fn hull_of(dots: &[(i32, i32)]) -> Vec<(i32, i32)> {
    let mut sorted = dots.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.len() < 3 {
        return sorted;
    }
    let turns_left = |a: (i32, i32), b: (i32, i32), c: (i32, i32)| {
        let wide = |n: i32| i64::from(n);
        wide(b.0 - a.0) * wide(c.1 - a.1) - wide(b.1 - a.1) * wide(c.0 - a.0) > 0
    };
    let chain = |dots: &mut dyn Iterator<Item = (i32, i32)>| {
        let mut chain: Vec<(i32, i32)> = Vec::new();
        for dot in dots {
            while let [.., a, b] = chain[..] {
                if turns_left(a, b, dot) {
                    break;
                }
                chain.pop();
            }
            chain.push(dot);
        }
        chain.pop();
        chain
    };
    let mut hull = chain(&mut sorted.iter().copied());
    hull.extend(chain(&mut sorted.iter().rev().copied()));
    hull
}
