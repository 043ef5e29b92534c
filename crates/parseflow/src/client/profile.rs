//! Which service, and which key: flags, then the environment, then a profile kept by `login`.

use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::Args;
use toml::{Table, Value};

use super::{Api, ClientError};

/// The service of an installation on this machine.
pub(super) const DEFAULT_URL: &str = "http://127.0.0.1:8080";
/// The profile that is meant when none is named.
pub(super) const DEFAULT_PROFILE: &str = "default";

/// Which service to talk to, and with which key.
#[derive(Debug, Clone, Args)]
pub(crate) struct Connect {
    /// Address of the service [default: the profile's, else http://127.0.0.1:8080]
    #[arg(long, env = "PARSEFLOW_URL", value_name = "URL")]
    pub(super) url: Option<String>,
    /// API key [default: the profile's]
    #[arg(long, env = "PARSEFLOW_API_KEY", value_name = "KEY", hide_env_values = true)]
    pub(super) api_key: Option<String>,
    /// A profile made by `parseflow login`
    #[arg(long, env = "PARSEFLOW_PROFILE", value_name = "NAME")]
    pub(super) profile: Option<String>,
}

impl Connect {
    /// A client of the chosen service.
    pub(super) fn api(&self) -> Result<Api, ClientError> {
        let kept = match (&self.url, &self.api_key, &self.profile) {
            (_, Some(_), None) => None,
            _ => self.kept()?,
        };
        let url = self.url.clone().or_else(|| kept.as_ref().map(|kept| kept.url.clone()));
        let url = checked_url(url.as_deref().unwrap_or(DEFAULT_URL))?;
        let key = self.api_key.clone().or_else(|| kept.map(|kept| kept.api_key));
        Api::new(&url, &key.ok_or(ClientError::NoKey)?)
    }

    /// The kept profile; one that was named must exist.
    fn kept(&self) -> Result<Option<Profile>, ClientError> {
        let Some(path) = file() else { return Ok(None) };
        let mut profiles = read(&path)?;
        match (profiles.remove(self.profile_name()), &self.profile) {
            (None, Some(name)) => Err(ClientError::NoProfile(name.clone())),
            (found, _) => Ok(found),
        }
    }

    pub(super) fn profile_name(&self) -> &str {
        self.profile.as_deref().unwrap_or(DEFAULT_PROFILE)
    }
}

/// The address without a slash at its end.
pub(super) fn checked_url(text: &str) -> Result<String, ClientError> {
    let parsed = url::Url::parse(text).ok();
    let fits = parsed.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if fits {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err(ClientError::Url(text.to_owned()))
    }
}

/// One kept service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Profile {
    pub(super) url: String,
    pub(super) api_key: String,
}

/// Where profiles are kept: `$XDG_CONFIG_HOME/parseflow/profiles.toml`, else under `~/.config`.
pub(super) fn file() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let folder = set("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| set("HOME").map(|home| Path::new(&home).join(".config")))?;
    Some(folder.join("parseflow/profiles.toml"))
}

/// Every profile, by its name; none when there is no file.
pub(super) fn read(path: &Path) -> Result<BTreeMap<String, Profile>, ClientError> {
    let wrong = |what: String| ClientError::Profiles { path: path.to_owned(), what };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(wrong(format!("cannot be read: {error}"))),
    };
    let table: Table = text.parse().map_err(|error| wrong(format!("is not TOML: {error}")))?;
    let mut profiles = BTreeMap::new();
    for (name, value) in table {
        let member = |key: &str| value.get(key).and_then(Value::as_str).map(ToOwned::to_owned);
        let (Some(url), Some(api_key)) = (member("url"), member("api_key")) else {
            return Err(wrong(format!("lacks url or api_key in [{name}]")));
        };
        profiles.insert(name, Profile { url, api_key });
    }
    Ok(profiles)
}

/// Writes every profile, readable for its owner alone; the old file is replaced whole.
pub(super) fn write(path: &Path, profiles: &BTreeMap<String, Profile>) -> Result<(), ClientError> {
    let wrong = |error: std::io::Error| ClientError::Profiles {
        path: path.to_owned(),
        what: format!("cannot be written: {error}"),
    };
    let text: String = profiles
        .iter()
        .map(|(name, profile)| {
            let quoted = |text: &str| serde_json::Value::from(text).to_string();
            format!(
                "[{}]\nurl = {}\napi_key = {}\n",
                quoted(name),
                quoted(&profile.url),
                quoted(&profile.api_key)
            )
        })
        .collect::<Vec<_>>()
        .join("\n");
    let folder = path.parent().expect("the path names a file in a folder");
    std::fs::create_dir_all(folder).map_err(wrong)?;
    let beside = path.with_extension("toml.new");
    let _ = std::fs::remove_file(&beside);
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&beside)
        .map_err(wrong)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(wrong)?;
    std::fs::rename(&beside, path).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn profiles_are_kept_for_their_owner_alone_and_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/profiles.toml");
        assert!(read(&path).unwrap().is_empty());
        let profile = |n: &str| Profile { url: format!("https://{n}"), api_key: format!("dm_{n}") };
        let kept = BTreeMap::from([
            ("default".to_owned(), profile("a")),
            ("a name with \"quotes\"".to_owned(), profile("b")),
        ]);
        write(&path, &kept).unwrap();
        write(&path, &kept).unwrap();
        assert_eq!(read(&path).unwrap(), kept);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::write(&path, "[half]\nurl = \"x\"\n").unwrap();
        assert!(read(&path).unwrap_err().to_string().contains("[half]"));
    }

    #[test]
    fn an_address_is_http_with_a_host() {
        assert_eq!(checked_url("https://example.com/").unwrap(), "https://example.com");
        for wrong in ["example.com", "ftp://example.com", "http://", ""] {
            assert_eq!(checked_url(wrong).unwrap_err().exit_code(), 2, "{wrong}");
        }
    }
}
