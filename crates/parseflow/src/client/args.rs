//! The words of the client commands.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};

use super::profile::{Connect, DEFAULT_PROFILE, DEFAULT_URL};

/// Commands that talk to a service through its public API.
#[derive(Debug, Subcommand)]
pub(crate) enum ClientCommand {
    /// Keep the address of a service and a key; the key is read from standard input.
    Login(LoginArgs),
    /// Forget what `login` has kept.
    Logout(LogoutArgs),
    /// Send documents and print what was found in them.
    Extract(ExtractArgs),
    /// Send every file of a folder as one batch.
    Batch(BatchArgs),
    /// List, create, change and test the endpoints that receive webhooks.
    #[command(subcommand)]
    Endpoints(EndpointsCommand),
    /// List, show, retry and follow deliveries.
    #[command(subcommand)]
    Deliveries(DeliveriesCommand),
    /// Receive webhooks here and send them on to a local receiver, as long as this runs.
    Listen(ListenArgs),
    /// After an outage, send again what ended without success.
    Recover(RecoverArgs),
    /// Send a made-up event, marked as a test.
    Trigger(TriggerArgs),
    /// Show what the account has used this month.
    Usage(OnApi),
    /// Check the signature of a webhook, and tell what is wrong with it.
    Verify(VerifyArgs),
}

/// A command on a service.
#[derive(Debug, Args)]
pub(crate) struct OnApi {
    /// Print JSON.
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) connect: Connect,
}

#[derive(Debug, Args)]
pub(crate) struct LoginArgs {
    /// Address of the service.
    #[arg(long, env = "PARSEFLOW_URL", default_value = DEFAULT_URL)]
    pub(super) url: String,
    /// The name to keep it under.
    #[arg(long, env = "PARSEFLOW_PROFILE", default_value = DEFAULT_PROFILE)]
    pub(super) profile: String,
}

#[derive(Debug, Args)]
pub(crate) struct LogoutArgs {
    /// The name it was kept under.
    #[arg(long, env = "PARSEFLOW_PROFILE", default_value = DEFAULT_PROFILE)]
    pub(super) profile: String,
}

#[derive(Debug, Args)]
pub(crate) struct ExtractArgs {
    /// The documents.
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// auto, or the type if it is known: invoice, receipt, contract, …
    #[arg(long = "type", default_value = "auto", value_name = "TYPE")]
    pub(super) document_type: String,
    /// Language of the documents, ISO 639-1 [default: detected]
    #[arg(long, value_name = "CODE")]
    pub(super) language: Option<String>,
    #[command(flatten)]
    pub(super) on: OnApi,
}

#[derive(Debug, Args)]
pub(crate) struct BatchArgs {
    /// The folder; files in folders of it and hidden files are left out.
    #[arg(value_name = "FOLDER")]
    pub(super) folder: PathBuf,
    /// Fire only the event of the whole batch.
    #[arg(long)]
    pub(super) no_document_events: bool,
    /// Return as soon as the batch is accepted.
    #[arg(long)]
    pub(super) no_wait: bool,
    #[command(flatten)]
    pub(super) on: OnApi,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EndpointsCommand {
    /// List the account's endpoints.
    List(OnApi),
    /// Register an endpoint; its secret is shown once.
    Create(CreateEndpointArgs),
    /// Show one endpoint.
    Show(EndpointArgs),
    /// Change an endpoint; what is not named stays as it is.
    Update(UpdateEndpointArgs),
    /// Delete an endpoint.
    Delete(EndpointArgs),
    /// Send a test event to an endpoint.
    Test(EndpointArgs),
    /// Let an endpoint's deliveries wait.
    Pause(EndpointArgs),
    /// Send what has waited, and go on.
    Resume(EndpointArgs),
    /// Make a new secret, shown once; both sign until it is activated or the overlap ends.
    RotateSecret(RotateSecretArgs),
    /// End the overlap of a rotation: only the new secret signs.
    ActivateSecret(EndpointArgs),
}

#[derive(Debug, Args)]
pub(crate) struct RotateSecretArgs {
    /// wh_…
    #[arg(value_name = "ENDPOINT")]
    pub(super) id: String,
    /// Hours in which both secrets sign, 0 to 168.
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(0..=168))]
    pub(super) overlap_hours: u32,
    #[command(flatten)]
    pub(super) on: OnApi,
}

#[derive(Debug, Args)]
pub(crate) struct EndpointArgs {
    /// wh_…
    #[arg(value_name = "ENDPOINT")]
    pub(super) id: String,
    #[command(flatten)]
    pub(super) on: OnApi,
}

#[derive(Debug, Args)]
pub(crate) struct CreateEndpointArgs {
    /// Where to send.
    #[arg(value_name = "ENDPOINT-URL")]
    pub(super) endpoint_url: String,
    /// An event type or a pattern such as extraction.*; repeatable.
    #[arg(long, required = true, value_name = "EVENT")]
    pub(super) event: Vec<String>,
    /// A note for people.
    #[arg(long, value_name = "TEXT")]
    pub(super) description: Option<String>,
    #[command(flatten)]
    pub(super) on: OnApi,
}

