//! Ids in the path. One of the wrong form names nothing: it is answered like an unknown one.

use std::str::FromStr;

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;

use crate::error::{ApiError, Missing};

pub(crate) struct PathIds(Vec<(String, String)>);

impl PathIds {
    /// The id in the place `name` of the route's template.
    pub(crate) fn get<T: FromStr>(&self, name: &str, what: Missing) -> Result<T, ApiError> {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.and_then(|(_, value)| value.parse().ok()).ok_or(ApiError::NotFound(what))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathIds {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let raw = RawPathParams::from_request_parts(parts, state).await;
        // What is not UTF-8 is not an id either.
        let raw = raw.map_err(|_| ApiError::UnknownRoute)?;
        Ok(Self(raw.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()))
    }
}
