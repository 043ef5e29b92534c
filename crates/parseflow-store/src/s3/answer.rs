//! What a store answers: lists of files, and why it refused.

use parseflow_model::Timestamp;
use roxmltree::{Document, Node};

/// One page of a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Listed {
    /// Keys with the time they were written.
    pub(super) files: Vec<(String, Timestamp)>,
    /// Where the next page begins.
    pub(super) next: Option<String>,
}

/// Text of the first child element with this name.
fn child(node: Node<'_, '_>, name: &str) -> Option<String> {
    let found = node.children().find(|child| child.tag_name().name() == name)?;
    Some(found.text().unwrap_or_default().to_owned())
}

/// Reads a page of `ListObjectsV2`; `None` when it is none.
pub(super) fn listed(xml: &str) -> Option<Listed> {
    let document = Document::parse(xml).ok()?;
    let root = document.root_element();
    if root.tag_name().name() != "ListBucketResult" {
        return None;
    }
    let files = root
        .children()
        .filter(|node| node.tag_name().name() == "Contents")
        .map(|node| Some((child(node, "Key")?, child(node, "LastModified")?.parse().ok()?)))
        .collect::<Option<Vec<_>>>()?;
    let is_truncated = child(root, "IsTruncated").is_some_and(|text| text == "true");
    let next = child(root, "NextContinuationToken").filter(|_| is_truncated);
    Some(Listed { files, next })
}

/// The code and the message of a refusal; empty when the answer is no refusal of a store.
pub(super) fn refusal(xml: &str) -> (String, String) {
    let Ok(document) = Document::parse(xml) else { return Default::default() };
    let text = |name| child(document.root_element(), name).unwrap_or_default();
    (text("Code"), text("Message"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_a_list_is_read() {
        let page = listed(
            "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">
             <IsTruncated>true</IsTruncated><NextContinuationToken>1+/=</NextContinuationToken>
             <Contents><Key>a/ext_1</Key><LastModified>2026-04-14T10:05:00.000Z</LastModified>
             <Size>3</Size></Contents></ListBucketResult>",
        );
        let at = "2026-04-14T10:05:00Z".parse().unwrap();
        let expected = Listed { files: vec![("a/ext_1".into(), at)], next: Some("1+/=".into()) };
        assert_eq!(page, Some(expected));
        assert_eq!(listed("<html/>"), None);
        assert_eq!(listed("no xml"), None);
    }

    #[test]
    fn a_refusal_names_its_code() {
        let xml = "<Error><Code>NoSuchBucket</Code><Message>gone</Message></Error>";
        assert_eq!(refusal(xml), ("NoSuchBucket".into(), "gone".into()));
        assert_eq!(refusal(""), Default::default());
    }
}
