//! `GET /docs/errors` and `GET /docs/errors/{code}`

use axum::response::Response;
use http::HeaderMap;

use crate::docs;
use crate::error::{ApiError, Missing};
use crate::openapi::example_of;
use crate::path_ids::PathIds;

/// The page of each code and, under `README`, the list of them: the files of `docs/errors`.
static PAGES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/errors.rs"));

const LIST: &str = "README";

/// Every error code
///
/// What all errors have in common, and the list of the codes; each has a page of its own. Markdown,
/// or HTML for whoever accepts it.
#[utoipa::path(get, path = "/docs/errors", tag = "operating", operation_id = "getErrors",
    responses((status = 200, content((String = "text/markdown"), (String = "text/html")))))]
pub(crate) async fn errors(headers: HeaderMap) -> Response {
    docs::text(&headers, "Errors", page(LIST).unwrap_or_default())
}

/// One error code
///
/// What it means and what to do, with an example. The `type` of a problem points here. Markdown, or
/// HTML for whoever accepts it.
#[utoipa::path(get, path = "/docs/errors/{code}", tag = "operating", operation_id = "getError",
    params(("code" = String, Path, description = "Such as `plan_upgrade_required`")),
    responses(
        (status = 200, content((String = "text/markdown"), (String = "text/html"))),
        (status = 404, description = "`not_found`"),
    ))]
pub(crate) async fn error(ids: PathIds, headers: HeaderMap) -> Result<Response, ApiError> {
    let code: String = ids.get("code", Missing::ErrorCode)?;
    let text = explained(&code).ok_or(ApiError::NotFound(Missing::ErrorCode))?;
    Ok(docs::text(&headers, &code, &text))
}

fn page(name: &str) -> Option<&'static str> {
    PAGES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The page of a code, with an example where answers have it.
fn explained(code: &str) -> Option<String> {
    let mut text = page(code).filter(|_| code != LIST)?.to_owned();
    if let Some(example) = example_of(code) {
        text += &format!("\n## Example\n\n```json\n{example:#}\n```\n");
    }
    text += "\n[All errors](README.md)\n";
    Some(text)
}

/// Whether the code has a page.
#[cfg(test)]
pub(crate) fn is_explained(code: &str) -> bool {
    code != LIST && page(code).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_holds_one_code_and_its_example() {
        let page = explained("not_found").unwrap();
        assert!(page.starts_with("# `not_found`\n\nHTTP status 404.\n\nThe id is"), "{page}");
        assert!(
            page.contains("\"code\": \"not_found\"") && !page.contains("unknown_route"),
            "{page}"
        );
        assert!(explained("none_such").is_none() && explained("").is_none());
        assert!(explained("README").is_none());
    }

    #[test]
    fn every_page_says_something_and_is_in_the_list() {
        let list = page(LIST).unwrap();
        let codes = PAGES.iter().filter(|(code, _)| *code != LIST);
        for (code, text) in codes.clone() {
            assert!(text.starts_with(&format!("# `{code}`\n\n")), "{code}");
            assert!(text.lines().count() >= 5, "{code}");
            assert!(list.contains(&format!("({code}.md)")), "{code}");
        }
        assert!(codes.count() >= 70);
    }

    /// The status on a code's page is the one that answers have.
    #[test]
    fn pages_name_the_status_of_their_example() {
        for (code, text) in PAGES {
            let Some(example) = example_of(code) else { continue };
            let named = text.lines().nth(2).unwrap();
            if named.starts_with("HTTP status") {
                assert_eq!(named, format!("HTTP status {}.", example["status"]), "{code}");
            }
        }
    }
}
