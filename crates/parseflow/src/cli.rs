//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand};
use parseflow_model::{AccountId, KeyId, Limit, Plan, Scope};

use parseflow_reader::Canary;

use crate::client::ClientCommand;
use crate::settings::SettingArgs;

/// Reads documents into structured data and tells your systems with signed webhooks.
#[derive(Debug, Parser)]
#[command(name = "parseflow", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the service.
    Serve(SettingArgs<true>),
    /// Watch the whole story: a document becomes a verified webhook.
    Demo(DemoArgs),
    /// Create and change accounts; works beside a running server.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Create, list and revoke API keys; works beside a running server.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Check the installation: folders, database, master key, name resolution, clock, disk.
    Doctor(Printed<OnStore>),
    /// Write a consistent copy of the database; works beside a running server.
    Backup(BackupArgs),
    /// Move an installation from the embedded database into PostgreSQL.
    Migrate(Printed<MigrateArgs>),
    /// Encrypt every secret anew with the first of several master keys; works beside a running server.
    RotateMasterKey(Printed<OnStore>),
    /// Show the settings in effect and where each comes from.
    Settings(Printed<SettingArgs<true>>),
    /// Read documents for the service that starts this; of no use to people.
    #[command(hide = true)]
    Worker(WorkerArgs),
    /// Print the OpenAPI description of the API.
    Openapi,
    /// Print a completion script for a shell.
    Completions {
        /// bash, elvish, fish, powershell or zsh.
        shell: clap_complete::Shell,
    },
    /// Print a manual page, or write all of them into a folder.
    Man(ManArgs),
    #[command(flatten)]
    Client(ClientCommand),
}

/// The settings of commands that open the data folder.
pub(crate) type OnStore = SettingArgs<false>;

/// A command that prints for people, or for programs.
#[derive(Debug, Args)]
pub(crate) struct Printed<T: Args> {
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) args: T,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Where the API is served; another port is taken when this one is in use.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// End after the story instead of leaving the API up.
    #[arg(long)]
    pub(crate) exit: bool,
    /// Keep the demonstration's data in this folder instead of a temporary one.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) data_dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The command whose page it is, such as endpoints create [default: the program's]
    #[arg(value_name = "COMMAND", conflicts_with = "to")]
    pub(crate) command: Vec<String>,
    /// Write the page of every command into this folder, which is made if it is not there.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) to: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct WorkerArgs {
    /// Address space in MiB.
    #[arg(long, default_value_t = 1_536)]
    pub(crate) memory: u64,
    /// The library that runs the models of pictures.
    #[arg(long, value_name = "FILE")]
    pub(crate) onnx_runtime: Option<PathBuf>,
    /// Try what is forbidden instead, to prove that it is.
    #[arg(long)]
    pub(crate) canary: Option<Canary>,
}

#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    /// File to write; it must not exist.
    #[arg(long, value_name = "FILE")]
    pub(crate) to: PathBuf,
    #[command(flatten)]
    pub(crate) settings: OnStore,
}

#[derive(Debug, Args)]
pub(crate) struct MigrateArgs {
    /// Data folder of the installation; no server may run on it.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) from: PathBuf,
    /// Empty PostgreSQL database: postgres://user:password@host/database
    #[arg(long, value_name = "URL", env = "PARSEFLOW_MIGRATE_TO", hide_env_values = true)]
    pub(crate) to: String,
    /// Copy the documents that wait to be read there, as --object-store names it [default: they
    /// stay where they are]
    #[arg(long, value_name = "URL")]
    pub(crate) files: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Create an account with its first API key, which is shown once.
    Create(Printed<NewAccountArgs>),
    /// Change an account's plan and limits.
    SetPlan(Printed<SetPlanArgs>),
    /// Show an account and what it has used this month.
    Show(Printed<ShowArgs>),
}

#[derive(Debug, Args)]
pub(crate) struct NewAccountArgs {
    /// E-mail address; no other account has it.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) email: String,
    /// free, pro or enterprise; webhooks need pro or enterprise.
    #[arg(long)]
    pub(crate) plan: Plan,
    /// Documents per month, or unlimited [default: the plan's]
    #[arg(long, value_name = "N|unlimited")]
    pub(crate) quota: Option<Limit>,
    /// Requests per minute for each key, or unlimited [default: the plan's]
    #[arg(long, value_name = "N|unlimited")]
    pub(crate) requests_per_minute: Option<Limit>,
    /// A name to show.
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// What the key may do beyond the ordinary API: events:write; repeatable.
    #[arg(long, value_name = "SCOPE")]
    pub(crate) scope: Vec<Scope>,
    #[command(flatten)]
    pub(crate) settings: OnStore,
}

#[derive(Debug, Args)]
pub(crate) struct SetPlanArgs {
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// free, pro or enterprise.
    #[arg(long)]
    pub(crate) plan: Plan,
    /// Documents per month, unlimited, or plan for the plan's [default: as before]
    #[arg(long, value_name = "N|unlimited|plan")]
    pub(crate) quota: Option<LimitChange>,
    /// Requests per minute for each key, unlimited, or plan for the plan's [default: as before]
    #[arg(long, value_name = "N|unlimited|plan")]
    pub(crate) requests_per_minute: Option<LimitChange>,
    #[command(flatten)]
    pub(crate) settings: OnStore,
}

/// A new limit, or back to the plan's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LimitChange {
    To(Limit),
    ToPlan,
}

impl std::str::FromStr for LimitChange {
    type Err = <Limit as std::str::FromStr>::Err;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "plan" { Ok(LimitChange::ToPlan) } else { text.parse().map(LimitChange::To) }
    }
}

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    #[command(flatten)]
    pub(crate) whose: Whose,
    #[command(flatten)]
    pub(crate) settings: OnStore,
}

/// An account, by its id or its e-mail address.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("whose").required(true))]
pub(crate) struct Whose {
    /// The account's id.
    #[arg(long, value_name = "acc_…", group = "whose")]
    pub(crate) account: Option<AccountId>,
    /// The account's e-mail address.
    #[arg(long, value_name = "ADDRESS", group = "whose")]
    pub(crate) email: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Create an API key, which is shown once.
    Create(Printed<NewKeyArgs>),
    /// List an account's keys.
    List(Printed<ShowArgs>),
    /// Revoke a key.
    Revoke(Printed<RevokeArgs>),
}

#[derive(Debug, Args)]
pub(crate) struct NewKeyArgs {
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// A label to recognise the key by.
    #[arg(long, default_value = "key")]
    pub(crate) name: String,
    /// What the key may do beyond the ordinary API: events:write; repeatable.
    #[arg(long, value_name = "SCOPE")]
    pub(crate) scope: Vec<Scope>,
    /// A test key: the events of its work carry "test": true.
    #[arg(long)]
    pub(crate) test: bool,
    #[command(flatten)]
    pub(crate) settings: OnStore,
}

#[derive(Debug, Args)]
pub(crate) struct RevokeArgs {
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// The key's id.
    #[arg(long, value_name = "key_…")]
    pub(crate) key: KeyId,
    #[command(flatten)]
    pub(crate) settings: OnStore,
}
