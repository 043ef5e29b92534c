//! The world's mail server.

use std::collections::VecDeque;
use std::sync::Mutex;

use async_trait::async_trait;
use parseflow_worker::{Mail, MailError, Mailer};

use crate::world::World;

/// What it was given, and how it answers the next ones; then it takes everything.
#[derive(Default)]
pub(crate) struct Post {
    mails: Mutex<Vec<Mail>>,
    answers: Mutex<VecDeque<&'static str>>,
}

#[async_trait]
impl Mailer for Post {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        self.mails.lock().unwrap().push(mail);
        match self.answers.lock().unwrap().pop_front() {
            Some("unavailable") => Err(MailError::Unavailable("connection refused".into())),
            Some("refused") => Err(MailError::Refused("no such mailbox".into())),
            _ => Ok(()),
        }
    }
}

impl World {
    /// The e-mails that were handed over, also those that were not taken.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.post.mails.lock().unwrap().clone()
    }

    /// How the next e-mails are answered: `taken`, `unavailable`, `refused`.
    pub(crate) fn answer_mails<const N: usize>(&self, answers: [&'static str; N]) {
        self.post.answers.lock().unwrap().extend(answers);
    }
}
