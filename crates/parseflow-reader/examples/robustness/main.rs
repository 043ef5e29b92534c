//! `cargo xtask robustness`: odd, broken and hostile files through the confined workers.
//!
//! Reads every PDF of a folder, then files that are made bad from the samples of the repository,
//! two at a time, and prints what became of them. Ends with 1 when a reading process crashed or hung, a
//! failure had no code, or fewer than 95 of 100 cut files were told as such. `--only N --keep FILE` reads bad file
//! number N alone and writes it down.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program of the command line")]

mod campaign;
mod mutations;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use campaign::{Tally, bad_file, mutated, samples};
use mutations::Mutation;
use parseflow_reader::{PoolSettings, ProcessPool, WorkerLimits, work};

/// The same as the service's: what an allocator asks of the system is part of what confinement allows.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str = "robustness [--data FOLDER] [--files N] [--seed N] [--only N] [--keep FILE]";
/// More than a document may become when it is decompressed.
const EXPLODING: usize = 600 * 1024 * 1024;
/// Files read at the same time.
const SIDE_BY_SIDE: usize = 2;
/// The share of cut files that must be told as such.
const FLAGGED_MIN: f64 = 0.95;

struct Options {
    data: Option<PathBuf>,
    files: usize,
    seed: u64,
    /// The one bad file that is read.
    only: Option<usize>,
    /// Where it is written.
    keep: Option<PathBuf>,
}

fn options(arguments: &[String]) -> Option<Options> {
    let mut options =
        Options { data: None, files: 2_000, seed: 20_261_127, only: None, keep: None };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let value = rest.next()?;
        match argument.as_str() {
            "--data" => options.data = Some(PathBuf::from(value)),
            "--files" => options.files = value.parse().ok()?,
            "--only" => options.only = Some(value.parse().ok()?),
            "--keep" => options.keep = Some(PathBuf::from(value)),
            "--seed" => options.seed = value.parse().ok()?,
            _ => return None,
        }
    }
    Some(options)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "worker") {
        // The same program again, as a worker of the pool.
        let limits = WorkerLimits { memory_bytes_max: 1536 * 1024 * 1024, onnx_runtime: None };
        return if work(&limits, None).is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let Some(options) = options(&arguments) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(run(options)));
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

type AnyError = Box<dyn std::error::Error + Send + Sync>;

async fn run(options: Options) -> Result<bool, AnyError> {
    let settings = PoolSettings {
        idle_max: SIDE_BY_SIDE,
        ..PoolSettings::new(std::env::current_exe()?, vec!["worker".into()])
    };
    let pool = ProcessPool::start(settings).await?;
    let hello = pool.containment();
    println!("landlock {}, seccomp {}, seed {}\n", hello.landlock, hello.seccomp, options.seed);
    println!("| files | number | read | read, doubted | failed, by code | longest |");
    println!("|---|---|---|---|---|---|");
    let mut all = Tally::default();
    if let Some(data) = &options.data {
        let found = odd_ones(&pool, &data.join("robustness")).await?;
        print_line("odd and broken PDFs", &found);
        add(&mut all, found);
    }
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let samples = Arc::new(self::samples(&samples)?);
    let numbers = options.only.map_or(0..options.files, |only| only..only + 1);
    if let (Some(only), Some(keep)) = (options.only, &options.keep) {
        let bad =
            bad_file(&samples, only, options.seed, EXPLODING).ok_or("there are no samples")?;
        std::fs::write(keep, bad.bytes)?;
    }
    let runs = (0..SIDE_BY_SIDE).map(|first| {
        let (pool, samples) = (pool.clone(), Arc::clone(&samples));
        let range = (numbers.start + first, SIDE_BY_SIDE, numbers.end);
        let seed = options.seed;
        tokio::spawn(async move { mutated(&pool, &samples, range, seed, EXPLODING).await })
    });
    let mut tallies: Vec<Tally> = Mutation::ALL.iter().map(|_| Tally::default()).collect();
    for run in runs.collect::<Vec<_>>() {
        for (tally, more) in tallies.iter_mut().zip(run.await?) {
            add(tally, more);
        }
    }
    for (mutation, tally) in Mutation::ALL.iter().zip(tallies) {
        print_line(mutation.as_str(), &tally);
        add(&mut all, tally);
    }
    print_line("all", &all);
    let (told, cut) = all.flagged;
    let share = told as f64 / cut.max(1) as f64;
    println!("\n{told} of {cut} cut files that have an end were told as such: {share:.3}");
    for bad in &all.bad {
        println!("bad: {bad}");
    }
    Ok(all.bad.is_empty() && (cut == 0 || share >= FLAGGED_MIN))
}

/// Adds what another one has counted to `sum`.
fn add(sum: &mut Tally, other: Tally) {
    sum.files += other.files;
    sum.read += other.read;
    sum.doubted += other.doubted;
    for (code, count) in other.failed {
        *sum.failed.entry(code).or_default() += count;
    }
    sum.flagged.0 += other.flagged.0;
    sum.flagged.1 += other.flagged.1;
    sum.longest = sum.longest.max(other.longest);
    sum.bad.extend(other.bad);
}

/// Every PDF of a folder.
async fn odd_ones(pool: &ProcessPool, folder: &Path) -> Result<Tally, AnyError> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|end| end == "pdf"));
    paths.sort();
    let mut tally = Tally::default();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        tally.read(pool, &name, std::fs::read(path)?).await;
    }
    Ok(tally)
}

fn print_line(name: &str, tally: &Tally) {
    let failed: Vec<String> =
        tally.failed.iter().map(|(code, count)| format!("`{code}` {count}")).collect();
    println!(
        "| {name} | {} | {} | {} | {} | {:.1} s |",
        tally.files,
        tally.read,
        tally.doubted,
        failed.join(", "),
        tally.longest.as_secs_f64()
    );
}
