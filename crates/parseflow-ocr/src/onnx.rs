//! The models run by ONNX Runtime instead, a library in C++ that the operator has installed: a quarter to a
//! third faster. It is loaded once, before the process gives up opening files.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;
use ort::session::Session;
use ort::value::TensorRef;
use rten_tensor::{AsView, Layout, NdTensor};

use crate::OcrError;

/// A model that ONNX Runtime runs, with one input and one output.
#[derive(Debug)]
pub(crate) struct OnnxModel(Mutex<Session>);

/// The library, loaded.
pub(crate) fn library(path: &Path) -> Result<Environment, String> {
    let builder = ort::init_from(path).map_err(|error| error.to_string())?;
    // No program of ours tells its maker anything.
    builder.with_telemetry(false).build().map_err(|error| error.to_string())
}

impl OnnxModel {
    /// A model on the calling thread alone: documents, not their pages, are read side by side.
    pub(crate) fn load(library: &Environment, bytes: &[u8]) -> Result<Self, String> {
        let session = || {
            // Lines are of every width: no plan of memory is made for one.
            let mut builder =
                Session::builder(library)?.with_intra_threads(1)?.with_memory_pattern(false)?;
            builder.commit_from_memory(bytes)
        };
        session().map(|session| Self(Mutex::new(session))).map_err(|error| error.to_string())
    }

    /// What the file of the model tells under a name.
    pub(crate) fn told(&self, name: &str) -> Option<String> {
        let session = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        session.metadata().ok()?.custom(name)
    }

    /// Runs it on one input, and `then` with its output: shape and values.
    pub(crate) fn run<T>(
        &self,
        what: &'static str,
        input: &NdTensor<f32, 4>,
        then: impl FnOnce(&[i64], &[f32]) -> T,
    ) -> Result<T, OcrError> {
        let failed = |detail: String| OcrError::Run { what, detail };
        let mut session = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let run = || {
            let values = input.data().unwrap_or_default();
            let input = TensorRef::from_array_view((input.shape(), values))?;
            let outputs = session.run(ort::inputs![input])?;
            let (shape, values) = outputs[0].try_extract_tensor::<f32>()?;
            Ok(then(shape, values))
        };
        run().map_err(|error: ort::Error| failed(error.to_string()))
    }
}
