//! Every setting once: its name, where else it can be given, its default, its help.
//!
//! The command line, the environment, the settings file and the reference in
//! `docs/configuration.md` are all held to this table.

/// What a setting takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// One value.
    Value,
    /// Several values: the flag repeated, or separated by commas.
    List,
    /// `true` or `false`; the bare flag means `true`.
    Switch,
}

/// Who needs a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    /// Every command that opens the data folder.
    EveryCommand,
    /// `serve`.
    Serve,
}

/// One setting.
#[derive(Debug)]
pub(crate) struct Setting {
    /// Name of the flag without dashes, and key in the settings file.
    pub(crate) name: &'static str,
    /// Environment variable.
    pub(crate) env: &'static str,
    /// Placeholder in the help.
    pub(crate) placeholder: &'static str,
    /// What it takes.
    pub(crate) takes: Takes,
    /// Who needs it.
    pub(crate) needed_by: For,
    /// The default as it would be given; empty where there is none.
    pub(crate) default: &'static str,
    /// One sentence.
    pub(crate) help: &'static str,
}

/// The setting with this name.
pub(crate) fn setting(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

const fn value(
    name: &'static str,
    env: &'static str,
    placeholder: &'static str,
    default: &'static str,
    help: &'static str,
) -> Setting {
    let (takes, needed_by) = (Takes::Value, For::Serve);
    Setting { name, env, placeholder, takes, needed_by, default, help }
}

const fn list(
    name: &'static str,
    env: &'static str,
    placeholder: &'static str,
    default: &'static str,
    help: &'static str,
) -> Setting {
    Setting { takes: Takes::List, ..value(name, env, placeholder, default, help) }
}

const fn switch(name: &'static str, env: &'static str, help: &'static str) -> Setting {
    Setting { takes: Takes::Switch, ..value(name, env, "true|false", "false", help) }
}

const fn for_every_command(setting: Setting) -> Setting {
    Setting { needed_by: For::EveryCommand, ..setting }
}

/// All settings, in the order of the help.
pub(crate) const SETTINGS: &[Setting] = &[
    for_every_command(value(
        "config",
        "PARSEFLOW_CONFIG",
        "FILE",
        "",
        "Settings file (TOML); its keys are the names of these flags [default: none]",
    )),
    for_every_command(value(
        "data-dir",
        "PARSEFLOW_DATA_DIR",
        "FOLDER",
        "./parseflow-data",
        "Folder of the embedded database and the documents [default: ./parseflow-data]",
    )),
    for_every_command(value(
        "database-url",
        "PARSEFLOW_DATABASE_URL",
        "URL",
        "",
        "PostgreSQL instead of the embedded database: postgres://user:password@host/database \
         [default: none]",
    )),
    for_every_command(value(
        "object-store",
        "PARSEFLOW_OBJECT_STORE",
        "URL",
        "",
        "Where uploaded documents are kept: file:///folder or s3://bucket/prefix [default: under the \
         data folder]",
    )),
    for_every_command(list(
        "master-key-file",
        "PARSEFLOW_MASTER_KEY_FILE",
        "FILE",
        "",
        "Key that encrypts endpoint secrets at rest, created if absent; further files are older keys \
         that still open what they encrypted [default: master.key in the data folder]",
    )),
    value(
        "listen",
        "PARSEFLOW_LISTEN",
        "ADDRESS:PORT",
        "127.0.0.1:8080",
        "Where the API is served; port 0 takes a free one [default: 127.0.0.1:8080]",
    ),
    value(
        "public-url",
        "PARSEFLOW_PUBLIC_URL",
        "URL",
        "",
        "Base of links in payloads [default: from --listen]",
    ),
    list(
        "role",
        "PARSEFLOW_ROLE",
        "ROLE",
        "api,extract,deliver",
        "What this process does: api, extract, deliver [default: api,extract,deliver]",
    ),
    value(
        "node-timeout",
        "PARSEFLOW_NODE_TIMEOUT",
        "DURATION",
        "10s",
        "With --database-url: a process that the others have not heard of for this long is dead, \
         1s to 5m [default: 10s]",
    ),
    list(
        "allow-target",
        "PARSEFLOW_ALLOW_TARGET",
        "CIDR",
        "",
        "Private addresses that endpoints may use, for example 10.0.0.0/8 [default: none]",
    ),
    list(
        "deny-target",
        "PARSEFLOW_DENY_TARGET",
        "CIDR|HOST",
        "",
        "Addresses and hosts that endpoints may never use [default: none]",
    ),
    list(
        "allow-port",
        "PARSEFLOW_ALLOW_PORT",
        "PORT",
        "443,8443",
        "Ports that endpoints may use; 80 and 8080 are added by --allow-http-targets, and addresses \
         of --allow-target may use every port [default: 443,8443]",
    ),
    switch(
        "allow-http-targets",
        "PARSEFLOW_ALLOW_HTTP_TARGETS",
        "Accept http:// endpoints [default: false]",
    ),
    value(
        "retry-schedule",
        "PARSEFLOW_RETRY_SCHEDULE",
        "DELAYS",
        "30s,2m,15m,1h,4h",
        "Delays after each failed attempt [default: 30s,2m,15m,1h,4h]",
    ),
    value(
        "delivery-timeout",
        "PARSEFLOW_DELIVERY_TIMEOUT",
        "DURATION",
        "15s",
        "Deadline of a whole attempt, 1s to 30s [default: 15s]",
    ),
    value(
        "disable-after",
        "PARSEFLOW_DISABLE_AFTER",
        "DURATION",
        "3d",
        "Consecutive failure after which an endpoint is disabled; counted in three windows \
         [default: 3d]",
    ),
    value(
        "smtp-url",
        "PARSEFLOW_SMTP_URL",
        "URL",
        "",
        "Mail server that takes warnings to owners of failing endpoints: \
         smtps://user:password@host [default: none]",
    ),
    value(
        "smtp-from",
        "PARSEFLOW_SMTP_FROM",
        "ADDRESS",
        "",
        "Sender of these e-mails, such as ParseFlow <parseflow@example.com> [default: none]",
    ),
    value(
        "retention",
        "PARSEFLOW_RETENTION",
        "DURATION",
        "30d",
        "How long events, deliveries and attempts are kept [default: 30d]",
    ),
    value(
        "keep-files",
        "PARSEFLOW_KEEP_FILES",
        "DURATION",
        "0s",
        "How long uploaded files are kept; 0s: until they are read [default: 0s]",
    ),
    value(
        "sync-limit",
        "PARSEFLOW_SYNC_LIMIT",
        "DURATION",
        "30s",
        "How long POST /api/v1/extract waits before it answers 202 [default: 30s]",
    ),
    value(
        "extract-workers",
        "PARSEFLOW_EXTRACT_WORKERS",
        "N",
        "",
        "Documents read at the same time [default: as many as there are processors]",
    ),
    value(
        "extract-timeout",
        "PARSEFLOW_EXTRACT_TIMEOUT",
        "DURATION",
        "60s",
        "Longest processor time until a page is read; a whole document has ten times that by the clock [default: 60s]",
    ),
    value(
        "extract-memory",
        "PARSEFLOW_EXTRACT_MEMORY",
        "MIB",
        "1536",
        "Address space of a process that reads documents, in MiB [default: 1536]",
    ),
    value(
        "onnx-runtime",
        "PARSEFLOW_ONNX_RUNTIME",
        "FILE",
        "",
        "Library of ONNX Runtime (libonnxruntime.so) that runs the models of pictures, a quarter to a third \
         faster [default: none, they are run by this program]",
    ),
    value(
        "model-url",
        "PARSEFLOW_MODEL_URL",
        "URL",
        "",
        "Base of the API of a language model that gives a second opinion on documents, such as \
         http://127.0.0.1:11434/v1 [default: none, nobody is asked]",
    ),
    value(
        "model-name",
        "PARSEFLOW_MODEL_NAME",
        "NAME",
        "",
        "What the language model is called there [default: none]",
    ),
    value(
        "model-key",
        "PARSEFLOW_MODEL_KEY",
        "KEY",
        "",
        "Key of the language model's API; others see the command line, so give it by the variable \
         [default: none]",
    ),
    value(
        "model-timeout",
        "PARSEFLOW_MODEL_TIMEOUT",
        "DURATION",
        "30s",
        "How long a document waits for the language model, 1s to 10m [default: 30s]",
    ),
    value(
        "model-concurrency",
        "PARSEFLOW_MODEL_CONCURRENCY",
        "N",
        "2",
        "Questions to the language model at the same time [default: 2]",
    ),
    value(
        "model-text-bytes",
        "PARSEFLOW_MODEL_TEXT_BYTES",
        "BYTES",
        "32768",
        "How much of a document's text the language model is sent [default: 32768]",
    ),
    switch(
        "open-registration",
        "PARSEFLOW_OPEN_REGISTRATION",
        "Let anybody create an account with POST /api/auth/register [default: false]",
    ),
    switch(
        "core-dumps",
        "PARSEFLOW_CORE_DUMPS",
        "Let the system write the memory of a crashed process, keys included, to disk [default: \
         false]",
    ),
    value(
        "log-format",
        "PARSEFLOW_LOG_FORMAT",
        "text|json",
        "text",
        "Form of the log on standard error [default: text]",
    ),
    value(
        "log-level",
        "PARSEFLOW_LOG_LEVEL",
        "LEVEL",
        "info",
        "error, warn, info, debug or trace; also per part: info,parseflow_worker=debug \
         [default: info]",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_variable_is_named_after_the_flag() {
        for setting in SETTINGS {
            let derived = format!("PARSEFLOW_{}", setting.name.replace('-', "_").to_uppercase());
            assert_eq!(setting.env, derived);
        }
    }

    #[test]
    fn the_help_states_the_default() {
        for setting in SETTINGS {
            let (_, stated) = setting.help.split_once("[default: ").expect(setting.name);
            if !setting.default.is_empty() {
                assert_eq!(stated, format!("{}]", setting.default), "{}", setting.name);
            }
        }
    }
}
