//! From texts to types.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;
use parseflow_webhooks::retry::{RetrySchedule, parse_duration};
use parseflow_webhooks::url_policy::TargetPolicy;
use parseflow_worker::{MailerError, SmtpMailer};

use tracing_subscriber::filter::{LevelFilter, Targets};

use super::file::SettingsFile;
use super::table::{SETTINGS, Takes, setting};
use super::{
    DatabaseUrl, FilesPlace, Given, InEffect, LogFormat, ModelSettings, RoleSet, SettingsError,
    Smtp, Source,
};

/// Gives each setting its value from the strongest source that has one.
pub(super) struct Reader<'a> {
    given: &'a BTreeMap<&'static str, Given>,
    file: &'a SettingsFile,
}

impl<'a> Reader<'a> {
    pub(super) fn new(given: &'a BTreeMap<&'static str, Given>, file: &'a SettingsFile) -> Self {
        Self { given, file }
    }

    fn found(&self, name: &str) -> Given {
        let found = self.given.get(name).or_else(|| self.file.given.get(name));
        found.cloned().unwrap_or_else(|| {
            let default = setting(name).map_or("", |setting| setting.default);
            let values = default.split(',').filter(|text| !text.is_empty());
            let values = match setting(name).map(|setting| setting.takes) {
                Some(Takes::List) => values.map(ToOwned::to_owned).collect(),
                _ if default.is_empty() => Vec::new(),
                _ => vec![default.to_owned()],
            };
            Given { values, source: Source::Default }
        })
    }

    pub(super) fn in_effect(&self) -> Vec<InEffect> {
        let line = |name| {
            let Given { values, source } = self.found(name);
            let values = match name {
                "database-url" | "smtp-url" => {
                    values.iter().map(|url| without_password(url)).collect()
                }
                "model-key" => values.iter().map(|_| "***".to_owned()).collect(),
                _ => values,
            };
            InEffect { name, values, source }
        };
        SETTINGS.iter().map(|setting| line(setting.name)).collect()
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.found(name).values.into_iter().next()
    }

    /// The text of a setting that has a default.
    pub(super) fn required(&self, name: &str) -> String {
        self.text(name).expect("the setting has a default")
    }

    /// Where the reader of an error finds what to change.
    fn place(&self, name: &str) -> String {
        match self.found(name).source {
            Source::Flag | Source::Default => format!("--{name}"),
            Source::Environment => setting(name).map_or(name, |setting| setting.env).to_owned(),
            Source::File => format!("{name} in {}", self.file.path.display()),
        }
    }

    fn wrong(&self, name: &str, text: &str, expected: &'static str) -> SettingsError {
        SettingsError::Wrong { place: self.place(name), text: text.to_owned(), expected }
    }

    pub(super) fn unsupported(&self, name: &str, what: &'static str) -> SettingsError {
        SettingsError::Unsupported { place: self.place(name), what }
    }

    pub(super) fn one<T: FromStr>(
        &self,
        name: &str,
        expected: &'static str,
    ) -> Result<T, SettingsError> {
        let text = self.required(name);
        text.parse().map_err(|_| self.wrong(name, &text, expected))
    }

    pub(super) fn switch(&self, name: &str) -> Result<bool, SettingsError> {
        self.one(name, "true or false")
    }

    pub(super) fn duration_within(
        &self,
        name: &str,
        expected: &'static str,
        range: RangeInclusive<Duration>,
    ) -> Result<Duration, SettingsError> {
        let text = self.required(name);
        let found = parse_duration(&text).ok().filter(|duration| range.contains(duration));
        found.ok_or_else(|| self.wrong(name, &text, expected))
    }

    pub(super) fn retry_schedule(&self) -> Result<RetrySchedule, SettingsError> {
        const EXPECTED: &str = "1 to 20 delays up to 30d, separated by commas, such as \
                                30s,2m,15m,1h,4h";
        // A list in the settings file and one text mean the same.
        let text = self.found("retry-schedule").values.join(",");
        text.parse().map_err(|_| self.wrong("retry-schedule", &text, EXPECTED))
    }

