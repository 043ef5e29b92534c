//! `parseflow endpoints`.

use serde_json::{Map, Value, json};

use super::api::encoded;
use super::args::{EndpointArgs, EndpointsCommand, UpdateEndpointArgs};
use super::table::{cell, print};
use super::{Api, ClientError};
use crate::screen::Screen;

/// Where endpoints live; the public path calls them webhooks.
pub(super) const ROUTE: &str = "/api/webhooks/notifications";

pub(super) async fn run(command: EndpointsCommand, screen: Screen) -> Result<(), ClientError> {
    let (json, answer) = match command {
        EndpointsCommand::List(on) => return list(&on.connect.api()?, on.json, screen).await,
        EndpointsCommand::Create(args) => {
            let mut body = json!({"url": args.endpoint_url, "events": args.event});
            if let Some(description) = args.description {
                body["description"] = Value::from(description);
            }
            (args.on.json, args.on.connect.api()?.post(ROUTE, &body).await?)
        }
        EndpointsCommand::Update(args) => {
            let api = args.on.connect.api()?;
            (args.on.json, api.patch(&path_of(&args.id), &change(&args)).await?)
        }
        EndpointsCommand::RotateSecret(args) => {
            let path = format!("{}/rotate-secret", path_of(&args.id));
            let body = json!({"overlapSeconds": args.overlap_hours * 3_600});
            (args.on.json, args.on.connect.api()?.post(&path, &body).await?)
        }
        EndpointsCommand::Show(args) => {
            (args.on.json, args.on.connect.api()?.get(&path_of(&args.id)).await?)
        }
        EndpointsCommand::Delete(args) => {
            (args.on.json, args.on.connect.api()?.delete(&path_of(&args.id)).await?)
        }
        EndpointsCommand::Test(args) => posted(&args, "test").await?,
        EndpointsCommand::ActivateSecret(args) => posted(&args, "rotate-secret/activate").await?,
        EndpointsCommand::Pause(args) => paused(&args, true).await?,
        EndpointsCommand::Resume(args) => paused(&args, false).await?,
    };
    if json {
        screen.line(answer.to_string());
    } else {
        members(&answer, screen);
    }
    Ok(())
}

/// Posts to an operation of the endpoint that needs no input.
async fn posted(args: &EndpointArgs, operation: &str) -> Result<(bool, Value), ClientError> {
    let path = format!("{}/{operation}", path_of(&args.id));
    Ok((args.on.json, args.on.connect.api()?.post(&path, &json!({})).await?))
}

async fn paused(args: &EndpointArgs, paused: bool) -> Result<(bool, Value), ClientError> {
    let api = args.on.connect.api()?;
    Ok((args.on.json, api.patch(&path_of(&args.id), &json!({"paused": paused})).await?))
}

fn path_of(id: &str) -> String {
    format!("{ROUTE}/{}", encoded(id))
}

fn change(args: &UpdateEndpointArgs) -> Value {
    let mut body = Map::new();
    if let Some(url) = &args.endpoint_url {
        body.insert("url".into(), Value::from(url.as_str()));
    }
    if !args.event.is_empty() {
        body.insert("events".into(), Value::from(args.event.clone()));
    }
    if let Some(description) = &args.description {
        body.insert("description".into(), Value::from(description.as_str()));
    }
    if args.enable || args.disable {
        body.insert("isActive".into(), Value::from(args.enable));
    }
    Value::Object(body)
}

/// Every endpoint of the account.
pub(super) async fn all(api: &Api) -> Result<Vec<Value>, ClientError> {
    let mut answer = api.get(&format!("{ROUTE}?limit=100")).await?;
    match answer["webhooks"].take() {
        Value::Array(endpoints) => Ok(endpoints),
        _ => Ok(Vec::new()),
    }
}

async fn list(api: &Api, json: bool, screen: Screen) -> Result<(), ClientError> {
    let endpoints = all(api).await?;
    if json {
        screen.line(Value::from(endpoints).to_string());
        return Ok(());
    }
    let rows: Vec<Vec<String>> = endpoints
        .iter()
        .map(|one| ["id", "status", "events", "url"].map(|name| cell(&one[name])).to_vec())
        .collect();
    print(screen, &["ID", "STATUS", "EVENTS", "URL"], &rows);
    Ok(())
}

/// One object, a line for each member.
pub(super) fn members(value: &Value, screen: Screen) {
    let Value::Object(members) = value else { return };
    let width = members.keys().map(String::len).max().unwrap_or_default();
    for (name, value) in members {
        screen.line(format!("{name:<width$}  {}", cell(value)));
    }
}
