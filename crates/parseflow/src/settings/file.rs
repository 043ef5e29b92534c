//! The settings file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use parseflow_model::{Limit, Plan};
use toml::{Table, Value};

use super::table::{Takes, setting};
use super::{Given, PlanOverride, SettingsError, Source};

/// What the settings file says.
#[derive(Debug, Default)]
pub(super) struct SettingsFile {
    pub(super) path: PathBuf,
    pub(super) given: BTreeMap<&'static str, Given>,
    /// By the plan's name.
    pub(super) plans: BTreeMap<&'static str, PlanOverride>,
}

impl SettingsFile {
    pub(super) fn read(path: &Path) -> Result<Self, SettingsError> {
        let path = path.to_owned();
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(source) => return Err(SettingsError::Unreadable { path, source }),
        };
        Self::parse(path, &text)
    }

    pub(super) fn parse(path: PathBuf, text: &str) -> Result<Self, SettingsError> {
        let table: Table = match text.parse() {
            Ok(table) => table,
            Err(source) => {
                return Err(SettingsError::NotToml { path, source: Box::new(source) });
            }
        };
        let mut file = SettingsFile { path, ..Self::default() };
        for (key, value) in &table {
            if key == "plans" {
                file.read_plans(value)?;
                continue;
            }
            // A file cannot name another one.
            let Some(setting) = setting(key).filter(|setting| setting.name != "config") else {
                return Err(file.unknown(key.clone()));
            };
            let values = match value {
                Value::Array(values) if setting.takes == Takes::List => {
                    values.iter().map(|value| file.scalar(key, value)).collect::<Result<_, _>>()?
                }
                value => vec![file.scalar(key, value)?],
            };
            file.given.insert(setting.name, Given { values, source: Source::File });
        }
        Ok(file)
    }

    fn scalar(&self, key: &str, value: &Value) -> Result<String, SettingsError> {
        match value {
            Value::String(text) => Ok(text.clone()),
            Value::Integer(number) => Ok(number.to_string()),
            Value::Boolean(flag) => Ok(flag.to_string()),
            _ => Err(self.wrong_kind(key.to_owned(), "a text, a number or true/false")),
        }
    }

    fn read_plans(&mut self, value: &Value) -> Result<(), SettingsError> {
        let plans = value.as_table().ok_or_else(|| self.plans_kind())?;
        for (name, limits) in plans {
            let Ok(plan) = name.parse::<Plan>() else {
                return Err(self.unknown(format!("plans.{name}")));
            };
            let limits = limits.as_table().ok_or_else(|| self.plans_kind())?;
            let mut plan_override = PlanOverride::default();
            for (key, value) in limits {
                let place = format!("plans.{name}.{key}");
                match key.as_str() {
                    "documents_per_month" => {
                        plan_override.documents_per_month = Some(self.limit(&place, value)?);
                    }
                    "requests_per_minute" => {
                        plan_override.requests_per_minute = Some(self.limit(&place, value)?);
                    }
                    "file_bytes_max" => {
                        let bytes = value.as_integer().and_then(|bytes| u64::try_from(bytes).ok());
                        let bytes = bytes.filter(|bytes| *bytes > 0);
                        plan_override.file_bytes_max =
                            Some(bytes.ok_or_else(|| {
                                self.wrong_kind(place, "a number of bytes above 0")
                            })?);
                    }
                    _ => return Err(self.unknown(place)),
                }
            }
            self.plans.insert(plan.as_str(), plan_override);
        }
        Ok(())
    }

    fn limit(&self, place: &str, value: &Value) -> Result<Limit, SettingsError> {
        let limit = match value {
            Value::Integer(number) => u64::try_from(*number).ok().map(Limit::AtMost),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        limit.ok_or_else(|| self.wrong_kind(place.to_owned(), "a whole number, or \"unlimited\""))
    }

    fn plans_kind(&self) -> SettingsError {
        self.wrong_kind("plans".to_owned(), "tables such as [plans.free]")
    }

    fn unknown(&self, key: String) -> SettingsError {
        SettingsError::UnknownKey { path: self.path.clone(), key }
    }

    fn wrong_kind(&self, key: String, expected: &'static str) -> SettingsError {
        SettingsError::WrongKind { path: self.path.clone(), key, expected }
    }
}
