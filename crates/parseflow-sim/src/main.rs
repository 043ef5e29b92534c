//! `parseflow-sim`: runs many seeded worlds, or shows one.

use std::ops::Range;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use clap::Parser;
use parseflow_sim::{Plant, Report, run};

/// Runs seeded worlds with every fault and says what did not hold in them.
#[derive(Parser)]
struct Arguments {
    /// Seeds to run, the second not included.
    #[arg(long, value_name = "FROM..TO", value_parser = range, default_value = "0..1000")]
    seeds: Range<u64>,
    /// Runs one seed and shows what happens in it.
    #[arg(long, value_name = "N", conflicts_with = "seeds")]
    seed: Option<u64>,
    /// Plants a bug that must be found.
    #[arg(long, value_name = "NAME")]
    plant: Option<Plant>,
    /// Worlds at the same time; as many as there are processors by default.
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

fn range(text: &str) -> Result<Range<u64>, String> {
    let parts = text.split_once("..").ok_or("write it as 0..10000")?;
    let number = |part: &str| part.parse::<u64>().map_err(|error| format!("{part:?}: {error}"));
    let range = number(parts.0)?..number(parts.1)?;
    if range.is_empty() { Err("holds no seed".into()) } else { Ok(range) }
}

/// The same as the service's: a sixth of a world's time was the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.seed {
        Some(seed) => show(&run(seed, arguments.plant, true)),
        None => run_all(&arguments),
    }
}

#[expect(clippy::print_stdout, reason = "a command talks to its terminal")]
fn say(text: &str) {
    println!("{text}");
}

fn show(report: &Report) -> ExitCode {
    report.trace.iter().for_each(|line| say(line));
    say(&format!(
        "seed {}: {} deliveries, {} attempts, {} processes, digest {:016x}",
        report.seed, report.deliveries, report.attempts, report.processes, report.digest
    ));
    match &report.violation {
        Some(text) => {
            say(&format!("seed {} breaks a promise: {text}", report.seed));
            ExitCode::FAILURE
        }
        None => ExitCode::SUCCESS,
    }
}

/// What the threads have done so far.
#[derive(Default)]
struct Sums {
    worlds: AtomicU64,
    deliveries: AtomicU64,
    attempts: AtomicU64,
    processes: AtomicU64,
    failed: AtomicBool,
    first_failure: Mutex<Option<Report>>,
}

impl Sums {
    fn add(&self, report: Report) {
        self.worlds.fetch_add(1, Ordering::Relaxed);
        self.deliveries.fetch_add(report.deliveries as u64, Ordering::Relaxed);
        self.attempts.fetch_add(report.attempts, Ordering::Relaxed);
        self.processes.fetch_add(u64::from(report.processes), Ordering::Relaxed);
        if report.violation.is_some() {
            self.failed.store(true, Ordering::Relaxed);
            let mut first = self.first_failure.lock().expect("no thread panics while it holds it");
            if first.as_ref().is_none_or(|first| report.seed < first.seed) {
                *first = Some(report);
            }
        }
    }

    fn line(&self, total: u64, started: Instant) -> String {
        let worlds = self.worlds.load(Ordering::Relaxed);
        let rate = worlds as f64 / started.elapsed().as_secs_f64().max(0.001);
        format!("{worlds} of {total} worlds, {rate:.0} a second")
    }
}

#[expect(clippy::disallowed_methods, reason = "shows how fast it goes; decides nothing")]
fn run_all(arguments: &Arguments) -> ExitCode {
    let threads = arguments
        .threads
        .or_else(|| std::thread::available_parallelism().ok().map(std::num::NonZeroUsize::get));
    let Range { start, end } = arguments.seeds;
    let total = end - start;
    let every = (total / 20).max(1);
    let started = Instant::now();
    let (next, sums) = (AtomicU64::new(start), Sums::default());
    std::thread::scope(|scope| {
        for _ in 0..threads.unwrap_or(1) {
            scope.spawn(|| {
                while !sums.failed.load(Ordering::Relaxed) {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= end {
                        return;
                    }
                    sums.add(run(seed, arguments.plant, false));
                    if (seed - start + 1).is_multiple_of(every) {
                        say(&sums.line(total, started));
                    }
                }
            });
        }
    });
    let first = sums.first_failure.lock().expect("no thread panicked").take();
    if let Some(report) = first {
        say(&format!(
            "seed {} breaks a promise: {}",
            report.seed,
            report.violation.unwrap_or_default()
        ));
        say(&format!("replay it with: parseflow-sim --seed {}", report.seed));
        return ExitCode::FAILURE;
    }
    say(&format!(
        "{} in {:.1} s: {} deliveries, {} attempts, {} processes; every promise held",
        sums.line(total, started),
        started.elapsed().as_secs_f64(),
        sums.deliveries.load(Ordering::Relaxed),
        sums.attempts.load(Ordering::Relaxed),
        sums.processes.load(Ordering::Relaxed),
    ));
    ExitCode::SUCCESS
}
