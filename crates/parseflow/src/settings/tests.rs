use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use parseflow_model::Limit;

use super::*;

/// Flags and environment as given, with a settings file of this text.
fn resolve(
    given: &[(&'static str, Source, &[&str])],
    file: &str,
) -> Result<Settings, SettingsError> {
    let given: BTreeMap<&'static str, Given> = given
        .iter()
        .map(|(name, source, values)| {
            let values = values.iter().map(|&text| text.to_owned()).collect();
            (*name, Given { values, source: *source })
        })
        .collect();
    let file = SettingsFile::parse(PathBuf::from("parseflow.toml"), file)?;
    Settings::from_texts(&Reader::new(&given, &file), &file)
}

fn defaults() -> Settings {
    resolve(&[], "").unwrap()
}

#[test]
fn the_defaults_are_the_documented_ones() {
    let settings = defaults();
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.data_dir, PathBuf::from("./parseflow-data"));
    assert_eq!(settings.documents.to_string(), "./parseflow-data/documents");
    assert_eq!(settings.master_key_files, [PathBuf::from("./parseflow-data/master.key")]);
    assert_eq!(settings.retry_schedule, RetrySchedule::documented());
    assert_eq!(settings.delivery_timeout, Duration::from_secs(15));
    assert_eq!(settings.disable_after, Duration::from_secs(3 * 86_400));
    assert_eq!(settings.retention, Duration::from_secs(30 * 86_400));
    assert!(!settings.open_registration);
    assert_eq!(settings.targets, TargetPolicy::default());
    assert!(settings.roles.api && settings.roles.extract && settings.roles.deliver);
    assert_eq!(settings.public_url, None);
}

#[test]
fn the_file_is_stronger_than_the_default_and_weaker_than_what_is_given() {
    let file = "listen = \"127.0.0.1:1\"\nallow-port = [1, 2]\nopen-registration = true";
    let settings = resolve(&[], file).unwrap();
    assert_eq!(settings.listen.port(), 1);
    assert_eq!(settings.targets.ports, [1, 2]);
    assert!(settings.open_registration);
    let given: &[(_, _, &[&str])] = &[
        ("listen", Source::Environment, &["127.0.0.1:2"]),
        ("open-registration", Source::Flag, &["false"]),
        ("allow-port", Source::Flag, &["3"]),
    ];
    let settings = resolve(given, file).unwrap();
    assert_eq!(settings.listen.port(), 2);
    assert_eq!(settings.targets.ports, [3]);
    assert!(!settings.open_registration);
}

#[test]
fn every_setting_can_stand_in_the_file_and_unknown_keys_are_refused() {
    let check = |file: &str, expected: &str| {
        let error = resolve(&[], file).expect_err(file).to_string();
        assert!(error.contains(expected), "{error}");
        assert!(!error.contains('\n'), "{error}");
    };
    check("lisen = \"x\"", "\"lisen\", which is no setting");
    check("config = \"other.toml\"", "no setting");
    check("listen = [\"127.0.0.1:1\"]", "listen must be");
    check("listen = ", "is not TOML");
    check("[plans.gold]\nrequests_per_minute = 1", "plans.gold");
    check("[plans.free]\nrequest_per_minute = 1", "plans.free.request_per_minute");
    check("[plans.free]\nrequests_per_minute = -1", "plans.free.requests_per_minute must be");
    check("[plans.free]\nfile_bytes_max = 0", "file_bytes_max must be");
    check("plans = 3", "plans must be");
}

#[test]
fn a_wrong_value_is_told_with_its_place_and_what_is_expected() {
    let check = |name: &'static str, text: &str, expected: &str| {
        let error = resolve(&[(name, Source::Flag, &[text])], "").expect_err(text).to_string();
        assert!(error.starts_with(&format!("--{name}: ")), "{error}");
        assert!(error.contains(expected), "{error}");
    };
    check("listen", "8080", "127.0.0.1:8080");
    check("allow-target", "10.0.0.0/33", "10.0.0.0/8");
    check("deny-target", "10.0.0.300", "10.0.0.0/8");
    check("allow-port", "0", "1 to 65535");
    check("retry-schedule", "30s,,2m", "30s,2m");
    check("retry-schedule", "30", "30s,2m");
    check("retry-schedule", "", "30s,2m");
    check("delivery-timeout", "31s", "1s to 30s");
    check("disable-after", "36", "such as 3d");
    check("retention", "1m", "1h to 3650d");
    check("open-registration", "yes", "true or false");
    check("object-store", "s3://B", "3 to 63");
    check("object-store", "s3://bucket/../x", "s3://bucket/prefix");
    check("object-store", "file://bucket/x", "file:///folder");
    check("database-url", "mysql://localhost/parseflow", "postgres://user@host/database");
    check("node-timeout", "0s", "1s to 5m");
    check("public-url", "parseflow.example", "https://parseflow.example");
    check("role", "deliver", "every role");
    check("role", "sender", "api, extract, deliver");
    check("log-format", "xml", "text or json");
    check("log-level", "loud", "info");
}

