//! `GET /docs/errors` and `GET /docs/errors/{code}`

use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;

use crate::error::{ApiError, Missing};
use crate::path_ids::PathIds;

/// The same text as in the repository.
pub(crate) const ERRORS: &str = include_str!("../../../../../docs/errors.md");

/// Every error code
///
/// With its status, what it means and what to do; in Markdown. Each has a page of its own as well.
#[utoipa::path(get, path = "/docs/errors", tag = "operating", operation_id = "getErrors",
    responses((status = 200, body = String, content_type = "text/markdown")))]
pub(crate) async fn errors() -> Response {
    ([(CONTENT_TYPE, "text/markdown; charset=utf-8")], ERRORS).into_response()
}

/// One error code
///
/// What it means and what to do, in Markdown. The `type` of a problem points here.
#[utoipa::path(get, path = "/docs/errors/{code}", tag = "operating", operation_id = "getError",
    params(("code" = String, Path, description = "Such as `plan_upgrade_required`")),
    responses(
        (status = 200, body = String, content_type = "text/markdown"),
        (status = 404, description = "`not_found`"),
    ))]
pub(crate) async fn error(ids: PathIds) -> Result<Response, ApiError> {
    let code: String = ids.get("code", Missing::ErrorCode)?;
    let page = page(&code).ok_or(ApiError::NotFound(Missing::ErrorCode))?;
    Ok(([(CONTENT_TYPE, "text/markdown; charset=utf-8")], page).into_response())
}

/// The entry of a code under a heading of its own, with the chapter it stands in.
fn page(code: &str) -> Option<String> {
    let heading = format!("### `{code}`");
    let mut chapter = "";
    let mut lines = ERRORS.lines();
    loop {
        let line = lines.next()?;
        if line == heading {
            break;
        }
        if let Some(title) = line.strip_prefix("## ") {
            chapter = title;
        }
    }
    let entry: Vec<&str> = lines.take_while(|line| !line.starts_with('#')).collect();
    let entry = entry.join("\n");
    Some(format!("# `{code}`\n\n{chapter}\n\n{}\n", entry.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_holds_one_entry() {
        let page = page("not_found").unwrap();
        assert!(
            page.starts_with("# `not_found`\n\n404 and 405: nothing there\n\nThe id is"),
            "{page}"
        );
        assert!(!page.contains("unknown_route"), "{page}");
        assert!(super::page("none_such").is_none() && super::page("").is_none());
    }

    #[test]
    fn every_entry_says_something() {
        let codes = ERRORS.lines().filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`'));
        for code in codes {
            assert!(page(code).unwrap().lines().count() >= 5, "{code}");
        }
    }
}
