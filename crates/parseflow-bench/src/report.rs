//! Medians and a table.

use std::fmt;
use std::time::Duration;

/// One figure: a value for each run.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What was measured.
    pub name: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// One value a run.
    pub values: Vec<f64>,
    /// Compare it with the bare loop.
    pub against_bare_loop: bool,
}

impl Figure {
    /// The middle value; the lower one of two.
    pub fn median(&self) -> f64 {
        let mut values = self.values.clone();
        values.sort_by(f64::total_cmp);
        values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or_default()
    }
}

/// What was measured.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// In the order of the table; the bare loop first.
    pub figures: Vec<Figure>,
}

/// The name of the figure that others are compared with.
pub(crate) const BARE_LOOP: &str = "bare loop: client to receiver";

impl Report {
    /// Adds a run's value to the figure of this name.
    pub(crate) fn add(
        &mut self,
        name: &'static str,
        unit: &'static str,
        against_bare_loop: bool,
        value: f64,
    ) {
        if let Some(figure) = self.figures.iter_mut().find(|figure| figure.name == name) {
            figure.values.push(value);
        } else {
            let values = vec![value];
            self.figures.push(Figure { name, unit, values, against_bare_loop });
        }
    }

    /// The figure with this name.
    pub fn figure(&self, name: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.name == name)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bare = self.figure(BARE_LOOP).map(Figure::median).filter(|bare| *bare > 0.0);
        writeln!(f, "{:<52} {:>10}  {:<10} {:>7}  runs", "", "median", "", "of bare")?;
        for figure in &self.figures {
            let ratio = match bare {
                Some(bare) if figure.against_bare_loop => {
                    format!("{:.1} %", 100.0 * figure.median() / bare)
                }
                _ => String::new(),
            };
            let runs: Vec<String> = figure.values.iter().map(|value| short(*value)).collect();
            let (name, unit, median) = (figure.name, figure.unit, short(figure.median()));
            writeln!(f, "{name:<52} {median:>10}  {unit:<10} {ratio:>7}  {}", runs.join(" "))?;
        }
        Ok(())
    }
}

fn short(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// The value below which `percent` of the sorted durations lie, in milliseconds.
pub(crate) fn percentile_ms(sorted: &[Duration], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(rank).map_or(0.0, |duration| duration.as_secs_f64() * 1_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_of_the_runs() {
        let mut report = Report::default();
        for value in [3.0, 1.0, 2.0] {
            report.add("x", "1/s", false, value);
        }
        assert_eq!(report.figures[0].median(), 2.0);
        assert_eq!(report.figures.len(), 1);
    }

    #[test]
    fn a_percentile_is_the_value_that_so_many_do_not_exceed() {
        let sorted: Vec<Duration> = (1..=100).map(Duration::from_millis).collect();
        assert_eq!(percentile_ms(&sorted, 50), 50.0);
        assert_eq!(percentile_ms(&sorted, 99), 99.0);
        assert_eq!(percentile_ms(&sorted[..1], 99), 1.0);
        assert_eq!(percentile_ms(&[], 50), 0.0);
    }

    #[test]
    fn ratios_are_of_the_bare_loop() {
        let mut report = Report::default();
        report.add(BARE_LOOP, "1/s", false, 200.0);
        report.add("deliveries", "1/s", true, 50.0);
        assert!(report.to_string().contains("25.0 %"), "{report}");
    }
}
