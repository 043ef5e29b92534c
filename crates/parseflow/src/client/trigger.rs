//! `parseflow trigger`.

use parseflow_model::EventType;
use parseflow_webhooks::subscription;
use serde_json::{Value, json};

use super::api::encoded;
use super::args::TriggerArgs;
use super::{Api, ClientError, endpoints};
use crate::screen::Screen;

/// Sends a made-up event, marked as a test, to one endpoint or to every active one that subscribes.
pub(super) async fn run(args: &TriggerArgs, screen: Screen) -> Result<(), ClientError> {
    let event: EventType = args.event.parse().map_err(|_| ClientError::Argument {
        what: "the event",
        text: args.event.clone(),
        expected: "one of the six event types",
    })?;
    let api = args.on.connect.api()?;
    let targets = match &args.endpoint {
        Some(id) => vec![id.clone()],
        None => subscribers(&api, event).await?,
    };
    for id in targets {
        let path = format!("{}/{}/test", endpoints::ROUTE, encoded(&id));
        let sent = api.post(&path, &json!({"event": args.event})).await?;
        if args.on.json {
            screen.line(sent.to_string());
        } else {
            let delivery = sent["id"].as_str().unwrap_or_default();
            screen.line(format!("{} --> {id}  delivery {delivery}", args.event));
        }
    }
    Ok(())
}

async fn subscribers(api: &Api, event: EventType) -> Result<Vec<String>, ClientError> {
    let subscribes = |endpoint: &Value| {
        let events: Vec<String> = endpoint["events"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.as_str().map(ToOwned::to_owned))
            .collect();
        endpoint["isActive"] == true
            && subscription::parse(&events).is_ok_and(|wanted| wanted.mask & event.bit() != 0)
    };
    let all = endpoints::all(api).await?;
    let ids: Vec<String> = all
        .iter()
        .filter(|endpoint| subscribes(endpoint))
        .filter_map(|endpoint| endpoint["id"].as_str().map(ToOwned::to_owned))
        .collect();
    if ids.is_empty() {
        Err(ClientError::NobodyListens(event.as_str().to_owned()))
    } else {
        Ok(ids)
    }
}
