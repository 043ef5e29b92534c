//! E-mail (RFC 5322) → plain text: the fields people read, then the body.

use mail_parser::{Address, MessageParser, MimeHeaders};

/// The text of a message.
pub(crate) struct Mail {
    pub(crate) text: String,
    /// Files attached to it, which are not read.
    pub(crate) attachments: usize,
}

/// Reads a message: the plain part, or the HTML part without its markup.
///
/// `None` if it cannot be read as mail or has no text at all.
pub(crate) fn read(bytes: &[u8]) -> Option<Mail> {
    let message = MessageParser::default().parse(bytes)?;
    let mut text = String::new();
    let mut field = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            text.push_str(&format!("{name}: {}\n", value.trim()));
        }
    };
    field("From", message.from().map(addresses));
    field("To", message.to().map(addresses));
    field("Subject", message.subject().map(str::to_owned));
    field(
        "Date",
        message.date().map(|date| format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)),
    );
    let body = (0..message.text_body.len()).filter_map(|index| message.body_text(index));
    let body: Vec<String> = body.map(|part| part.into_owned()).collect();
    let attachments = message.attachments().filter(|part| part.attachment_name().is_some()).count();
    if body.iter().all(|part| part.trim().is_empty()) && attachments == 0 {
        return None;
    }
    text.push('\n');
    text.push_str(&body.join("\n\n"));
    Some(Mail { text, attachments })
}

fn addresses(list: &Address<'_>) -> String {
    let one = |address: &mail_parser::Addr<'_>| match (address.name(), address.address()) {
        (Some(name), Some(email)) => format!("{name} <{email}>"),
        (Some(only), None) | (None, Some(only)) => only.to_owned(),
        (None, None) => String::new(),
    };
    list.iter().map(one).collect::<Vec<_>>().join(", ")
}
