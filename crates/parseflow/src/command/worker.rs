//! `parseflow worker`: the process in which documents are read, started by the service.

use parseflow_reader::{WorkerLimits, work};

use super::CommandError;
use crate::cli::WorkerArgs;

pub(crate) fn run(args: &WorkerArgs) -> Result<(), CommandError> {
    let limits = WorkerLimits {
        memory_bytes_max: args.memory.saturating_mul(1024 * 1024),
        onnx_runtime: args.onnx_runtime.clone(),
    };
    Ok(work(&limits, args.canary)?)
}
