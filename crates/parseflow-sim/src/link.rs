//! The life of one process: running, stopped by a signal for a while, or dead.
//!
//! Whatever a process does to the world passes through its ports, and every port asks its link
//! first. A dead process is one whose calls never return: its tasks stand still at the next port for
//! ever, which nobody outside can tell from a crash at that point.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

/// What a process is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Life {
    /// It runs.
    Running,
    /// It is stopped, or cut off from everything, and will go on later.
    Frozen,
    /// It has crashed or ended.
    Dead,
}

/// The life of one process; see the module.
#[derive(Debug)]
pub(crate) struct Link {
    /// Its number, counted from 1.
    pub(crate) process: u32,
    life: Mutex<Life>,
    thawed: Notify,
    superseded: AtomicBool,
}

impl Link {
    /// A process that runs.
    pub(crate) fn new(process: u32) -> Self {
        Self {
            process,
            life: Mutex::new(Life::Running),
            thawed: Notify::new(),
            superseded: AtomicBool::new(false),
        }
    }

    /// What it is doing.
    pub(crate) fn life(&self) -> Life {
        *self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Crashes, stops or continues it; the dead stay dead.
    pub(crate) fn set(&self, life: Life) {
        let mut now = self.life.lock().unwrap_or_else(PoisonError::into_inner);
        if *now != Life::Dead {
            *now = life;
        }
        drop(now);
        self.thawed.notify_waiters();
    }

    /// Another process takes its place while it stands still. Nothing but its dispatcher will go on:
    /// two processes never serve requests or read documents on one embedded database, because the
    /// lock on its folder sees to that.
    pub(crate) fn supersede(&self) {
        self.superseded.store(true, Ordering::Relaxed);
        self.set(Life::Frozen);
    }

    /// As [`Link::gate`], for what does not go on once another process has taken its place.
    pub(crate) async fn front_gate(&self) {
        self.gate().await;
        if self.superseded.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    }

    /// Passes while the process runs; waits while it is frozen; never returns once it is dead.
    pub(crate) async fn gate(&self) {
        loop {
            let thawed = self.thawed.notified();
            match self.life() {
                Life::Running => return,
                Life::Frozen => thawed.await,
                Life::Dead => std::future::pending().await,
            }
        }
    }
}