#[test]
fn an_error_names_the_place_to_change() {
    let given: &[(_, _, &[&str])] = &[("listen", Source::Environment, &["x"])];
    let error = resolve(given, "").unwrap_err().to_string();
    assert!(error.starts_with("PARSEFLOW_LISTEN: "), "{error}");
    let error = resolve(&[], "listen = \"x\"").unwrap_err().to_string();
    assert!(error.starts_with("listen in parseflow.toml: "), "{error}");
}

#[test]
fn targets_take_ranges_single_addresses_and_hosts() {
    let given: &[(_, _, &[&str])] = &[
        ("allow-target", Source::Flag, &["10.0.0.0/8", "::1", "127.0.0.1"]),
        ("deny-target", Source::Flag, &["10.1.0.0/16", "Metadata.Internal"]),
    ];
    let targets = resolve(given, "").unwrap().targets;
    assert_eq!(targets.allow.len(), 3);
    assert_eq!(targets.allow[2].to_string(), "127.0.0.1/32");
    assert_eq!(targets.deny.len(), 1);
    assert_eq!(targets.deny_hosts, ["metadata.internal"]);
}

#[test]
fn plans_are_overridden_limit_by_limit() {
    let file = "[plans.free]\ndocuments_per_month = 7\n[plans.pro]\nrequests_per_minute = \
                \"unlimited\"\nfile_bytes_max = 1000";
    let settings = resolve(&[], file).unwrap();
    let (plans, defaults) = (settings.plan_table(), PlanTable::default());
    assert_eq!(plans.free.documents_per_month, Limit::AtMost(7));
    assert_eq!(plans.free.requests_per_minute, defaults.free.requests_per_minute);
    assert_eq!(plans.pro.requests_per_minute, Limit::Unlimited);
    assert_eq!(plans.pro.file_bytes_max, 1000);
    assert_eq!(plans.enterprise, defaults.enterprise);
}

#[test]
fn a_public_url_loses_the_slash_at_its_end_and_documents_may_live_elsewhere() {
    let given: &[(_, _, &[&str])] = &[
        ("public-url", Source::Flag, &["https://parseflow.example/"]),
        ("object-store", Source::Flag, &["file:///srv/documents"]),
    ];
    let settings = resolve(given, "").unwrap();
    assert_eq!(settings.public_url.as_deref(), Some("https://parseflow.example"));
    assert_eq!(settings.documents, FilesPlace::Folder(PathBuf::from("/srv/documents")));
}

#[test]
fn a_language_model_needs_an_address_and_a_name_and_its_key_is_never_shown() {
    assert_eq!(defaults().model, None);
    let url = ("model-url", Source::Flag, ["http://127.0.0.1:11434/v1/"].as_slice());
    let name = ("model-name", Source::File, ["tiny"].as_slice());
    let key = ("model-key", Source::Environment, ["sk-secret"].as_slice());
    let settings = resolve(&[url, name, key], "").unwrap();
    assert!(!format!("{settings:?}").contains("sk-secret"));
    let model = settings.model.unwrap();
    assert_eq!((model.url.as_str(), model.name.as_str()), ("http://127.0.0.1:11434/v1", "tiny"));
    assert_eq!(model.key.as_deref(), Some("sk-secret"));
    assert_eq!((model.timeout, model.concurrency), (Duration::from_secs(30), 2));
    let refused = |given: &[(&'static str, Source, &[&str])], expected: &str| {
        let error = resolve(given, "").expect_err(expected).to_string();
        assert!(error.contains(expected) && !error.contains("hush"), "{error}");
    };
    refused(&[url], "needs --model-name");
    refused(&[name], "needs --model-url");
    refused(&[("model-url", Source::Flag, &["ftp://x"]), name], "http://127.0.0.1:11434/v1");
    refused(&[url, name, ("model-key", Source::Environment, &["hush hush"])], "no spaces");
    refused(&[url, name, ("model-timeout", Source::Flag, &["0s"])], "1s to 10m");
    refused(&[url, name, ("model-text-bytes", Source::Flag, &["10"])], "1024 to 1048576");
}
