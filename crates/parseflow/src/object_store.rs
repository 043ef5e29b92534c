//! Uploaded documents where the settings say: a folder, or a bucket named in the way that all tools
//! for S3 name it.

use std::sync::Arc;
use std::time::Duration;

use parseflow_model::WallClock;
use parseflow_store::s3::{Credentials, Pause, S3Options};
use parseflow_store::{DocumentFiles, LocalFiles, S3Files};
use parseflow_worker::Clock;

use crate::clock::SystemClock;
use crate::service::StartError;
use crate::settings::FilesPlace;

/// Variables that name the store's URL, the more special one first.
const ENDPOINT: [&str; 2] = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"];
const REGION: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];
/// Where the store has no regions it takes this one.
const REGION_DEFAULT: &str = "us-east-1";

fn variable(names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
}

fn needed(name: &'static str) -> Result<String, StartError> {
    variable(&[name]).ok_or(StartError::NoCredentials { name })
}

/// Opens the place; a folder is created if need be, a store is not asked yet.
pub(crate) fn open(place: &FilesPlace) -> Result<Arc<dyn DocumentFiles>, StartError> {
    let (bucket, prefix) = match place {
        FilesPlace::Folder(path) => {
            let files = LocalFiles::open(path)
                .map_err(|source| StartError::Documents { path: path.clone(), source })?;
            return Ok(Arc::new(files));
        }
        FilesPlace::Bucket { bucket, prefix } => (bucket.clone(), prefix.clone()),
    };
    let options = S3Options {
        bucket,
        prefix,
        endpoint: variable(&ENDPOINT).map(|url| url.trim_end_matches('/').to_owned()),
        region: variable(&REGION).unwrap_or_else(|| REGION_DEFAULT.to_owned()),
        credentials: Credentials {
            id: needed("AWS_ACCESS_KEY_ID")?,
            secret: needed("AWS_SECRET_ACCESS_KEY")?,
            token: variable(&["AWS_SESSION_TOKEN"]),
        },
    };
    let pause: Pause =
        Arc::new(|duration: Duration| SystemClock.sleep_until(SystemClock.now() + duration));
    let files = S3Files::new(options, Arc::new(SystemClock), pause);
    Ok(Arc::new(files.map_err(StartError::ObjectStore)?))
}
