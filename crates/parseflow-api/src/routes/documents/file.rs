//! `GET /api/v1/documents/{id}/file`

use std::fmt::Write as _;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use parseflow_model::{DocumentId, FileMeta};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::{ApiError, Missing};
use crate::parts::Api;
use crate::path_ids::PathIds;

/// A file's bytes.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "describes the answer in the OpenAPI document")]
pub(crate) struct FileBytes(Vec<u8>);

/// Get the uploaded file
///
/// The bytes as they were sent, for download: while the document waits to be read, and afterwards as
/// long as the operator keeps files (`--keep-files`).
#[utoipa::path(get, path = "/api/v1/documents/{id}/file", tag = "documents",
    operation_id = "getDocumentFile",
    params(("id" = String, Path, description = "`ext_…`")),
    responses(
        (status = 200, description = "The file; its media type is the one found in its bytes",
            content_type = "*/*", body = FileBytes,
            headers(("Content-Disposition" = String, description = "`attachment` with the file's name"))),
        (status = 404, description = "`not_found`, `file_not_kept`"),
    ))]
pub(crate) async fn file(
    State(api): State<Api>,
    caller: Caller,
    ids: PathIds,
) -> Result<Response, ApiError> {
    let id: DocumentId = ids.get("id", Missing::Document)?;
    let document = api.store().document(caller.id(), &id).await?;
    let document = document.ok_or(ApiError::NotFound(Missing::Document))?;
    let bytes = api.parts.files.get(id.as_str()).await?.ok_or(ApiError::FileNotKept)?;
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, media_type(&document.file));
    headers.insert(CONTENT_DISPOSITION, disposition(&document.file.name));
    // Should a browser show it all the same, it can do nothing.
    let policy = HeaderValue::from_static("default-src 'none'; sandbox");
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

fn media_type(file: &FileMeta) -> HeaderValue {
    let found = HeaderValue::try_from(file.mime_type.as_str());
    found.unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

/// `attachment` with the name in ASCII, and in full as RFC 6266 has it.
fn disposition(name: &str) -> HeaderValue {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ');
    let ascii: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    let text = format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}");
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        let check = |name: &str, expected: &str| assert_eq!(disposition(name), expected, "{name}");
        check("a.pdf", "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf");
        check(
            "Rechnung März.pdf",
            "attachment; filename=\"Rechnung M_rz.pdf\"; filename*=UTF-8''Rechnung%20M%C3%A4rz.pdf",
        );
        check(
            "a\"; x=\r\ny",
            "attachment; filename=\"a__ x___y\"; filename*=UTF-8''a%22%3B%20x%3D%0D%0Ay",
        );
    }
}
