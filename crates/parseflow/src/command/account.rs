//! `parseflow account`.

use std::collections::BTreeSet;

use parseflow_accounts::api_key;
use parseflow_model::{
    Account, AccountId, ApiKey, Dice, KeyId, KeyMode, Limit, Plan, Scope, Timestamp, WallClock,
};
use parseflow_store::{AccountStore, NewAccount, PlanChange};
use serde_json::{Value, json};

use super::{CommandError, existing_store, find_account, on_one_thread, open_store};
use crate::cli::{AccountCommand, LimitChange, NewAccountArgs, Printed, SetPlanArgs, ShowArgs};
use crate::clock::{SystemClock, SystemDice};
use crate::screen::Screen;
use crate::settings::Settings;

pub(crate) fn run(command: AccountCommand, screen: Screen) -> Result<(), CommandError> {
    on_one_thread(async {
        match command {
            AccountCommand::Create(args) => create(args, screen).await,
            AccountCommand::SetPlan(args) => set_plan(args, screen).await,
            AccountCommand::Show(args) => show(args, screen).await,
        }
    })
}

/// A key to store, and the key itself, which is shown once.
pub(super) struct FreshKey {
    pub(super) key: ApiKey,
    pub(super) text: String,
}

pub(super) fn fresh_key(
    account: AccountId,
    name: String,
    mode: KeyMode,
    scopes: BTreeSet<Scope>,
    now: Timestamp,
    dice: &dyn Dice,
) -> FreshKey {
    let text = api_key::generate(dice, mode);
    let key = ApiKey {
        id: KeyId::random(dice),
        account,
        name,
        hash: api_key::hash(&text),
        hint: api_key::hint(&text),
        mode,
        scopes,
        created_at: now,
        revoked_at: None,
    };
    FreshKey { key, text }
}

/// An account to be created.
pub(crate) struct Wanted {
    pub(crate) email: String,
    pub(crate) plan: Plan,
    pub(crate) quota: Option<Limit>,
    pub(crate) requests_per_minute: Option<Limit>,
    pub(crate) name: Option<String>,
    pub(crate) scopes: BTreeSet<Scope>,
}

/// An account that was created, with its first key.
pub(crate) struct Created {
    pub(crate) account: AccountId,
    pub(crate) key: KeyId,
    pub(crate) api_key: String,
}

/// Creates an account with its first key.
pub(crate) async fn create_account(
    store: &(impl AccountStore + ?Sized),
    wanted: Wanted,
    dice: &dyn Dice,
) -> Result<Created, CommandError> {
    let email = checked_email(&wanted.email)?;
    let now = SystemClock.now();
    let account = Account {
        id: AccountId::random(dice),
        email: email.clone(),
        name: wanted.name,
        plan: wanted.plan,
        documents_per_month: wanted.quota,
        requests_per_minute: wanted.requests_per_minute,
        created_at: now,
    };
    let fresh =
        fresh_key(account.id.clone(), "first".to_owned(), KeyMode::Live, wanted.scopes, now, dice);
    let created =
        Created { account: account.id.clone(), key: fresh.key.id.clone(), api_key: fresh.text };
    if store.create_account(NewAccount { account, key: fresh.key }).await? {
        Ok(created)
    } else {
        Err(CommandError::EmailTaken(email))
    }
}

async fn create(args: Printed<NewAccountArgs>, screen: Screen) -> Result<(), CommandError> {
    let Printed { json, args } = args;
    let store = open_store(&args.settings).await?;
    let wanted = Wanted {
        email: args.email,
        plan: args.plan,
        quota: args.quota,
        requests_per_minute: args.requests_per_minute,
        name: args.name,
        scopes: args.scope.into_iter().collect(),
    };
    let created = create_account(&*store, wanted, &SystemDice::new()).await?;
    if json {
        screen.line(super::json(&json!({
            "accountId": created.account.as_str(),
            "apiKey": created.api_key,
            "keyId": created.key.as_str(),
        })));
    } else {
        screen.line(format!("account  {}", created.account));
        screen.line(format!("key      {}", created.api_key));
        screen.line("Keep the key: it is shown only now.");
    }
    Ok(())
}

