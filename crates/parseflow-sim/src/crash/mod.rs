//! The real binary under load, killed again and again, with and without what it had not flushed.
//!
//! Publishers send numbered events and note every one that was acknowledged; the service is killed
//! at a random moment and started again on what is left. At the end every acknowledged event must
//! have been received, each under one delivery id, and the database must be whole.

mod http;
mod service;

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use http::{Client, Receiver};
use service::{Service, Setup};

use crate::rng::Rng;

/// Publishers at the same time.
const PUBLISHERS: usize = 4;
/// The longest that the service lives between two kills.
const LIFE_MAX: Duration = Duration::from_millis(400);
/// How long everything acknowledged may take to arrive at the end, beyond twice the time between
/// two attempts.
const ARRIVAL: Duration = Duration::from_secs(60);
/// Writes of a thousand that reach the disk without being flushed, in every second round.
const LEAK_PERMILLE: u64 = 300;

/// What a kill takes with it beside the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Power {
    /// Nothing: the operating system goes on and writes what it was given.
    Stays,
    /// Whatever was not flushed; the embedded database only.
    Lost,
    /// What was flushed too, as with a disk that lies: events must be missed then.
    LostWithFlushed,
}

/// What to try.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The `parseflow` program.
    pub binary: PathBuf,
    /// An empty folder for the data.
    pub folder: PathBuf,
    /// Kills.
    pub kills: u32,
    /// What each kill takes with it.
    pub power: Power,
    /// PostgreSQL instead of the embedded database.
    pub database_url: Option<String>,
    /// Decides the moments.
    pub seed: u64,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Kills.
    pub kills: u32,
    /// Events that were acknowledged; every one was received.
    pub acknowledged: usize,
    /// Events that were received, acknowledged or not.
    pub received: usize,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Figures { kills, acknowledged, received } = self;
        write!(f, "{kills} kills: {acknowledged} events acknowledged, {received} received, 0 lost")
    }
}

/// Tries it.
///
/// # Errors
/// One sentence on what was lost or damaged, or why it could not be tried.
pub fn try_crashes(trial: &Trial) -> Result<Figures, String> {
    let power = match trial.power {
        Power::Stays => None,
        Power::Lost | Power::LostWithFlushed => Some(build_power(&trial.folder)?),
    };
    let setup = Setup {
        binary: trial.binary.clone(),
        folder: trial.folder.clone(),
        database_url: trial.database_url.clone(),
        power,
        is_deaf: trial.power == Power::LostWithFlushed,
        // Twenty attempts last longer than the whole trial.
        retry_secs: 1 + trial.kills / 10,
    };
    let rng = Rng::new(trial.seed);
    let receiver = Receiver::start().map_err(|error| error.to_string())?;
    let key = prepare(&setup, &receiver)?;
    let load = Load { next: AtomicU64::new(0), acknowledged: Mutex::default(), key };
    for round in 0..trial.kills {
        let leak = if round % 2 == 0 { 0 } else { LEAK_PERMILLE };
        let service = setup.start(leak)?;
        load.run_until_killed(service, rng.up_to(LIFE_MAX))?;
        if trial.power != Power::Stays {
            setup.lose_power()?;
        }
        check_database(trial, &setup.data())?;
    }
    receiver.accept_all();
    let service = setup.start(0)?;
    let patience = match trial.power {
        Power::LostWithFlushed => Duration::from_secs(3),
        Power::Stays | Power::Lost => ARRIVAL + Duration::from_secs(2) * setup.retry_secs,
    };
    let figures = load.judge(trial.kills, &receiver, patience)?;
    service.kill()?;
    check_database(trial, &setup.data())?;
    Ok(figures)
}

/// Makes the account and its endpoint, before anything is killed; the key that may publish.
fn prepare(setup: &Setup, receiver: &Receiver) -> Result<String, String> {
    let service = setup.start(0)?;
    let first = setup.create_account()?;
    let mut client = Client::connect(&service.address).map_err(|error| error.to_string())?;
    let mut post = |path, body: &str| match client.send("POST", path, &first, body) {
        Ok((201, answer)) => Ok(answer),
        Ok((status, answer)) => {
            Err(format!("{path}: {status} {}", String::from_utf8_lossy(&answer)))
        }
        Err(error) => Err(format!("{path}: {error}")),
    };
    let hook = format!("{{\"url\":\"{}\",\"events\":[\"batch.completed\"]}}", receiver.url);
    post("/api/webhooks/notifications", &hook)?;
    let answer = post("/api/v1/keys", "{\"name\":\"load\",\"scopes\":[\"events:write\"]}")?;
    let answer: serde_json::Value =
        serde_json::from_slice(&answer).map_err(|error| error.to_string())?;
    let key = answer["key"].as_str().ok_or("no key was answered")?.to_owned();
    service.kill()?;
    if setup.power.is_some() {
        // The account was created by another process; from here on the disk is what it flushes.
        let _ = std::fs::remove_dir_all(setup.survived());
        service::copy_folder(&setup.data(), &setup.survived())
            .map_err(|error| error.to_string())?;
    }
    Ok(key)
}