    pub(super) fn extract_workers(&self) -> Result<Option<usize>, SettingsError> {
        let Some(text) = self.text("extract-workers") else { return Ok(None) };
        let found = text.parse().ok().filter(|workers| (1..=256).contains(workers));
        let expected = "a whole number from 1 to 256";
        found.map(Some).ok_or_else(|| self.wrong("extract-workers", &text, expected))
    }

    pub(super) fn extract_memory_mib(&self) -> Result<u64, SettingsError> {
        let text = self.required("extract-memory");
        let found = text.parse().ok().filter(|mib| (512..=65_536).contains(mib));
        found.ok_or_else(|| self.wrong("extract-memory", &text, "MiB from 512 to 65536"))
    }

    pub(super) fn master_key_files(&self, data_dir: &Path) -> Vec<PathBuf> {
        match self.found("master-key-file").values {
            given if given.is_empty() => vec![data_dir.join("master.key")],
            given => given.into_iter().map(PathBuf::from).collect(),
        }
    }

    pub(super) fn model(&self) -> Result<Option<ModelSettings>, SettingsError> {
        let timeout = self.duration_within(
            "model-timeout",
            "a duration from 1s to 10m",
            Duration::from_secs(1)..=Duration::from_secs(600),
        )?;
        let number = |name, range: RangeInclusive<usize>, expected| {
            let text = self.required(name);
            let found = text.parse().ok().filter(|number| range.contains(number));
            found.ok_or_else(|| self.wrong(name, &text, expected))
        };
        let concurrency = number("model-concurrency", 1..=256, "a whole number from 1 to 256")?;
        let text_bytes_max =
            number("model-text-bytes", 1_024..=1_048_576, "bytes from 1024 to 1048576")?;
        let key = self.text("model-key");
        // Not repeated: it is a secret.
        if key.as_ref().is_some_and(|key| !key.bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err(
                self.unsupported("model-key", "a key has no spaces and no control characters")
            );
        }
        let Some(url) = self.http_url("model-url", "a URL such as http://127.0.0.1:11434/v1")?
        else {
            return match self.text("model-name") {
                Some(_) => Err(self.unsupported("model-name", "needs --model-url")),
                None => Ok(None),
            };
        };
        let Some(name) = self.text("model-name") else {
            return Err(self.unsupported("model-url", "needs --model-name"));
        };
        Ok(Some(ModelSettings { url, name, key, timeout, concurrency, text_bytes_max }))
    }

    pub(super) fn documents(&self, data_dir: &Path) -> Result<FilesPlace, SettingsError> {
        match self.text("object-store") {
            None => Ok(FilesPlace::Folder(data_dir.join("documents"))),
            Some(text) => FilesPlace::read(&text)
                .map_err(|expected| self.wrong("object-store", &text, expected)),
        }
    }

    pub(super) fn public_url(&self) -> Result<Option<String>, SettingsError> {
        self.http_url("public-url", "a URL such as https://parseflow.example")
    }

