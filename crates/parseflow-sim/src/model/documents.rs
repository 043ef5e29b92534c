//! Documents and batches: every document comes to one end, every batch to one.

use parseflow_model::{AccountId, BatchId, DocumentId, EventType, Timestamp};
use parseflow_store::{Accepted, Finish, Intake, OpenArchive};

use super::{Broken, Model};

/// What a document has come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DocumentState {
    pub(crate) account: AccountId,
    pub(crate) batch: Option<BatchId>,
    /// Read, or not to be read any more.
    pub(crate) ended: bool,
}

/// What a batch has come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BatchRecord {
    pub(crate) account: AccountId,
    pub(crate) document_events: bool,
    /// An archive not opened yet.
    pub(crate) closed: bool,
    pub(crate) left: usize,
    pub(crate) ended: bool,
}

impl Model {
    /// Documents were taken in or refused: the events that must follow.
    pub(crate) fn took_in(
        &mut self,
        intake: &Intake,
        accepted: &Accepted,
    ) -> Result<Vec<EventType>, Broken> {
        let first = intake.documents.first();
        let repeated = first.is_some_and(|document| self.documents.contains_key(&document.id));
        if repeated || matches!(accepted, Accepted::Repeated) {
            let says_so = matches!(accepted, Accepted::Repeated);
            let broken = || format!("repeated is {repeated}, the store says {accepted:?}");
            return if repeated == says_so { Ok(Vec::new()) } else { Err(broken()) };
        }
        let count = intake.documents.len() as u64;
        let account = self.account(&intake.account);
        let (admitted, events) = account.count(count, intake.now);
        let used = account.used_in(intake.now.month());
        let says = match accepted {
            Accepted::Admitted(usage) => (true, usage.used),
            Accepted::QuotaExceeded { usage, .. } => (false, usage.used),
            Accepted::Repeated => (admitted, used),
        };
        if says != (admitted, used) {
            return Err(format!("quota: stored {accepted:?}, expected {admitted} at {used}"));
        }
        if admitted {
            if let Some(batch) = &intake.batch {
                let record = BatchRecord {
                    account: intake.account.clone(),
                    document_events: batch.document_events,
                    closed: batch.archive.is_some(),
                    left: intake.documents.len(),
                    ended: false,
                };
                self.batches.insert(batch.id.clone(), record);
            }
            self.queue(&intake.account, intake.documents.iter().map(|d| (&d.id, &d.batch)));
        }
        Ok(events)
    }

    fn queue<'a>(
        &mut self,
        account: &AccountId,
        documents: impl Iterator<Item = (&'a DocumentId, &'a Option<BatchId>)>,
    ) {
        for (id, batch) in documents {
            let state =
                DocumentState { account: account.clone(), batch: batch.clone(), ended: false };
            self.documents.insert(id.clone(), state);
        }
    }

    /// A document was ended: whose it is and the events that must follow.
    pub(crate) fn finished(
        &mut self,
        finish: &Finish,
    ) -> Result<(AccountId, Vec<EventType>), Broken> {
        let Some(document) = self.documents.get_mut(&finish.document) else {
            return Err(format!("{} was ended and never taken in", finish.document));
        };
        if document.ended {
            return Err(format!("{} was ended twice", finish.document));
        }
        document.ended = true;
        let (account, batch) = (document.account.clone(), document.batch.clone());
        let batch = batch.and_then(|id| self.batches.get_mut(&id));
        let mut events = Vec::new();
        if batch.as_ref().is_none_or(|batch| batch.document_events) {
            events.push(match finish.outcome {
                Ok(_) => EventType::ExtractionCompleted,
                Err(_) => EventType::ExtractionFailed,
            });
        }
        if let Some(batch) = batch
            && !batch.ended
        {
            batch.left -= 1;
            if batch.left == 0 {
                batch.ended = true;
                events.push(EventType::BatchCompleted);
            }
        }
        Ok((account, events))
    }

    /// An archive was opened: whose it is and the events that must follow.
    pub(crate) fn opened(
        &mut self,
        opened: &OpenArchive,
    ) -> Result<(AccountId, Vec<EventType>), Broken> {
        let Some(batch) = self.batches.get_mut(&opened.batch) else {
            return Err(format!("{} was opened and never taken in", opened.batch));
        };
        if !batch.closed || batch.ended {
            return Err(format!("{} was opened although it is {batch:?}", opened.batch));
        }
        batch.closed = false;
        let account = batch.account.clone();
        let Ok(documents) = &opened.found else {
            batch.ended = true;
            return Ok((account, vec![EventType::BatchFailed]));
        };
        batch.left = documents.len();
        let (admitted, mut events) =
            self.account(&account).count(documents.len() as u64, opened.now);
        if admitted {
            self.queue(&account, documents.iter().map(|d| (&d.id, &d.batch)));
        } else {
            if let Some(batch) = self.batches.get_mut(&opened.batch) {
                batch.ended = true;
            }
            events.push(EventType::BatchFailed);
        }
        Ok((account, events))
    }

    /// A batch was cancelled: the events that must follow.
    pub(crate) fn cancelled(&mut self, id: &BatchId) -> Result<Vec<EventType>, Broken> {
        let Some(batch) = self.batches.get_mut(id) else {
            return Err(format!("{id} was cancelled and never taken in"));
        };
        if batch.ended {
            return Err(format!("{id} was cancelled although it had ended"));
        }
        batch.ended = true;
        batch.closed = false;
        let of_batch = |document: &&mut DocumentState| document.batch.as_ref() == Some(id);
        for document in self.documents.values_mut().filter(of_batch) {
            document.ended = true;
        }
        Ok(vec![EventType::BatchFailed])
    }

    /// Documents and batches that have not ended.
    pub(crate) fn unread(&self) -> Vec<String> {
        let documents = self.documents.iter().filter(|(_, document)| !document.ended);
        let batches = self.batches.iter().filter(|(_, batch)| !batch.ended);
        let documents = documents.map(|(id, _)| id.to_string());
        documents.chain(batches.map(|(id, _)| id.to_string())).collect()
    }

    /// What the account must have used in the month of `at`.
    pub(crate) fn usage(&self, account: &AccountId, at: Timestamp) -> u64 {
        self.accounts.get(account).map_or(0, |account| account.used_in(at.month()))
    }
}
