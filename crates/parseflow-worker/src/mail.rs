//! E-mail over SMTP. The server is the operator's own choice, so its address is not vetted as those
//! of endpoints are.

use std::time::Duration;

use async_trait::async_trait;
use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{AsyncTransport, Message, Tokio1Executor};

use crate::ports::{Mail, MailError, Mailer};

/// Deadline of each step of the conversation with the server.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Why e-mail cannot be set up. Says nothing of the URL, which may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    /// Not a usable URL.
    #[error("must be a URL such as smtps://user:password@mail.example.com or smtp://localhost:25")]
    Url,
    /// Not a usable sender.
    #[error("must be an address such as ParseFlow <parseflow@example.com>")]
    From,
}

/// Hands e-mails to an SMTP server, each over a connection of its own.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl SmtpMailer {
    /// A mailer for the server at `url`: `smtps://` (TLS from the first byte), or `smtp://` with
    /// `?tls=required` or `?tls=opportunistic` for STARTTLS; user and password in it if needed.
    /// `from` is the sender, with or without a name.
    ///
    /// # Errors
    /// When one of the two cannot be used. Nothing is connected to here.
    pub fn new(url: &str, from: &str) -> Result<Self, MailerError> {
        let from = from.parse().map_err(|_| MailerError::From)?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url);
        let transport = transport.map_err(|_| MailerError::Url)?.timeout(Some(TIMEOUT)).build();
        Ok(Self { transport, from })
    }

    fn message(&self, mail: Mail) -> Result<Message, MailError> {
        let refused = |error: &dyn std::fmt::Display| MailError::Refused(error.to_string());
        let to: Mailbox = mail.to.parse().map_err(|error| refused(&error))?;
        Message::builder()
            .message_id(Some(format!("<{}@{}>", mail.id, self.from.email.domain())))
            .from(self.from.clone())
            .to(to)
            .subject(mail.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(mail.body)
            .map_err(|error| refused(&error))
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        let message = self.message(mail)?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(MailError::Refused(error.to_string())),
            Err(error) => Err(MailError::Unavailable(error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_told_without_repeating_the_password() {
        for url in ["smtp:", "http://u:s3cret@mail.example", "mail.example", "smtps://"] {
            let error = SmtpMailer::new(url, "a@example.com").err();
            let text = error.map(|error| error.to_string()).unwrap_or_default();
            assert!(text.starts_with("must be a URL"), "{url}: {text}");
            assert!(!text.contains("s3cret"), "{text}");
        }
        let error = SmtpMailer::new("smtp://localhost:25", "nobody").err().unwrap();
        assert!(error.to_string().starts_with("must be an address"), "{error}");
    }

    #[test]
    fn what_an_owner_has_called_himself_cannot_add_headers() {
        let mailer = SmtpMailer::new("smtp://localhost:25", "ParseFlow <p@example.com>").unwrap();
        let mail = |to: &str, subject: &str| Mail {
            to: to.to_owned(),
            subject: subject.to_owned(),
            body: "one\n.\ntwo".to_owned(),
            id: "wh_1.disabled.5".to_owned(),
        };
        let hostile = mailer.message(mail("a@example.com\r\nBcc: b@example.com", "x"));
        assert!(matches!(hostile, Err(MailError::Refused(_))));
        let message = mailer.message(mail("a@example.com", "x\r\nBcc: b@example.com")).unwrap();
        let text = String::from_utf8(message.formatted()).unwrap();
        assert!(!text.contains("\r\nBcc:"), "{text}");
        assert!(text.contains("Message-ID: <wh_1.disabled.5@example.com>\r\n"), "{text}");
        assert!(text.contains("From: ParseFlow <p@example.com>\r\n"), "{text}");
    }
}
