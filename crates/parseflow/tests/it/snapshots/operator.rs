//! Commands that operate an installation.

use super::{Transcript, is_as_before};
use crate::process::{Server, parseflow};

/// Of a long output, enough to see what it is.
const LINES_MAX: usize = 4;

/// A folder for installations, the commands that were run on it and what they printed.
struct Scene {
    folder: tempfile::TempDir,
    transcript: Transcript,
}

impl Scene {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut transcript = Transcript::default();
        transcript.name(folder.path().to_str().unwrap(), "FOLDER");
        transcript.name(&format!("parseflow {}", env!("CARGO_PKG_VERSION")), "parseflow VERSION");
        Self { folder, transcript }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn run(&mut self, arguments: &[&str]) -> String {
        self.run_in_part(arguments, usize::MAX)
    }

    fn run_both(&mut self, arguments: &[&str]) {
        self.run(arguments);
        self.run(&[arguments, &["--json"]].concat());
    }

    fn run_in_part(&mut self, arguments: &[&str], lines_max: usize) -> String {
        let output = parseflow().args(arguments).current_dir(self.folder.path()).output().unwrap();
        self.transcript.add_first_lines(arguments, &output, lines_max);
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

fn accounts(scene: &mut Scene, on: &[&str]) {
    scene.transcript.heading("Accounts and keys");
    let run = |scene: &mut Scene, arguments: &[&str]| scene.run(&[arguments, on].concat());
    let email = ["--email", "ada@example.com"];
    let create = [&["account", "create"], &email[..], &["--plan", "pro"]].concat();
    run(scene, &create);
    run(scene, &create);
    run(scene, &["account", "create", "--email", "bob@example.com", "--plan", "free", "--json"]);
    run(scene, &["account", "create", "--email", "ada", "--plan", "pro"]);
    run(scene, &["account", "create", "--email", "eve@example.com", "--plan", "gold"]);
    run(scene, &[&["account", "show"], &email[..]].concat());
    run(scene, &[&["account", "show", "--json"], &email[..]].concat());
    run(scene, &["account", "show", "--email", "nobody@example.com"]);
    run(scene, &["account", "show", "--account", "acc_unknown"]);
    run(scene, &["account", "show"]);
    run(scene, &[&["account", "set-plan", "--plan", "enterprise"], &email[..]].concat());
    run(scene, &["account", "set-plan", "--plan", "pro", "--email", "nobody@example.com"]);
    run(scene, &[&["key", "create"], &email[..]].concat());
    let made = run(scene, &[&["key", "create", "--json"], &email[..]].concat());
    let key = made.split('"').find(|part| part.starts_with("key_")).unwrap();
    run(scene, &["key", "create", "--email", "nobody@example.com"]);
    run(scene, &["key", "list", "--email", "nobody@example.com"]);
    let revoke = [&["key", "revoke", "--key", key], &email[..]].concat();
    run(scene, &revoke);
    run(scene, &revoke);
    // A key is shown by its last characters, which differ from run to run.
    let list = [&["key", "list"], &email[..], on].concat();
    let listed = parseflow().args(&list).output().unwrap();
    for line in String::from_utf8_lossy(&listed.stdout).lines() {
        let (_, hint) = line.split_once('…').unwrap();
        scene.transcript.name(&format!("…{}", &hint[..4]), "…0000");
    }
    scene.transcript.add(&list, &listed);
    run(scene, &["account", "frobnicate"]);
}

/// What does not depend on the machine: names and verdicts.
fn doctor(scene: &mut Scene, on: &[&str]) {
    let arguments = [&["doctor"], on].concat();
    let mut output = parseflow().args(&arguments).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let of_the_machine = ["database", "resolver", "disk", "containment"];
    let lines = text.lines().map(|line| {
        let name = of_the_machine.iter().find(|name| line.get(8..).unwrap().starts_with(*name));
        name.map_or_else(|| line.to_owned(), |_| format!("{} …", &line[..20]))
    });
    output.stdout = lines.collect::<Vec<_>>().join("\n").into_bytes();
    scene.transcript.add(&arguments, &output);
}

fn operating(scene: &mut Scene, on: &[&str]) {
    scene.transcript.heading("The installation");
    doctor(scene, on);
    let copy = scene.path("copy.db");
    scene.run(&[&["backup", "--to", &copy], on].concat());
    scene.run(&[&["backup", "--to", &copy], on].concat());
    let rotate = [&["rotate-master-key"], on].concat();
    let told = parseflow().args([&rotate[..], &["--json"]].concat()).output().unwrap();
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    scene.transcript.name(told["key"].as_str().unwrap(), "ffffffff");
    scene.run_both(&rotate);
    let missing = scene.path("missing.key");
    scene.run(&[&["rotate-master-key", "--master-key-file", &missing], on].concat());
    scene.run(&["migrate", "--from", on[1], "--to", "mysql://localhost/parseflow"]);
    let postgres = "postgres://user:password@127.0.0.1:1/parseflow";
    scene.run(&["migrate", "--from", on[1], "--to", postgres]);
    scene.run(&["serve", "--listen", "nowhere"]);
    scene.run(&["serve", "--retry-schedule", "soon"]);
    scene.run(&["serve", "--allow-target", "everything"]);
    scene.run(&["serve", "--config", "no-such-file.toml"]);
    scene.run(&["serve", "--turbo"]);
    scene.run(&["demo", "--listen", "nowhere"]);
    scene.run_in_part(&["settings"], LINES_MAX);
    scene.run_in_part(&["settings", "--json"], 0);
    scene.run(&["settings", "--config", "no-such-file.toml"]);
}

fn nowhere(scene: &mut Scene) {
    scene.transcript.heading("A folder without an installation");
    let empty = scene.path("empty");
    let on = ["--data-dir", empty.as_str()];
    doctor(scene, &on);
    let copy = scene.path("other.db");
    for command in [
        &["backup", "--to", &copy][..],
        &["rotate-master-key"],
        &["account", "show", "--email", "ada@example.com"],
        &["account", "set-plan", "--plan", "pro", "--email", "ada@example.com"],
        &["key", "create", "--email", "ada@example.com"],
        &["key", "list", "--email", "ada@example.com"],
        &["key", "revoke", "--key", "key_unknown", "--email", "ada@example.com"],
    ] {
        scene.run(&[command, &on].concat());
    }
    let postgres = "postgres://user:password@127.0.0.1:1/parseflow";
    scene.run(&["migrate", "--from", &empty, "--to", postgres]);
}

fn printed(scene: &mut Scene) {
    scene.transcript.heading("What is printed for other programs");
    scene.run_in_part(&["openapi"], LINES_MAX);
    scene.run_in_part(&["man"], LINES_MAX);
    scene.run_in_part(&["man", "deliveries", "retry"], LINES_MAX);
    scene.run(&["man", "no-such-command"]);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        scene.run_in_part(&["completions", shell], LINES_MAX);
    }
    scene.run(&["completions", "cmd"]);
    scene.run(&["completions"]);
}

#[test]
fn what_operating_commands_print_and_how_they_end_is_as_before() {
    let mut scene = Scene::open();
    let data = scene.path("data");
    let on = ["--data-dir", data.as_str()];
    accounts(&mut scene, &on);
    operating(&mut scene, &on);
    let server = Server::start(data.as_ref(), &[]);
    scene.transcript.heading("Beside a server");
    scene.transcript.name(server.address(), "ADDRESS");
    scene.run(&["serve", "--listen", "127.0.0.1:0", "--data-dir", &data]);
    let second = scene.path("second");
    scene.run(&["serve", "--listen", server.address(), "--data-dir", &second]);
    drop(server);
    nowhere(&mut scene);
    printed(&mut scene);
    is_as_before("operator.txt", &scene.transcript.text);
}
