//! What the disk takes for one flush, in the same minute and folder.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use crate::error::BenchError;
use crate::load::now;
use crate::report::percentile_ms;

/// Flushes that are timed: so many that twenty of them are slower than the 99th percentile.
const FLUSHES: usize = 2_000;

/// 99 of 100 times, writing 4 KiB at the end of a file and flushing them takes less; in
/// milliseconds.
pub(crate) fn flush_p99_ms(folder: &Path) -> Result<f64, BenchError> {
    let io = |source| BenchError::Io { what: "the disk", source };
    let path = folder.join("probe");
    let mut file = OpenOptions::new().create(true).append(true).open(&path).map_err(io)?;
    let mut took: Vec<Duration> = Vec::with_capacity(FLUSHES);
    for _ in 0..FLUSHES {
        let begun = now();
        file.write_all(&[7; 4_096]).and_then(|()| file.sync_data()).map_err(io)?;
        took.push(begun.elapsed());
    }
    std::fs::remove_file(path).map_err(io)?;
    took.sort();
    Ok(percentile_ms(&took, 99))
}