    /// A base of other URLs, without a slash at its end.
    fn http_url(
        &self,
        name: &str,
        expected: &'static str,
    ) -> Result<Option<String>, SettingsError> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let usable = url::Url::parse(&text).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.host().is_some()
                && url.query().is_none()
                && url.fragment().is_none()
                && url.username().is_empty()
                && url.password().is_none()
        });
        if !usable {
            return Err(self.wrong(name, &text, expected));
        }
        Ok(Some(text.trim_end_matches('/').to_owned()))
    }

    /// A mistake in it is told without repeating it: it may hold a password.
    pub(super) fn database_url(&self) -> Result<Option<DatabaseUrl>, SettingsError> {
        let Some(text) = self.text("database-url") else { return Ok(None) };
        let usable = url::Url::parse(&text)
            .is_ok_and(|url| matches!(url.scheme(), "postgres" | "postgresql"));
        if usable {
            return Ok(Some(DatabaseUrl(text)));
        }
        Err(self.unsupported("database-url", "must be a URL such as postgres://user@host/database"))
    }

    /// A mistake in the URL is told without repeating it: it may hold a password.
    pub(super) fn smtp(&self) -> Result<Option<Smtp>, SettingsError> {
        let smtp = match (self.text("smtp-url"), self.text("smtp-from")) {
            (None, None) => return Ok(None),
            (Some(_), None) => {
                return Err(self.unsupported("smtp-url", "needs --smtp-from, the sender"));
            }
            (None, Some(_)) => {
                return Err(self.unsupported("smtp-from", "needs --smtp-url, the mail server"));
            }
            (Some(url), Some(from)) => Smtp { url, from },
        };
        match SmtpMailer::new(&smtp.url, &smtp.from) {
            Ok(_) => Ok(Some(smtp)),
            Err(MailerError::Url) => Err(self.unsupported(
                "smtp-url",
                "must be a URL such as smtps://user:password@mail.example.com or smtp://localhost:25",
            )),
            Err(MailerError::From) => {
                let expected = "an address such as ParseFlow <parseflow@example.com>";
                Err(self.wrong("smtp-from", &smtp.from, expected))
            }
        }
    }

    pub(super) fn roles(&self, shared: bool) -> Result<RoleSet, SettingsError> {
        let mut roles = RoleSet { api: false, extract: false, deliver: false };
        for text in self.found("role").values {
            match text.as_str() {
                "api" => roles.api = true,
                "extract" => roles.extract = true,
                "deliver" => roles.deliver = true,
                _ => return Err(self.wrong("role", &text, "one of api, extract, deliver")),
            }
        }
        // The embedded database belongs to one process, and roles hand over inside it.
        if shared || (roles.api && roles.extract && roles.deliver) {
            return Ok(roles);
        }
        Err(self.unsupported(
            "role",
            "with the embedded database one process has every role; leave this out, or share a \
             PostgreSQL database with --database-url",
        ))
    }

    pub(super) fn targets(&self) -> Result<TargetPolicy, SettingsError> {
        const CIDR: &str = "a range of addresses such as 10.0.0.0/8 or one address";
        let allow_http = self.switch("allow-http-targets")?;
        let mut targets = TargetPolicy { allow_http, ..TargetPolicy::default() };
        for text in self.found("allow-target").values {
            let range = cidr(&text).ok_or_else(|| self.wrong("allow-target", &text, CIDR))?;
            targets.allow.push(range);
        }
        for text in self.found("deny-target").values {
            match cidr(&text) {
                Some(range) => targets.deny.push(range),
                None if looks_like_host(&text) => {
                    targets.deny_hosts.push(text.to_ascii_lowercase());
                }
                None => {
                    let expected = "a range of addresses such as 10.0.0.0/8, or a host name";
                    return Err(self.wrong("deny-target", &text, expected));
                }
            }
        }
        let ports = self.found("allow-port").values;
        if !ports.is_empty() {
            targets.ports.clear();
        }
        for text in ports {
            let port = text.parse::<u16>().ok().filter(|port| *port > 0);
            let expected = "a port from 1 to 65535";
            targets.ports.push(port.ok_or_else(|| self.wrong("allow-port", &text, expected))?);
        }
        Ok(targets)
    }

    pub(super) fn log_format(&self) -> Result<LogFormat, SettingsError> {
        match self.required("log-format").as_str() {
            "text" => Ok(LogFormat::Text),
            "json" => Ok(LogFormat::Json),
            other => Err(self.wrong("log-format", other, "text or json")),
        }
    }

    pub(super) fn log_level(&self) -> Result<String, SettingsError> {
        // A list in the settings file and one text mean the same.
        let text = self.found("log-level").values.join(",");
        let expected = "a level such as info, or levels per part such as \
                        info,parseflow_worker=debug";
        let known = text.split(',').all(|part| {
            let level = part.split_once('=').map_or(part, |(_, level)| level);
            level.trim().parse::<LevelFilter>().is_ok()
        });
        if known && text.parse::<Targets>().is_ok() {
            Ok(text)
        } else {
            Err(self.wrong("log-level", &text, expected))
        }
    }
}

/// The URL as it may be shown.
fn without_password(text: &str) -> String {
    match url::Url::parse(text) {
        Ok(mut url) if url.password().is_some() => {
            // Only a URL that cannot have a password refuses.
            let _ = url.set_password(Some("***"));
            url.to_string()
        }
        Ok(url) => url.to_string(),
        Err(_) => "***".to_owned(),
    }
}

fn cidr(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<std::net::IpAddr>().ok().map(IpNet::from))
}

fn looks_like_host(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    // Digits and dots alone are a mistyped address.
    text.bytes().any(|b| b.is_ascii_alphabetic()) && text.split('.').all(label)
}