#[derive(Debug, Args)]
pub(crate) struct UpdateEndpointArgs {
    /// wh_…
    #[arg(value_name = "ENDPOINT")]
    pub(super) id: String,
    /// Where to send from now on.
    #[arg(long, value_name = "URL")]
    pub(super) endpoint_url: Option<String>,
    /// The new subscription; repeatable.
    #[arg(long, value_name = "EVENT")]
    pub(super) event: Vec<String>,
    /// A note for people.
    #[arg(long, value_name = "TEXT")]
    pub(super) description: Option<String>,
    /// Enable it and reset its health.
    #[arg(long, conflicts_with = "disable")]
    pub(super) enable: bool,
    /// Disable it.
    #[arg(long)]
    pub(super) disable: bool,
    #[command(flatten)]
    pub(super) on: OnApi,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DeliveriesCommand {
    /// List an endpoint's deliveries, newest first.
    List(ListDeliveriesArgs),
    /// Show one delivery with its attempts.
    Show(DeliveryArgs),
    /// Send a delivery again, now.
    Retry(DeliveryArgs),
    /// Follow an endpoint's deliveries until interrupted.
    Tail(TailArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ListDeliveriesArgs {
    /// wh_…
    #[arg(long, value_name = "ENDPOINT")]
    pub(super) endpoint: String,
    /// How many, 1 to 100.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u8).range(1..=100))]
    pub(super) limit: u8,
    #[command(flatten)]
    pub(super) on: OnApi,
}

#[derive(Debug, Args)]
pub(crate) struct DeliveryArgs {
    /// dlv_…
    #[arg(value_name = "DELIVERY")]
    pub(super) id: String,
    /// wh_…
    #[arg(long, value_name = "ENDPOINT")]
    pub(super) endpoint: String,
    #[command(flatten)]
    pub(super) on: OnApi,
}

#[derive(Debug, Args)]
pub(crate) struct TailArgs {
    /// wh_…
    #[arg(long, value_name = "ENDPOINT")]
    pub(super) endpoint: String,
    /// Print what is there and end.
    #[arg(long)]
    pub(super) once: bool,
    #[command(flatten)]
    pub(super) on: OnApi,
}

#[derive(Debug, Args)]
pub(crate) struct ListenArgs {
    /// The local receiver, such as http://localhost:3000/webhooks/parseflow.
    #[arg(long, value_name = "URL")]
    pub(super) forward_to: String,
    /// An event type or a pattern such as extraction.*; repeatable [default: all]
    #[arg(long, value_name = "EVENT")]
    pub(super) event: Vec<String>,
    #[command(flatten)]
    pub(super) on: OnApi,
}

#[derive(Debug, Args)]
pub(crate) struct RecoverArgs {
    /// Events from then on: 30m, 2h or 3d before now, or 2026-04-14T10:00:00Z.
    #[arg(long, value_name = "TIME")]
    pub(super) since: String,
    /// Events before then [default: now]
    #[arg(long, value_name = "TIME")]
    pub(super) until: Option<String>,
    /// Only for this endpoint [default: all of the account]
    #[arg(long, value_name = "ENDPOINT")]
    pub(super) endpoint: Option<String>,
    /// exhausted, cancelled or skipped; repeatable [default: all three]
    #[arg(long, value_name = "STATUS")]
    pub(super) status: Vec<String>,
    /// An event type; repeatable [default: all]
    #[arg(long, value_name = "EVENT")]
    pub(super) event_type: Vec<String>,
    /// Only count them.
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Return as soon as the recovery is accepted.
    #[arg(long)]
    pub(super) no_wait: bool,
    #[command(flatten)]
    pub(super) on: OnApi,
}

#[derive(Debug, Args)]
pub(crate) struct TriggerArgs {
    /// The event type, such as extraction.completed.
    pub(super) event: String,
    /// Only to this endpoint, whatever it subscribes to.
    #[arg(long, value_name = "ENDPOINT")]
    pub(super) endpoint: Option<String>,
    #[command(flatten)]
    pub(super) on: OnApi,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("signed").required(true).multiple(true))]
pub(crate) struct VerifyArgs {
    /// The endpoint's secret.
    #[arg(long, env = "PARSEFLOW_WEBHOOK_SECRET", value_name = "SECRET", hide_env_values = true)]
    pub(super) secret: String,
    /// Value of X-ParseFlow-Signature.
    #[arg(long, value_name = "HEX", group = "signed")]
    pub(super) signature: Option<String>,
    /// Value of webhook-signature.
    #[arg(long, value_name = "V1", group = "signed", requires_all = ["webhook_id", "webhook_timestamp"])]
    pub(super) webhook_signature: Option<String>,
    /// Value of webhook-id.
    #[arg(long, value_name = "ID")]
    pub(super) webhook_id: Option<String>,
    /// Value of webhook-timestamp.
    #[arg(long, value_name = "SECONDS")]
    pub(super) webhook_timestamp: Option<String>,
    /// File with the body exactly as received; - for standard input.
    #[arg(long, default_value = "-", value_name = "FILE")]
    pub(super) body: PathBuf,
    /// Print JSON.
    #[arg(long)]
    pub(super) json: bool,
}
