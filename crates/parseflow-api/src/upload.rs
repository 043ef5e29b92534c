//! Uploaded documents on their way into the store.

use axum::body::Body;
use parseflow_extract::detect;
use parseflow_model::{FileMeta, ReadingWishes, RequestedType};

use crate::error::ApiError;
use crate::form::{Form, FormLimits, Part};
use crate::idempotency::{Fingerprint, Head};
use crate::parts::Api;
use crate::upload_memory::Held;

/// Name of the option for batches.
const DOCUMENT_EVENTS: &str = "documentEvents";

/// Text parts of a form with one document.
const DOCUMENT_PARTS: &[&str] =
    &["document_type", "language", "review_threshold", "schema", "output"];
/// Text parts of a form with many.
pub(crate) const BATCH_PARTS: &[&str] =
    &["document_type", "language", "review_threshold", "schema", "output", DOCUMENT_EVENTS];

/// How to read the documents of a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReadingOptions {
    pub(crate) requested: RequestedType,
    /// ISO 639-1; detected if `None`.
    pub(crate) language: Option<String>,
    pub(crate) wishes: ReadingWishes,
    /// Whether each document of a batch fires its own event; `None` if not said.
    pub(crate) document_events: Option<bool>,
}

impl ReadingOptions {
    /// Takes over a text part of a form.
    pub(crate) fn set(&mut self, name: &str, text: &str) -> Result<(), ApiError> {
        let wrong = |message: String| Err(ApiError::input(format!("/{name}"), message));
        match name {
            "document_type" => match text.parse() {
                Ok(requested) => self.requested = requested,
                Err(error) => return wrong(format!("is not known; known are {}", error.known)),
            },
            "language" => {
                if text.len() != 2 || !text.bytes().all(|byte| byte.is_ascii_lowercase()) {
                    return wrong("must be an ISO 639-1 code of two small letters".to_owned());
                }
                self.language = Some(text.to_owned());
            }
            "review_threshold" => match text.parse::<f64>() {
                Ok(threshold) if (0.0..=1.0).contains(&threshold) => {
                    self.wishes.review_threshold = Some(threshold);
                }
                _ => return wrong("must be a number from 0 to 1".to_owned()),
            },
            "schema" => match parseflow_extract::check_schema(text) {
                Ok(schema) => self.wishes.schema = Some(schema),
                Err(message) => return wrong(message),
            },
            "output" => {
                for part in text.split(',').map(str::trim) {
                    match part {
                        "fields" => {}
                        "text" => self.wishes.text = true,
                        "tables" => self.wishes.tables = true,
                        _ => return wrong("must be a list of fields, text and tables".to_owned()),
                    }
                }
            }
            DOCUMENT_EVENTS => match text {
                "true" => self.document_events = Some(true),
                "false" => self.document_events = Some(false),
                _ => return wrong("must be true or false".to_owned()),
            },
            _ => return wrong("is not known".to_owned()),
        }
        Ok(())
    }
}

/// One document with how to read it.
pub(crate) struct Upload {
    pub(crate) meta: FileMeta,
    pub(crate) file: Held,
    pub(crate) options: ReadingOptions,
    pub(crate) fingerprint: [u8; 32],
}

/// What is known of a file: its name as told, its type as found in the bytes.
pub(crate) async fn recognise(name: String, file: Held) -> Result<(FileMeta, Held), ApiError> {
    let look = move || {
        let bytes = file.bytes();
        let mime_type = detect(bytes).media_type.to_owned();
        (FileMeta { name, size: bytes.len() as u64, mime_type }, file)
    };
    // A large file is searched for a while: other requests go on meanwhile.
    tokio::task::spawn_blocking(look).await.map_err(|_| ApiError::Panicked)
}

/// Reads the form of a request that sends one document.
pub(crate) async fn one_document(
    api: &Api,
    head: &Head,
    body: Body,
    file_bytes_max: u64,
) -> Result<Upload, ApiError> {
    let limits = FormLimits {
        file_parts: &["file"],
        text_parts: DOCUMENT_PARTS,
        bytes_max: file_bytes_max,
        idle_deadline: api.settings().body_deadline,
        memory: api.upload_memory.clone(),
    };
    // A form that is larger than a file may be holds a file that is too large.
    let as_file = |error| match error {
        ApiError::BodyTooLarge { .. } => ApiError::FileTooLarge { bytes_max: file_bytes_max },
        error => error,
    };
    let mut form = Form::open(&head.headers, body, limits).map_err(as_file)?;
    let mut fingerprint = Fingerprint::new(&head.method, &head.uri, &head.headers);
    let reading = read_one(&mut form, &mut fingerprint, file_bytes_max);
    let read = tokio::time::timeout(api.settings().upload_deadline, reading).await;
    let read = read.unwrap_or(Err(ApiError::BodyTimeout));
    let (name, file, options) = read.map_err(as_file)?;
    let (meta, file) = recognise(name, file).await?;
    Ok(Upload { meta, file, options, fingerprint: fingerprint.finish() })
}

async fn read_one(
    form: &mut Form,
    fingerprint: &mut Fingerprint,
    file_bytes_max: u64,
) -> Result<(String, Held, ReadingOptions), ApiError> {
    let mut options = ReadingOptions::default();
    let mut found = None;
    let judge = |number, _: &[u8]| match number {
        1 => Ok(file_bytes_max),
        _ => Err(ApiError::input("/file", "must be one file; send several to /api/v1/batch")),
    };
    while let Some(part) = form.next(fingerprint, judge).await? {
        match part {
            Part::Text { name, text } => options.set(name, &text)?,
            Part::File { name, file } => found = Some((name, file)),
        }
    }
    let (name, file) = found.ok_or_else(|| ApiError::input("/file", "is required"))?;
    if file.bytes().is_empty() {
        return Err(ApiError::EmptyDocument);
    }
    Ok((name, file, options))
}

/// Files that are written but not yet part of an accepted document: removed unless kept.
pub(crate) struct Pending {
    api: Api,
    names: Vec<String>,
}

impl Pending {
    pub(crate) fn new(api: &Api) -> Self {
        Self { api: Api::clone(api), names: Vec::new() }
    }

    /// Writes a file, durably.
    pub(crate) async fn put(&mut self, name: &str, file: Held) -> Result<(), ApiError> {
        self.names.push(name.to_owned());
        let (bytes, _counted) = file.into_parts();
        Ok(self.api.parts.files.put(name, bytes).await?)
    }

    /// The files belong to accepted documents now.
    pub(crate) fn keep(mut self) {
        self.names.clear();
    }

    /// Removes the files now rather than soon.
    pub(crate) async fn remove(mut self) {
        remove_files(&self.api, std::mem::take(&mut self.names)).await;
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        let names = std::mem::take(&mut self.names);
        if names.is_empty() {
            return;
        }
        // A caller who hangs up in the middle of an upload leaves the files to this.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let api = Api::clone(&self.api);
            runtime.spawn(async move { remove_files(&api, names).await });
        }
    }
}

async fn remove_files(api: &Api, names: Vec<String>) {
    for name in names {
        if let Err(error) = api.parts.files.delete(&name).await {
            tracing::warn!(name, %error, "a file that is not needed could not be removed");
        }
    }
}
