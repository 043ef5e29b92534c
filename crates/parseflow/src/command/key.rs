//! `parseflow key`.

use parseflow_model::{ApiKey, KeyMode, Scope, WallClock};
use parseflow_store::PageRequest;
use serde_json::{Value, json};

use super::account::fresh_key;
use super::{CommandError, existing_store, find_account, on_one_thread};
use crate::cli::{KeyCommand, NewKeyArgs, Printed, RevokeArgs, ShowArgs};
use crate::clock::{SystemClock, SystemDice};
use crate::screen::Screen;

/// Active keys of one account.
const KEYS_MAX: usize = 20;

pub(crate) fn run(command: KeyCommand, screen: Screen) -> Result<(), CommandError> {
    on_one_thread(async {
        match command {
            KeyCommand::Create(args) => create(args, screen).await,
            KeyCommand::List(args) => list(args, screen).await,
            KeyCommand::Revoke(args) => revoke(args, screen).await,
        }
    })
}

async fn create(args: Printed<NewKeyArgs>, screen: Screen) -> Result<(), CommandError> {
    let Printed { json, args } = args;
    let store = existing_store(&args.settings).await?;
    let account = find_account(&*store, &args.whose).await?;
    let mode = if args.test { KeyMode::Test } else { KeyMode::Live };
    let scopes = args.scope.into_iter().collect();
    let now = SystemClock.now();
    let fresh = fresh_key(account.id, args.name, mode, scopes, now, &SystemDice::new());
    let id = fresh.key.id.clone();
    if !store.create_key(fresh.key, KEYS_MAX).await? {
        return Err(CommandError::TooManyKeys { max: KEYS_MAX });
    }
    if json {
        screen.line(super::json(&json!({"keyId": id.as_str(), "apiKey": fresh.text})));
    } else {
        screen.line(format!("id   {id}"));
        screen.line(format!("key  {}", fresh.text));
        screen.line("Keep the key: it is shown only now.");
    }
    Ok(())
}

async fn list(args: Printed<ShowArgs>, screen: Screen) -> Result<(), CommandError> {
    let store = existing_store(&args.args.settings).await?;
    let account = find_account(&*store, &args.args.whose).await?;
    let page = PageRequest { limit: 100, cursor: None };
    let keys = store.keys(&account.id, &page).await?.rows;
    if args.json {
        let keys: Vec<Value> = keys.iter().map(key_json).collect();
        screen.line(super::json(&json!({"keys": keys})));
        return Ok(());
    }
    for key in keys {
        let scopes = match scope_names(&key).join(",") {
            none if none.is_empty() => "-".to_owned(),
            scopes => scopes,
        };
        let line = format!("{}  {}  {}  {scopes}", key.id, masked(&key), key.created_at);
        screen.line(format!("{line}  {}", key.name));
    }
    Ok(())
}

fn masked(key: &ApiKey) -> String {
    let prefix = match key.mode {
        KeyMode::Live => "dm_live_",
        KeyMode::Test => "dm_test_",
    };
    format!("{prefix}…{}", key.hint)
}

fn scope_names(key: &ApiKey) -> Vec<&'static str> {
    key.scopes.iter().map(|scope: &Scope| scope.as_str()).collect()
}

fn key_json(key: &ApiKey) -> Value {
    json!({
        "keyId": key.id.as_str(),
        "name": key.name,
        "key": masked(key),
        "scopes": scope_names(key),
        "createdAt": key.created_at.to_string(),
    })
}

async fn revoke(args: Printed<RevokeArgs>, screen: Screen) -> Result<(), CommandError> {
    let Printed { json, args } = args;
    let store = existing_store(&args.settings).await?;
    let account = find_account(&*store, &args.whose).await?;
    if !store.revoke_key(&account.id, &args.key, SystemClock.now()).await? {
        return Err(CommandError::NoKey(args.key.to_string()));
    }
    if json {
        screen.line(super::json(&json!({"keyId": args.key.as_str(), "revoked": true})));
    } else {
        screen.line(format!("revoked {}", args.key));
    }
    Ok(())
}
