//! `parseflow usage`.

use super::ClientError;
use super::args::OnApi;
use super::table::cell;
use crate::screen::Screen;

/// What the account has used this month.
pub(super) async fn run(args: &OnApi, screen: Screen) -> Result<(), ClientError> {
    let usage = args.connect.api()?.get("/api/v1/usage").await?;
    if args.json {
        screen.line(usage.to_string());
        return Ok(());
    }
    for (label, name) in [
        ("plan", "plan"),
        ("period", "period"),
        ("used", "used"),
        ("quota", "quota"),
        ("remaining", "remaining"),
        ("percent", "percentUsed"),
    ] {
        screen.line(format!("{label:<10} {}", cell(&usage[name])));
    }
    Ok(())
}