async fn set_plan(args: Printed<SetPlanArgs>, screen: Screen) -> Result<(), CommandError> {
    let Printed { json, args } = args;
    let store = existing_store(&args.settings).await?;
    let account = find_account(&*store, &args.whose).await?;
    let change = PlanChange {
        plan: args.plan,
        documents_per_month: changed(args.quota, account.documents_per_month),
        requests_per_minute: changed(args.requests_per_minute, account.requests_per_minute),
    };
    let account = store.set_plan(&account.id, change, SystemClock.now()).await?;
    let account = account.ok_or_else(|| CommandError::NoAccount("any more".to_owned()))?;
    print_account(&*store, &account, &args.settings, json, screen).await
}

fn changed(change: Option<LimitChange>, before: Option<Limit>) -> Option<Limit> {
    match change {
        None => before,
        Some(LimitChange::ToPlan) => None,
        Some(LimitChange::To(limit)) => Some(limit),
    }
}

async fn show(args: Printed<ShowArgs>, screen: Screen) -> Result<(), CommandError> {
    let store = existing_store(&args.args.settings).await?;
    let account = find_account(&*store, &args.args.whose).await?;
    print_account(&*store, &account, &args.args.settings, args.json, screen).await
}

async fn print_account(
    store: &dyn AccountStore,
    account: &Account,
    settings: &crate::cli::OnStore,
    as_json: bool,
    screen: Screen,
) -> Result<(), CommandError> {
    let limits = Settings::resolve(settings)?.plan_table().limits_of(account);
    let usage = store.usage(&account.id, SystemClock.now().month()).await?;
    if as_json {
        screen.line(super::json(&json!({
            "accountId": account.id.as_str(),
            "email": account.email,
            "name": account.name,
            "plan": account.plan.as_str(),
            "documentsPerMonth": limit_json(limits.documents_per_month),
            "requestsPerMinute": limit_json(limits.requests_per_minute),
            "fileBytesMax": limits.file_bytes_max,
            "period": usage.period.to_string(),
            "used": usage.used,
            "createdAt": account.created_at.to_string(),
        })));
        return Ok(());
    }
    let rows = [
        ("account", account.id.to_string()),
        ("e-mail", account.email.clone()),
        ("name", account.name.clone().unwrap_or_else(|| "-".to_owned())),
        ("plan", account.plan.to_string()),
        (
            "documents",
            format!("{} of {} in {}", usage.used, limits.documents_per_month, usage.period),
        ),
        ("requests", format!("{} per minute and key", limits.requests_per_minute)),
        ("largest file", format!("{} bytes", limits.file_bytes_max)),
        ("created", account.created_at.to_string()),
    ];
    rows.iter().for_each(|(name, value)| screen.line(format!("{name:<13} {value}")));
    Ok(())
}

fn limit_json(limit: Limit) -> Value {
    limit.count().map_or_else(|| json!("unlimited"), |count| json!(count))
}

fn checked_email(text: &str) -> Result<String, CommandError> {
    let email = text.trim().to_lowercase();
    let shaped = email.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains('@')
    });
    let clean = !email.chars().any(|c| c.is_whitespace() || c.is_control());
    if shaped && clean && email.len() <= 254 {
        Ok(email)
    } else {
        Err(CommandError::Email(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_address_has_one_at_and_no_blanks() {
        assert_eq!(checked_email(" Owner@Example.com ").unwrap(), "owner@example.com");
        for wrong in ["", "owner", "@example.com", "owner@", "a@b@c", "a b@c"] {
            assert!(checked_email(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_limit_stays_changes_or_goes_back_to_the_plan() {
        let before = Some(Limit::AtMost(5));
        assert_eq!(changed(None, before), before);
        assert_eq!(changed(Some(LimitChange::ToPlan), before), None);
        let unlimited = Some(Limit::Unlimited);
        assert_eq!(changed("unlimited".parse().ok(), before), unlimited);
    }
}
