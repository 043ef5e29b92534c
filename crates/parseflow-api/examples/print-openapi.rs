//! Prints the OpenAPI description as it is kept in openapi/parseflow.json.

use std::io::{self, Write as _};

fn main() -> io::Result<()> {
    // The same order of members as a description that is read and printed again.
    let value = serde_json::to_value(parseflow_api::openapi())?;
    let text = serde_json::to_string_pretty(&value)?;
    writeln!(io::stdout(), "{text}")
}