/// What the publishers share.
struct Load {
    next: AtomicU64,
    acknowledged: Mutex<BTreeSet<u64>>,
    key: String,
}

impl Load {
    /// Publishes until the service has lived for `life`, and kills it amid that.
    #[expect(clippy::disallowed_methods, reason = "real processes take real time")]
    fn run_until_killed(&self, service: Service, life: Duration) -> Result<(), String> {
        let address = service.address.clone();
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..PUBLISHERS {
                scope.spawn(|| self.publish(&address, &over));
            }
            std::thread::sleep(life);
            let killed = service.kill();
            over.store(true, Ordering::Relaxed);
            killed
        })
    }

    fn publish(&self, address: &str, over: &AtomicBool) {
        while !over.load(Ordering::Relaxed) {
            let Ok(mut client) = Client::connect(address) else { continue };
            loop {
                let n = self.next.fetch_add(1, Ordering::Relaxed);
                let body = format!("{{\"event\":\"batch.completed\",\"data\":{{\"n\":{n}}}}}");
                match client.send("POST", "/api/v1/events", &self.key, &body) {
                    Ok((202, _)) => {
                        let mut acknowledged = self.acknowledged.lock().expect("no thread panics");
                        acknowledged.insert(n);
                    }
                    Ok(_) => {}
                    Err(_) => break,
                }
            }
        }
    }

    /// Waits until everything acknowledged has arrived, each under one id.
    #[expect(clippy::disallowed_methods, reason = "real processes take real time")]
    fn judge(
        &self,
        kills: u32,
        receiver: &Receiver,
        patience: Duration,
    ) -> Result<Figures, String> {
        let acknowledged = self.acknowledged.lock().expect("no thread panicked").clone();
        let started = Instant::now();
        loop {
            let arrivals = receiver.arrivals();
            let missing: Vec<_> =
                acknowledged.iter().filter(|number| !arrivals.contains_key(number)).collect();
            if missing.is_empty() {
                if let Some((n, ids)) = arrivals.iter().find(|(_, ids)| ids.len() > 1) {
                    return Err(format!("event {n} came under several ids: {ids:?}"));
                }
                let (acknowledged, received) = (acknowledged.len(), arrivals.len());
                return Ok(Figures { kills, acknowledged, received });
            }
            if started.elapsed() > patience {
                let (lost, all) = (missing.len(), acknowledged.len());
                let first = &missing[..lost.min(10)];
                return Err(format!("{lost} of {all} acknowledged events are lost: {first:?}"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The embedded database is whole. Looks at a copy: recovery is the service's own affair.
fn check_database(trial: &Trial, data: &Path) -> Result<(), String> {
    if trial.database_url.is_some() {
        return Ok(());
    }
    let copy = trial.folder.join("checked");
    let _ = std::fs::remove_dir_all(&copy);
    service::copy_folder(data, &copy).map_err(|error| error.to_string())?;
    let entries = std::fs::read_dir(&copy).map_err(|error| error.to_string())?;
    let files = entries.flatten().map(|entry| entry.path());
    let database = files.into_iter().find(|path| path.extension().is_some_and(|e| e == "db"));
    let database = database.ok_or("there is no database in the data folder")?;
    let found = rusqlite::Connection::open(database)
        .and_then(|sql| sql.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)))
        // What is damaged badly enough cannot even be checked.
        .unwrap_or_else(|error| error.to_string());
    if found == "ok" { Ok(()) } else { Err(format!("the database is damaged: {found}")) }
}

/// Compiles the library that loses what was not flushed.
fn build_power(folder: &Path) -> Result<PathBuf, String> {
    let (source, library) = (folder.join("power.c"), folder.join("power.so"));
    std::fs::write(&source, include_str!("power.c")).map_err(|error| error.to_string())?;
    let output = Command::new("cc")
        .args(["-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o"])
        .args([&library, &source])
        .args(["-ldl", "-lpthread"])
        .output()
        .map_err(|error| format!("cc: {error}"))?;
    if output.status.success() {
        Ok(library)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}
