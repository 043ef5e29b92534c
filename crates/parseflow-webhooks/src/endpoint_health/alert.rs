//! What the owner of an endpoint is told by e-mail, and when.
//!
//! An alert is a [`Warning`] that means: act, or deliveries stop. The first mark (*failing*) is none,
//! because it clears by itself more often than not. Each is told once for a run of failures, and only
//! a graver one follows it.

use parseflow_model::{Health, Timestamp, WebhookId};
use url::Url;

use super::{HealthRules, Warning, warnings};

/// A warning to be told by e-mail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Alert {
    /// What to tell.
    pub warning: Warning,
    /// When the run of failures began that it is about: another run is another alert.
    pub run_started_at: Timestamp,
}

/// The text of an e-mail, without its addresses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AlertText {
    /// One line.
    pub subject: String,
    /// Plain text, lines under 80 characters but for addresses.
    pub body: String,
}

/// What the owner should be told at `now`, if anything.
///
/// Source: [`warnings`]; one that its owner has disabled is no news.
pub fn alert(health: &Health, now: Timestamp, rules: &HealthRules) -> Option<Alert> {
    let run_started_at = health.run_started_at?;
    let warning = warnings(health, now, rules)?;
    (gravity(warning.name()) > 0).then_some(Alert { warning, run_started_at })
}

/// The graver, the higher; 0 for what is not told by e-mail.
fn gravity(warning: &str) -> u8 {
    match warning {
        "disables_soon" => 1,
        "disables_next" => 2,
        "disabled" => 3,
        _ => 0,
    }
}

impl Alert {
    /// Whether it is news to somebody who was told of the warning `name` for the run of failures that
    /// began at `run_started_at`.
    pub fn is_news_after(&self, name: &str, run_started_at: Timestamp) -> bool {
        run_started_at != self.run_started_at || gravity(self.warning.name()) > gravity(name)
    }

    /// The e-mail about the endpoint `id` with this URL; `public_url` is the base of its links.
    pub fn text(&self, id: &WebhookId, url: &str, public_url: &str) -> AlertText {
        let (host, place) = shown(url);
        let (subject, next) = match self.warning {
            Warning::Disabled { at } => (
                format!("Webhook endpoint {host} was disabled"),
                format!(
                    "It was disabled at {at}. Nothing is sent to it any more; events are\n\
                     recorded and can be sent again. Mend the receiver, enable the endpoint,\n\
                     then recover what it has missed."
                ),
            ),
            Warning::DisablesSoon { disables_at, .. }
            | Warning::DisablesNext { disables_at, .. } => (
                format!("Webhook endpoint {host} is failing"),
                format!(
                    "Deliveries are retried, and nothing is lost so far. If none succeeds before\n\
                     {disables_at}, the endpoint will be disabled."
                ),
            ),
            Warning::Failing { .. } => {
                (format!("Webhook endpoint {host} is failing"), String::new())
            }
        };
        let since = match self.warning {
            Warning::Failing { since }
            | Warning::DisablesSoon { since, .. }
            | Warning::DisablesNext { since, .. } => since,
            Warning::Disabled { .. } => self.run_started_at,
        };
        let body = format!(
            "Events cannot be delivered to this endpoint of your account:\n\n    {place}\n    {id}\n\n\
             No delivery has succeeded since {since}.\n{next}\n\n\
             What the receiver answered: {public_url}/endpoints/{id}\n"
        );
        AlertText { subject, body }
    }
}

/// The host, and the URL without what may be secret in it.
fn shown(url: &str) -> (String, String) {
    let Ok(mut url) = Url::parse(url) else { return ("unknown".to_owned(), String::new()) };
    url.set_query(None);
    url.set_fragment(None);
    // Only a URL that cannot have a user refuses, and one of those has no host either.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    (url.host_str().unwrap_or("unknown").to_owned(), url.to_string())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use parseflow_model::DisabledReason;

    use super::super::{AttemptFacts, after_attempt};
    use super::*;

    const START: Timestamp = Timestamp::from_secs(1_776_160_800);

    fn hour(hours: u64) -> Timestamp {
        START + Duration::from_secs(hours * 3_600)
    }

    /// The health after one failure at each of these hours.
    fn failures(hours: &[u64]) -> Health {
        hours.iter().fold(Health::fresh(), |health, at| {
            let facts = AttemptFacts {
                ended_at: hour(*at),
                success: false,
                failed_attempts: 6,
                gone: false,
            };
            after_attempt(&health, &facts, &HealthRules::default())
        })
    }

    fn told(health: &Health, now: Timestamp) -> Option<&'static str> {
        alert(health, now, &HealthRules::default()).map(|alert| alert.warning.name())
    }

    #[test]
    fn the_owner_is_told_after_a_day_after_two_and_of_the_end() {
        assert_eq!(told(&Health::fresh(), hour(0)), None);
        assert_eq!(told(&failures(&[0, 23]), hour(23)), None, "failing is no alert");
        assert_eq!(told(&failures(&[0, 25]), hour(25)), Some("disables_soon"));
        assert_eq!(told(&failures(&[0, 25, 49]), hour(49)), Some("disables_next"));
        assert_eq!(told(&failures(&[0, 25, 49, 73]), hour(73)), Some("disabled"));
    }

    #[test]
    fn who_has_disabled_it_is_not_told_of_it() {
        let mut health = failures(&[0, 25, 49, 73]);
        health.disabled_reason = Some(DisabledReason::ByOwner);
        assert_eq!(told(&health, hour(73)), None);
    }

    #[test]
    fn only_a_graver_alert_or_another_run_is_news() {
        let rules = HealthRules::default();
        let next = alert(&failures(&[0, 25, 49]), hour(49), &rules).unwrap();
        assert!(next.is_news_after("disables_soon", START));
        assert!(!next.is_news_after("disables_next", START));
        assert!(!next.is_news_after("disabled", START));
        assert!(next.is_news_after("disabled", hour(1)), "another run");
    }

    #[test]
    fn the_text_names_the_endpoint_without_its_secrets() {
        let rules = HealthRules::default();
        let id: WebhookId = "wh_a1b2c3d4e5f6g7h8".parse().unwrap();
        let url = "https://user:pw@hooks.example.com/in?token=s3cret#x";
        let soon = alert(&failures(&[0, 25]), hour(25), &rules).unwrap();
        let text = soon.text(&id, url, "https://parseflow.example");
        assert_eq!(text.subject, "Webhook endpoint hooks.example.com is failing");
        for part in [
            "https://hooks.example.com/in\n",
            "wh_a1b2c3d4e5f6g7h8",
            "since 2026-04-14T10:00:00Z",
            "before\n2026-04-17T10:00:00Z, the endpoint will be disabled",
            "https://parseflow.example/endpoints/wh_a1b2c3d4e5f6g7h8",
        ] {
            assert!(text.body.contains(part), "{part}: {}", text.body);
        }
        for secret in ["user", "pw", "s3cret"] {
            assert!(!text.body.contains(secret), "{}", text.body);
        }
        let end = alert(&failures(&[0, 25, 49, 73]), hour(73), &rules).unwrap();
        let text = end.text(&id, url, "https://parseflow.example");
        assert_eq!(text.subject, "Webhook endpoint hooks.example.com was disabled");
        assert!(text.body.contains("disabled at 2026-04-17T11:00:00Z"), "{}", text.body);
    }
}
