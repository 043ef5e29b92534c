//! Requests that wait for their document to be read.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use parseflow_model::DocumentId;
use tokio::sync::oneshot;

/// Who waits for which document. A wait that nobody ends costs one entry until the request that
/// registered it is over.
#[derive(Debug, Default)]
pub struct Waiters {
    waiting: Mutex<HashMap<DocumentId, Vec<oneshot::Sender<()>>>>,
}

impl Waiters {
    /// Nobody waits.
    pub fn new() -> Self {
        Self::default()
    }

    /// Waits for `id` from now on. Register before the document is accepted, so that the end cannot
    /// be missed.
    pub fn register(&self, id: &DocumentId) -> oneshot::Receiver<()> {
        let (sender, receiver) = oneshot::channel();
        self.lock().entry(id.clone()).or_default().push(sender);
        receiver
    }

    /// The document reached its end state: wakes everyone who waits for it. Never blocks on I/O.
    pub fn finished(&self, id: &DocumentId) {
        for sender in self.lock().remove(id).unwrap_or_default() {
            // A request that gave up does not listen any more.
            let _ = sender.send(());
        }
    }

    /// Forgets those who gave up waiting for `id`.
    pub(crate) fn forget(&self, id: &DocumentId) {
        let mut waiting = self.lock();
        if let Some(senders) = waiting.get_mut(id) {
            senders.retain(|sender| !sender.is_closed());
            if senders.is_empty() {
                waiting.remove(id);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<DocumentId, Vec<oneshot::Sender<()>>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(last: u8) -> DocumentId {
        DocumentId::from_digest(&[last; 16])
    }

    #[test]
    fn everyone_who_waits_for_a_document_is_woken_once_and_no_one_else() {
        let waiters = Waiters::new();
        let mut first = waiters.register(&id(1));
        let mut second = waiters.register(&id(1));
        let mut other = waiters.register(&id(2));
        waiters.finished(&id(1));
        assert!(first.try_recv().is_ok());
        assert!(second.try_recv().is_ok());
        assert!(other.try_recv().is_err());
        assert_eq!(waiters.lock().len(), 1);
    }

    #[test]
    fn those_who_gave_up_are_forgotten() {
        let waiters = Waiters::new();
        let gone = waiters.register(&id(1));
        let stays = waiters.register(&id(1));
        drop(gone);
        waiters.forget(&id(1));
        assert_eq!(waiters.lock()[&id(1)].len(), 1);
        drop(stays);
        waiters.forget(&id(1));
        assert!(waiters.lock().is_empty());
    }
}
