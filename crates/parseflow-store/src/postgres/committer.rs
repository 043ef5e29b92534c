//! Group commit: whatever queued up while the last groups were written is the next group. Requests that
//! nobody waits for do not make one by themselves, for a while.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, mpsc};
use tokio::time::{Instant, timeout_at};

use super::Inner;
use crate::port::StoreError;

/// Most requests in one commit: bounds the time a request waits for its group.
const GROUP_MAX: usize = 256;
/// Groups being written at the same time.
const WRITERS: usize = 2;
/// Requests that may wait; whoever comes then waits for room.
const WAITING_MAX: usize = 4_096;

/// A group of which nobody waits for any request is written after this long: every commit that waits for
/// the disk has the others wait too.
const PATIENCE: Duration = Duration::from_millis(20);

/// What is written in groups.
pub(super) trait Grouped: Send + 'static {
    /// Whether nobody waits for it.
    fn can_wait(&self) -> bool;
}

/// Writes a group and answers every request in it.
type Commit<R> = fn(Arc<Inner>, Vec<R>) -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// Takes requests and has them written in groups. The writers end with the last clone.
pub(super) struct Committer<R> {
    queue: mpsc::Sender<R>,
}

impl<R> Clone for Committer<R> {
    fn clone(&self) -> Self {
        Self { queue: self.queue.clone() }
    }
}

impl<R: Grouped> Committer<R> {
    pub(super) fn start(inner: &Arc<Inner>, commit: Commit<R>) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING_MAX);
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..WRITERS {
            let (inner, waiting) = (Arc::clone(inner), Arc::clone(&waiting));
            tokio::spawn(async move {
                loop {
                    let group = next_group(&mut *waiting.lock().await).await;
                    if group.is_empty() {
                        return;
                    }
                    commit(Arc::clone(&inner), group).await;
                }
            });
        }
        Self { queue }
    }

    /// Puts a request into the next group.
    pub(super) async fn send(&self, request: R) -> Result<(), StoreError> {
        self.queue.send(request).await.map_err(|_| StoreError::Closed)
    }
}

/// What waits; at the end of the queue nothing.
async fn next_group<R: Grouped>(waiting: &mut mpsc::Receiver<R>) -> Vec<R> {
    let mut group = Vec::new();
    if waiting.recv_many(&mut group, GROUP_MAX).await == 0 {
        return group;
    }
    let until = deadline();
    let mut seen = 0;
    while group.len() < GROUP_MAX && group[seen..].iter().all(R::can_wait) {
        seen = group.len();
        let more = waiting.recv_many(&mut group, GROUP_MAX - seen);
        // Also at the end of the queue: then nothing more comes.
        if timeout_at(until, more).await.unwrap_or(0) == 0 {
            break;
        }
    }
    group
}

fn deadline() -> Instant {
    Instant::now() + PATIENCE
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether somebody waits for it.
    #[derive(Debug, PartialEq)]
    struct Item(bool);

    impl Grouped for Item {
        fn can_wait(&self) -> bool {
            !self.0
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_can_wait_goes_with_what_cannot_or_alone_after_a_while() {
        let (sender, mut waiting) = mpsc::channel(8);
        let started = deadline();
        sender.send(Item(false)).await.unwrap();
        assert_eq!(next_group(&mut waiting).await, [Item(false)]);
        assert_eq!(deadline() - started, PATIENCE);

        let before = deadline();
        sender.send(Item(true)).await.unwrap();
        sender.send(Item(false)).await.unwrap();
        assert_eq!(next_group(&mut waiting).await, [Item(true), Item(false)]);
        assert_eq!(deadline(), before);

        sender.send(Item(false)).await.unwrap();
        let (group, ()) = tokio::join!(next_group(&mut waiting), async {
            tokio::task::yield_now().await;
            sender.send(Item(true)).await.unwrap();
        });
        assert_eq!(group, [Item(false), Item(true)]);
        assert_eq!(deadline(), before);

        sender.send(Item(false)).await.unwrap();
        drop(sender);
        assert_eq!(next_group(&mut waiting).await, [Item(false)]);
        assert_eq!(next_group(&mut waiting).await, []);
        assert_eq!(deadline(), before);
    }
}
