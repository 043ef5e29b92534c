//! Group commit: whatever queued up while the last groups were written is the next group.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};

use super::Inner;
use crate::port::StoreError;

/// Most requests in one commit: bounds the time a request waits for its group.
const GROUP_MAX: usize = 256;
/// Groups being written at the same time.
const WRITERS: usize = 2;
/// Requests that may wait; whoever comes then waits for room.
const WAITING_MAX: usize = 4_096;

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

impl<R: Send + 'static> Committer<R> {
    pub(super) fn start(inner: &Arc<Inner>, commit: Commit<R>) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING_MAX);
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..WRITERS {
            let (inner, waiting) = (Arc::clone(inner), Arc::clone(&waiting));
            tokio::spawn(async move {
                loop {
                    let mut group = Vec::new();
                    if waiting.lock().await.recv_many(&mut group, GROUP_MAX).await == 0 {
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
