//! Moving what was committed from the log into the database file, beside the writer.
//!
//! A commit is durable once the log (WAL) is flushed. Copying its pages into the database file and flushing
//! that takes tens of milliseconds for a few thousand pages, and whoever commits waits if the writer does it.
//! So a thread of its own copies, while the writer goes on, and few pages at a time: the disk does one thing
//! after the other, and the flush of a commit waits behind that of a copy. When the log is long enough the writer
//! copies the few pages that came meanwhile, after which the log begins anew.

use std::path::Path;
use std::sync::mpsc;
use std::thread::JoinHandle;

use rusqlite::Connection;
use rusqlite::hooks::Wal;

use super::rows::failed;
use crate::port::StoreError;

/// Pages added to the log that are worth a copy: one megabyte.
const PAGES_SOME: i32 = 250;
/// Pages in the log at which it begins anew: what is read after a crash, and room on the disk.
const PAGES_FULL: i32 = 12_000;
/// Pages that come while the other thread copies at which the writer waits for it: the log must not grow
/// without end when that cannot keep up.
const PAGES_BEHIND: i32 = 4_000;

/// What is to be done after a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Nothing,
    /// Have the other thread copy.
    Ask,
    /// Wait for it, then copy what is left.
    Wait,
    /// Copy what is left.
    Copy,
}

/// When to do what.
#[derive(Debug, Default)]
struct Pace {
    /// Pages in the log when a copy was last begun; 0 after the log has begun anew.
    begun_at: i32,
    /// The same of a copy by the writer.
    finished_at: i32,
    /// The other thread is at it.
    is_asked: bool,
}

impl Pace {
    fn after_commit(&mut self, pages: i32, copied: bool) -> Act {
        if pages < self.begun_at {
            (self.begun_at, self.finished_at) = (0, 0);
        }
        let is_behind = pages - self.begun_at >= PAGES_BEHIND;
        if self.is_asked && !copied {
            return if is_behind { self.finish(pages, Act::Wait) } else { Act::Nothing };
        }
        self.is_asked = false;
        if copied && pages - self.finished_at >= PAGES_FULL {
            return self.finish(pages, Act::Copy);
        }
        if pages - self.begun_at < PAGES_SOME {
            return Act::Nothing;
        }
        (self.is_asked, self.begun_at) = (true, pages);
        Act::Ask
    }

    fn finish(&mut self, pages: i32, act: Act) -> Act {
        *self = Self { begun_at: pages, finished_at: pages, is_asked: false };
        act
    }
}

/// Has the writer's connection and a thread of its own share the work. The thread ends with the
/// connection.
pub(super) fn share(writer: &mut Connection, path: &Path) -> Result<JoinHandle<()>, StoreError> {
    let copier = Connection::open(path).map_err(failed)?;
    copier.execute_batch("PRAGMA synchronous = FULL").map_err(failed)?;
    let (ask, asked) = mpsc::channel::<()>();
    let (tell, copied) = mpsc::channel::<()>();
    let thread = std::thread::Builder::new().name("store-copier".to_owned()).spawn(move || {
        while asked.recv().is_ok() {
            if let Err(error) = copier.execute_batch("PRAGMA wal_checkpoint(PASSIVE)") {
                tracing::warn!(%error, "the log could not be copied into the database file");
            }
            if tell.send(()).is_err() {
                return;
            }
        }
    });
    let thread = thread.map_err(|error| StoreError::Unavailable(Box::new(error)))?;
    let mut pace = Pace::default();
    let hook = move |log: &mut Wal, pages| {
        match pace.after_commit(pages, copied.try_recv().is_ok()) {
            Act::Nothing => return Ok(()),
            Act::Ask => {
                // It runs as long as this connection is open.
                let _ = ask.send(());
                return Ok(());
            }
            Act::Wait => {
                let _ = copied.recv();
            }
            Act::Copy => {}
        }
        // The commit stands whatever comes of it, and another copy comes.
        drop(log.checkpoint());
        Ok(())
    };
    writer.wal_hook(Some(hook)).map_err(failed)?;
    Ok(thread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_asks_when_there_is_enough_and_finishes_when_it_is_done() {
        let mut pace = Pace::default();
        let mut after = |pages, copied| pace.after_commit(pages, copied);
        assert_eq!(after(249, false), Act::Nothing);
        assert_eq!(after(251, false), Act::Ask);
        assert_eq!(after(2_000, false), Act::Nothing);
        // It is done, and more has come.
        assert_eq!(after(2_100, true), Act::Ask);
        assert_eq!(after(2_110, true), Act::Nothing);
        assert_eq!(after(2_350, false), Act::Ask);
        assert_eq!(after(2_360, true), Act::Nothing);
        // The log is long enough.
        assert_eq!(after(11_990, false), Act::Ask);
        assert_eq!(after(12_005, true), Act::Copy);
        // It has begun anew.
        assert_eq!(after(10, false), Act::Nothing);
        assert_eq!(after(260, false), Act::Ask);
        assert_eq!(after(270, true), Act::Nothing);
        // A reader holds it up: the writer copies once for so many pages.
        assert_eq!(after(11_990, false), Act::Ask);
        assert_eq!(after(12_000, true), Act::Copy);
        assert_eq!(after(12_010, false), Act::Nothing);
        assert_eq!(after(12_250, false), Act::Ask);
        assert_eq!(after(12_260, true), Act::Nothing);
        assert_eq!(after(23_990, false), Act::Ask);
        assert_eq!(after(24_000, true), Act::Copy);
    }

    #[test]
    fn the_writer_waits_for_a_slow_copy() {
        let mut pace = Pace::default();
        assert_eq!(pace.after_commit(300, false), Act::Ask);
        assert_eq!(pace.after_commit(4_299, false), Act::Nothing);
        assert_eq!(pace.after_commit(4_300, false), Act::Wait);
        assert_eq!(pace.after_commit(4_310, false), Act::Nothing);
        assert_eq!(pace.after_commit(4_550, false), Act::Ask);
    }

    #[test]
    fn the_log_stays_bounded_and_nothing_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let mut writer = Connection::open(&path).unwrap();
        writer
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; CREATE TABLE t (b BLOB)",
            )
            .unwrap();
        let thread = share(&mut writer, &path).unwrap();
        for _ in 0..400 {
            writer.execute_batch("INSERT INTO t VALUES (zeroblob(400000))").unwrap();
        }
        let log_bytes = std::fs::metadata(folder.path().join("a.db-wal")).unwrap().len();
        // What was written is more than twice as much.
        let pages_most = (PAGES_FULL + PAGES_BEHIND) as u64;
        assert!(log_bytes < (pages_most + 1_000) * 4_200, "{log_bytes} bytes");
        drop(writer);
        thread.join().unwrap();
        let reader = Connection::open(&path).unwrap();
        let rows: i64 = reader.query_row("SELECT COUNT(*) FROM t", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 400);
    }
}
