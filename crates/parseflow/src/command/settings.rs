//! `parseflow settings`.

use serde_json::{Map, json};

use super::CommandError;
use crate::cli::Printed;
use crate::screen::Screen;
use crate::settings::table::setting;
use crate::settings::{SettingArgs, Settings, Source};

pub(crate) fn run(args: &Printed<SettingArgs<true>>, screen: Screen) -> Result<(), CommandError> {
    let (_, lines) = Settings::resolve_with_sources(&args.args)?;
    if args.json {
        let members = lines.into_iter().map(|line| {
            let source = place(line.name, line.source);
            (line.name.to_owned(), json!({"values": line.values, "source": source}))
        });
        screen.line(super::json(&members.collect::<Map<_, _>>().into()));
        return Ok(());
    }
    for line in lines {
        let value = if line.values.is_empty() { "-".to_owned() } else { line.values.join(",") };
        let place = screen.dim(&place(line.name, line.source));
        screen.line(format!("{:<20} {value:<34} {place}", line.name));
    }
    Ok(())
}

fn place(name: &str, source: Source) -> String {
    match source {
        Source::Flag => format!("--{name}"),
        Source::Environment => setting(name).map_or(name, |setting| setting.env).to_owned(),
        Source::File => "settings file".to_owned(),
        Source::Default => "default".to_owned(),
    }
}
