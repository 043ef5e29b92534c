//! `parseflow verify`: is this webhook genuine, and if not, what went wrong?

use std::io::Read;

use parseflow_model::WallClock;
use parseflow_webhooks::diagnosis::{
    StandardHeaders, StandardVerdict, Verdict, examine, examine_standard,
};
use serde_json::{Value, json};

use super::ClientError;
use super::args::VerifyArgs;
use super::extract::content;
use crate::clock::SystemClock;
use crate::screen::Screen;

/// What was found about one signature.
struct Finding {
    header: &'static str,
    genuine: bool,
    why: String,
}

pub(super) fn run(args: &VerifyArgs, screen: Screen) -> Result<(), ClientError> {
    let body = match args.body.to_str() {
        Some("-") => {
            let mut body = Vec::new();
            std::io::stdin().lock().read_to_end(&mut body).map_err(ClientError::Stdin)?;
            body
        }
        _ => content(&args.body)?,
    };
    let findings = findings(args, &body)?;
    let genuine = findings.iter().all(|finding| finding.genuine);
    if args.json {
        let checks: Vec<Value> = findings
            .iter()
            .map(|one| json!({"header": one.header, "genuine": one.genuine, "detail": one.why}))
            .collect();
        screen.line(json!({"genuine": genuine, "checks": checks}).to_string());
    } else {
        for finding in &findings {
            let verdict = if finding.genuine { screen.green("ok") } else { screen.red("no") };
            screen.line(format!("{verdict}  {}: {}", finding.header, finding.why));
        }
    }
    if genuine { Ok(()) } else { Err(ClientError::NotGenuine) }
}

fn findings(args: &VerifyArgs, body: &[u8]) -> Result<Vec<Finding>, ClientError> {
    let mut findings = Vec::new();
    if let Some(signature) = &args.signature {
        let (genuine, why) = match examine(&args.secret, body, signature) {
            Verdict::Genuine => (true, "the signature is right".to_owned()),
            Verdict::Explained(mistake) => (false, mistake.to_string()),
            Verdict::Unexplained => (
                false,
                "no known mistake explains it: the secret belongs to another endpoint, was \
                 rotated, or the body was changed"
                    .to_owned(),
            ),
        };
        findings.push(Finding { header: "X-ParseFlow-Signature", genuine, why });
    }
    if let Some(signature) = &args.webhook_signature {
        let timestamp = args.webhook_timestamp.as_deref().unwrap_or_default();
        let timestamp_secs = timestamp.parse().map_err(|_| ClientError::Argument {
            what: "webhook-timestamp",
            text: timestamp.to_owned(),
            expected: "a number of seconds",
        })?;
        let id = args.webhook_id.as_deref().unwrap_or_default();
        let headers = StandardHeaders { id, timestamp_secs, signature };
        let verdict = examine_standard(&args.secret, body, &headers, SystemClock.now());
        findings.push(standard(&verdict));
    }
    Ok(findings)
}

fn standard(verdict: &StandardVerdict) -> Finding {
    let why = match verdict {
        StandardVerdict::Genuine => "the signature is right and fresh".to_owned(),
        StandardVerdict::Skewed(age) if *age > 0 => format!(
            "the signature is right, but made {age} s ago: libraries refuse more than 300 s; is \
             this an old request, or is a clock wrong?"
        ),
        StandardVerdict::Skewed(age) => format!(
            "the signature is right, but made {} s in the future: a clock is wrong",
            age.unsigned_abs()
        ),
        StandardVerdict::Reserialised => {
            "the body was parsed and written again: verify the raw bytes".to_owned()
        }
        StandardVerdict::Wrong => "the signature is not right for this body, id, timestamp and \
                                   secret"
            .to_owned(),
    };
    Finding { header: "webhook-signature", genuine: *verdict == StandardVerdict::Genuine, why }
}
