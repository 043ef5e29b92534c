//! E-mail → the fields people read, the body, and the attachments.

mod msg;
#[cfg(test)]
mod tests;

use mail_parser::{Address, MessageParser, MimeHeaders};

use crate::flow::Block;
use crate::html;

pub(crate) use msg::read as read_msg;

/// Attachments of one message that are looked at, at most.
const ATTACHMENTS_MAX: usize = 20;

/// A message.
pub(crate) struct Mail {
    /// Sender, recipient, subject and date, then the body.
    pub(crate) blocks: Vec<Block>,
    /// The bytes of the files attached to it.
    pub(crate) attachments: Vec<Vec<u8>>,
}

impl Mail {
    /// `None` when there is neither a body nor an attachment: a head alone says nothing.
    fn new(
        head: [(&str, Option<String>); 4],
        body: Vec<Block>,
        attachments: Vec<Vec<u8>>,
    ) -> Option<Mail> {
        let is_text = |block: &Block| match block {
            Block::Paragraph(text) => !text.trim().is_empty(),
            Block::Table(_) => true,
            Block::PageBreak => false,
        };
        let has_something = !attachments.is_empty() || body.iter().any(is_text);
        has_something.then(|| Mail { blocks: with_head(head, body), attachments })
    }
}

/// Reads a message (RFC 5322): the plain part, or the HTML part where there is no plain one.
///
/// `None` if it cannot be read as mail or holds nothing at all.
pub(crate) fn read(bytes: &[u8]) -> Option<Mail> {
    let message = MessageParser::default().parse(bytes)?;
    let date = message.date();
    let date = date.map(|date| format!("{:04}-{:02}-{:02}", date.year, date.month, date.day));
    let head = [
        ("From", message.from().map(addresses)),
        ("To", message.to().map(addresses)),
        ("Subject", message.subject().map(str::to_owned)),
        ("Date", date),
    ];
    let is_html =
        |part: &&mail_parser::MessagePart<'_>| matches!(part.body, mail_parser::PartType::Html(_));
    let plain: Vec<String> = message
        .text_bodies()
        .filter(|part| !is_html(part))
        .filter_map(|part| part.text_contents().map(str::to_owned))
        .filter(|text| !text.trim().is_empty())
        .collect();
    let marked_up: Vec<String> = message
        .html_bodies()
        .filter(is_html)
        .filter_map(|part| part.text_contents().map(str::to_owned))
        .collect();
    let body = match (plain.is_empty(), marked_up.first()) {
        // A short plain part beside rich markup only says to use another program.
        (true, Some(_)) => marked_up.iter().flat_map(|html| html::blocks_of(html)).collect(),
        _ => plain.into_iter().map(Block::Paragraph).collect(),
    };
    let attachments = message
        .attachments()
        .filter(|part| part.attachment_name().is_some() || part.is_message())
        .take(ATTACHMENTS_MAX)
        .map(|part| part.contents().to_vec())
        .collect();
    Mail::new(head, body, attachments)
}

/// The fields of the head as lines, an empty line, the body.
fn with_head(head: [(&str, Option<String>); 4], body: Vec<Block>) -> Vec<Block> {
    let mut blocks: Vec<Block> = head
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.filter(|value| !value.trim().is_empty())?)))
        .map(|(name, value)| Block::Paragraph(format!("{name}: {}", value.trim())))
        .collect();
    blocks.push(Block::Paragraph(String::new()));
    blocks.extend(body);
    blocks
}

fn addresses(list: &Address<'_>) -> String {
    let one = |address: &mail_parser::Addr<'_>| match (address.name(), address.address()) {
        (Some(name), Some(email)) => format!("{name} <{email}>"),
        (Some(only), None) | (None, Some(only)) => only.to_owned(),
        (None, None) => String::new(),
    };
    list.iter().map(one).collect::<Vec<_>>().join(", ")
}
