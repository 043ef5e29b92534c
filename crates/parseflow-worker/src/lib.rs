//! The loops, in the order of the story.
//!
//! [`read`](mod@read) takes documents from the queue and reads them; the store writes the result and
//! its event in one commit and hands first attempts over. [`dispatch`] keeps a fair queue of them
//! ([`queue`]) and of what is due; [`deliver`] makes one attempt and settles it; [`recover`] sends
//! again what an outage left behind; [`opinion`] asks a language model about what was read, where
//! one is set; [`alert`] tells owners by e-mail of endpoints that keep failing;
//! [`sweep`] removes what retention no longer keeps. [`presence`] tells other processes on the same
//! database that this one lives.
//!
//! The rules are elsewhere (`parseflow-webhooks`, `parseflow-accounts`), and so is the truth (the
//! store): memory holds a window of it and can be lost at any point. Time comes from a [`Clock`], the
//! network is an [`AttemptSender`]: a simulated world drives these same loops.

mod alert;
mod archive;
mod deliver;
mod dispatch;
mod failure;
mod mail;
mod metrics;
mod opinion;
mod ports;
mod presence;
mod queue;
mod read;
mod recover;
mod rules;
mod sender;
mod sweep;
mod targets;
mod workers;

pub use alert::AlertParts;
pub use mail::{MailerError, SmtpMailer};
pub use metrics::WorkerMetrics;
pub use opinion::{
    ChatModel, LanguageModel, ModelAddress, ModelError, OpinionLimits, SecondOpinion,
};
pub use ports::{AttemptSender, AttemptTask, Clock, Mail, MailError, Mailer, WaitFuture};
pub use presence::PresenceLimits;
pub use read::ReadLimits;
pub use rules::ProductRules;
pub use sender::{HttpSender, Resolver, SenderError, public_tls};
pub use workers::{Roles, WorkerParts, WorkerSettings, Workers};
