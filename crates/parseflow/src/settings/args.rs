//! The settings as flags and environment variables.

use std::collections::BTreeMap;

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};

use super::table::{For, SETTINGS, Setting, Takes};

/// Where a value comes from, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// The command line.
    Flag,
    /// An environment variable.
    Environment,
    /// The settings file.
    File,
    /// Nobody gave one.
    Default,
}

/// A setting's values as given: one, or several of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Given {
    /// The texts.
    pub(crate) values: Vec<String>,
    /// Where they come from.
    pub(crate) source: Source,
}

/// The settings given on the command line and in the environment. `SERVE` adds those that only the
/// service needs.
#[derive(Debug, Clone, Default)]
pub(crate) struct SettingArgs<const SERVE: bool> {
    /// By name; absent when not given.
    pub(crate) given: BTreeMap<&'static str, Given>,
}

impl<const SERVE: bool> SettingArgs<SERVE> {
    fn settings() -> impl Iterator<Item = &'static Setting> {
        SETTINGS.iter().filter(|setting| SERVE || setting.needed_by == For::EveryCommand)
    }
}

fn argument(setting: &'static Setting) -> Arg {
    let argument = Arg::new(setting.name)
        .long(setting.name)
        .env(setting.env)
        .hide_env_values(true)
        .value_name(setting.placeholder)
        .help(setting.help)
        .help_heading("Settings");
    match setting.takes {
        Takes::Value => argument.action(ArgAction::Set),
        Takes::List => argument.action(ArgAction::Append),
        Takes::Switch => argument
            .action(ArgAction::Set)
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true"),
    }
}

impl<const SERVE: bool> Args for SettingArgs<SERVE> {
    fn augment_args(command: Command) -> Command {
        command.args(Self::settings().map(argument))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<const SERVE: bool> FromArgMatches for SettingArgs<SERVE> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut args = Self::default();
        args.update_from_arg_matches(matches)?;
        Ok(args)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        for setting in Self::settings() {
            let Some(found) = matches.get_many::<String>(setting.name) else { continue };
            let source = match matches.value_source(setting.name) {
                Some(ValueSource::EnvVariable) => Source::Environment,
                _ => Source::Flag,
            };
            let values: Vec<String> = match setting.takes {
                Takes::List => found.flat_map(|text| split_list(text)).collect(),
                Takes::Value | Takes::Switch => found.cloned().collect(),
            };
            // An empty variable is how compose files say "not set".
            if values.iter().any(|text| !text.is_empty()) {
                self.given.insert(setting.name, Given { values, source });
            }
        }
        Ok(())
    }
}

fn split_list(text: &str) -> impl Iterator<Item = String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(ToOwned::to_owned)
}
