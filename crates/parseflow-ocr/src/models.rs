//! The models, whose bytes are part of the program, and how they are run.

use std::sync::OnceLock;

use rten::{Model, ModelOptions, Value};
use rten_tensor::NdTensor;

use crate::OcrError;

pub(crate) const FINDER: &[u8] = include_bytes!("../models/PP-OCRv6_det_small.onnx");
pub(crate) const READER: &[u8] = include_bytes!("../models/PP-OCRv6_rec_small.onnx");

/// Finds where text is.
pub(crate) const LINES: &str = "finding lines";
/// Reads a line.
pub(crate) const TEXT: &str = "reading lines";

/// Both models, loaded, and the characters that the second one knows.
pub(crate) struct Models {
    pub(crate) finder: Model,
    pub(crate) reader: Model,
    /// By class; class 0 is "nothing here", the last one the space.
    pub(crate) characters: Vec<Box<str>>,
}

/// The models; loaded when they are asked for the first time.
///
/// # Errors
/// [`OcrError::Load`], on every call, when that did not work the first time.
pub(crate) fn models() -> Result<&'static Models, OcrError> {
    static MODELS: OnceLock<Result<Models, String>> = OnceLock::new();
    let loaded = MODELS.get_or_init(|| rten::thread_pool().run(load));
    loaded.as_ref().map_err(|detail| OcrError::Load { what: "pictures", detail: detail.clone() })
}

fn load() -> Result<Models, String> {
    let open = |bytes| {
        let mut options = ModelOptions::with_all_ops();
        options.prepack_weights(true);
        options.load_static_slice(bytes).map_err(|error| error.to_string())
    };
    let (finder, reader) = (open(FINDER)?, open(READER)?);
    let known =
        reader.metadata().get("character").ok_or("the model does not name its characters")?;
    let mut characters: Vec<Box<str>> = vec!["".into()];
    characters.extend(known.split('\n').map(Into::into));
    characters.push(" ".into());
    Ok(Models { finder, reader, characters })
}

/// Runs a model on one input and gives its one output.
pub(crate) fn run(
    model: &Model,
    what: &'static str,
    input: NdTensor<f32, 4>,
) -> Result<rten_tensor::Tensor<f32>, OcrError> {
    let failed = |detail: String| OcrError::Run { what, detail };
    let output: Value =
        model.run_one(input.into(), None).map_err(|error| failed(error.to_string()))?;
    output.try_into().map_err(|_| failed("its output is of another type".to_owned()))
}
