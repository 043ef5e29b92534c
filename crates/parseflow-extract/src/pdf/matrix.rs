//! The affine transforms of PDF: `[a b c d e f]` maps x, y to `a·x + c·y + e, b·x + d·y + f`.

/// One transform.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Matrix(pub(super) [f64; 6]);

impl Matrix {
    pub(super) const IDENTITY: Matrix = Matrix([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    pub(super) fn translate(x: f64, y: f64) -> Matrix {
        Matrix([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// `inner` first, then `self`.
    pub(super) fn after(self, inner: Matrix) -> Matrix {
        let (m, n) = (self.0, inner.0);
        Matrix([
            m[0] * n[0] + m[2] * n[1],
            m[1] * n[0] + m[3] * n[1],
            m[0] * n[2] + m[2] * n[3],
            m[1] * n[2] + m[3] * n[3],
            m[0] * n[4] + m[2] * n[5] + m[4],
            m[1] * n[4] + m[3] * n[5] + m[5],
        ])
    }

    /// The way back; `None` for what is flattened to a line, or not finite.
    pub(super) fn inverse(self) -> Option<Matrix> {
        let [a, b, c, d, e, f] = self.0;
        let area = a * d - b * c;
        let inverse = [
            d / area,
            -b / area,
            -c / area,
            a / area,
            (c * f - d * e) / area,
            (b * e - a * f) / area,
        ];
        inverse.iter().all(|number| number.is_finite()).then_some(Matrix(inverse))
    }

    pub(super) fn apply(self, x: f64, y: f64) -> (f64, f64) {
        let m = self.0;
        (m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5])
    }

    /// How long a step of 1 upwards becomes.
    pub(super) fn scale_y(self) -> f64 {
        self.0[2].hypot(self.0[3])
    }
}
