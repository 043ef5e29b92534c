//! `parseflow openapi`.

use super::CommandError;
use crate::screen::Screen;

pub(crate) fn run(screen: Screen) -> Result<(), CommandError> {
    let text = parseflow_api::openapi().to_pretty_json();
    screen.line(text.expect("the description is plain data"));
    Ok(())
}
