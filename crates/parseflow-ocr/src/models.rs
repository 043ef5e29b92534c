//! The models, whose bytes are part of the program, and how they are run.

use std::path::Path;
use std::sync::OnceLock;

use rten::{Model, ModelOptions, NodeId, Value};
use rten_tensor::{NdTensor, Tensor};

use crate::OcrError;
use crate::onnx::{self, OnnxModel};

pub(crate) const FINDER: &[u8] = include_bytes!("../models/PP-OCRv6_det_small.onnx");
pub(crate) const READER: &[u8] = include_bytes!("../models/PP-OCRv6_rec_small.onnx");

/// Finds where text is.
pub(crate) const LINES: &str = "finding lines";
/// Reads a line.
pub(crate) const TEXT: &str = "reading lines";
/// Where the reader has looked at a line and has not yet named characters: 1, features, steps.
const LOOKED_AT: &str = "p2o.pd_op.squeeze.0.0";

/// Both models, loaded, and the characters that the second one knows.
pub(crate) struct Models {
    pub(crate) finder: Finder,
    pub(crate) reader: Reader,
    /// By class; class 0 is "nothing here", the last one the space.
    pub(crate) characters: Vec<Box<str>>,
}

/// The first model.
pub(crate) enum Finder {
    Rten(Box<Model>),
    Onnx(OnnxModel),
}

impl Finder {
    /// How likely each dot of a page belongs to text.
    pub(crate) fn look_at(&self, page: NdTensor<f32, 4>) -> Result<Vec<f32>, OcrError> {
        match self {
            Self::Rten(model) => Ok(run(model, page)?.into_data()),
            Self::Onnx(model) => model.run(LINES, &page, |_, likely| likely.to_vec()),
        }
    }
}

/// The second model.
pub(crate) enum Reader {
    Rten(Box<Halves>),
    Onnx(OnnxModel),
}

/// The second model in two halves: the first looks at a line, the second names the character of each step.
///
/// The second half treats every step alone, so steps of several lines are named at once: that it knows
/// 18,710 characters costs most of its time once a call, not once a step.
pub(crate) struct Halves {
    model: Model,
    input: NodeId,
    middle: NodeId,
    output: NodeId,
}

impl Halves {
    fn of(model: Model) -> Result<Self, String> {
        let ends = (model.input_ids().first().copied(), model.output_ids().first().copied());
        let (Some(input), Some(output)) = ends else { return Err("it has no ends".to_owned()) };
        let middle = model.node_id(LOOKED_AT).map_err(|error| error.to_string())?;
        Ok(Self { model, input, middle, output })
    }

    /// What stands along a line: 1, features, steps.
    pub(crate) fn look_at(&self, line: NdTensor<f32, 4>) -> Result<NdTensor<f32, 3>, OcrError> {
        let seen = self.half(self.input, line.into(), self.middle)?;
        seen.try_into().map_err(|_| other_shape())
    }

    /// How likely each character is at each step: 1, steps, characters.
    pub(crate) fn name(&self, seen: NdTensor<f32, 3>) -> Result<NdTensor<f32, 3>, OcrError> {
        let likely = self.half(self.middle, seen.into(), self.output)?;
        likely.try_into().map_err(|_| other_shape())
    }

    fn half(&self, from: NodeId, input: Value, to: NodeId) -> Result<Tensor<f32>, OcrError> {
        let failed = |detail: String| OcrError::Run { what: TEXT, detail };
        let found = self.model.run_n([(from, input.into())].into(), [to], None);
        let [output] = found.map_err(|error| failed(error.to_string()))?;
        output.try_into().map_err(|_| failed("its output is of another type".to_owned()))
    }
}

pub(crate) fn other_shape() -> OcrError {
    OcrError::Run { what: TEXT, detail: "its output has another shape".to_owned() }
}

static MODELS: OnceLock<Result<Models, String>> = OnceLock::new();

/// The models; loaded when they are asked for the first time.
///
/// # Errors
/// [`OcrError::Load`], on every call, when that did not work the first time.
pub(crate) fn models() -> Result<&'static Models, OcrError> {
    told(MODELS.get_or_init(|| rten::thread_pool().run(load)))
}

/// The models run by ONNX Runtime, whose library is `library`, for the rest of this process.
///
/// # Errors
/// [`OcrError::Load`]: it cannot be loaded, or the models were asked for before.
pub(crate) fn load_into(library: &Path) -> Result<&'static Models, OcrError> {
    let mut is_first = false;
    let models = MODELS.get_or_init(|| {
        is_first = true;
        load_onnx(library)
    });
    if !is_first {
        let detail = "other models are in use".to_owned();
        return Err(OcrError::Load { what: "pictures", detail });
    }
    told(models)
}

fn told(loaded: &'static Result<Models, String>) -> Result<&'static Models, OcrError> {
    loaded.as_ref().map_err(|detail| OcrError::Load { what: "pictures", detail: detail.clone() })
}

fn load() -> Result<Models, String> {
    let open = |bytes| {
        let mut options = ModelOptions::with_all_ops();
        options.prepack_weights(true);
        options.load_static_slice(bytes).map_err(|error| error.to_string())
    };
    let (finder, reader) = (open(FINDER)?, open(READER)?);
    let characters = characters(reader.metadata().get("character"))?;
    let (finder, reader) = (Finder::Rten(finder.into()), Reader::Rten(Halves::of(reader)?.into()));
    Ok(Models { finder, reader, characters })
}

fn load_onnx(path: &Path) -> Result<Models, String> {
    let library = onnx::library(path)?;
    let (finder, reader) = (OnnxModel::load(&library, FINDER)?, OnnxModel::load(&library, READER)?);
    let characters = characters(reader.told("character").as_deref())?;
    Ok(Models { finder: Finder::Onnx(finder), reader: Reader::Onnx(reader), characters })
}

/// The characters by class, as the model names them.
fn characters(known: Option<&str>) -> Result<Vec<Box<str>>, String> {
    let known = known.ok_or("the model does not name its characters")?;
    let mut characters: Vec<Box<str>> = vec!["".into()];
    characters.extend(known.split('\n').map(Into::into));
    characters.push(" ".into());
    Ok(characters)
}

/// Runs the first model on one input and gives its one output.
fn run(model: &Model, input: NdTensor<f32, 4>) -> Result<Tensor<f32>, OcrError> {
    let failed = |detail: String| OcrError::Run { what: LINES, detail };
    let output: Value =
        model.run_one(input.into(), None).map_err(|error| failed(error.to_string()))?;
    output.try_into().map_err(|_| failed("its output is of another type".to_owned()))
}
