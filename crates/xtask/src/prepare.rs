//! What the tests need beside Rust: Node with the packages of the Express receiver and of the dashboard's
//! tests, Chromium, Python with the Flask receiver's packages and a mail server, an S3-compatible store,
//! PostgreSQL, a small language model with llama.cpp, and curl, Go, PHP and Ruby for the documentation's commands and samples.
//!
//! Programs that are missing are installed with apt-get where that is possible, and named where it
//! is not. Packages go into folders of the checkout and are left alone while their lock is unchanged.

mod language_model;

use std::path::Path;
use std::process::Command;

use crate::shell::{self, Failure, output, root, say, succeeds};

/// The oldest Node that drives the browser: what Playwright asks for.
const NODE_MAJOR_MIN: u32 = 20;
/// The oldest PostgreSQL that the store accepts.
const POSTGRES_MAJOR_MIN: u32 = 14;

/// Makes sure that everything is there, for this checkout.
pub(crate) fn run() -> Result<(), Failure> {
    let root = root();
    install_programs()?;
    node_packages(&root.join("e2e/receivers/express"), "the Express receiver's")?;
    node_packages(&root.join("e2e/dashboard"), "the dashboard's tests'")?;
    prepare_python(&root.join("e2e/receivers/flask"), "the Flask receiver's packages", "flask")?;
    prepare_python(&root.join("e2e/mail"), "the mail server of the tests", "aiosmtpd")?;
    prepare_python(&root.join("e2e/s3"), "the S3-compatible store of the tests", "moto.server")?;
    prepare_python(&root.join("e2e/onnx-runtime"), "ONNX Runtime", "onnxruntime")?;
    language_model::prepare(&root.join("e2e/language-model"))
}

struct Need {
    program: &'static str,
    /// Debian's package.
    package: &'static str,
    present: fn() -> bool,
}

const NEEDS: [Need; 11] = [
    Need { program: "node 20 or newer", package: "nodejs", present: node_is_recent },
    Need { program: "npm", package: "npm", present: || answers("npm", &["--version"]) },
    Need { program: "python3", package: "python3", present: || answers("python3", &["--version"]) },
    Need {
        program: "Python's venv module",
        package: "python3-venv",
        present: || answers("python3", &["-c", "import ensurepip, venv"]),
    },
    Need { program: "PostgreSQL 14 or newer", package: "postgresql", present: postgres_is_recent },
    Need { program: "Chromium", package: "chromium", present: chromium_is_there },
    Need { program: "Go", package: "golang-go", present: || answers("go", &["version"]) },
    Need { program: "PHP", package: "php-cli", present: || answers("php", &["--version"]) },
    Need { program: "Ruby", package: "ruby", present: || answers("ruby", &["--version"]) },
    Need { program: "tmux", package: "tmux", present: || answers("tmux", &["-V"]) },
    Need { program: "curl", package: "curl", present: || answers("curl", &["--version"]) },
];

fn answers(program: &str, arguments: &[&str]) -> bool {
    succeeds(Command::new(program).args(arguments))
}

fn node_is_recent() -> bool {
    let version = output(Command::new("node").arg("--version")).unwrap_or_default();
    major(&version).is_some_and(|major| major >= NODE_MAJOR_MIN)
}

/// Whether there is a server to start, or one is named.
fn postgres_is_recent() -> bool {
    if std::env::var_os("PARSEFLOW_TEST_POSTGRES_URL").is_some() {
        return true;
    }
    let folders = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = folders
        .filter(|folder| folder.path().join("bin/initdb").exists())
        .filter_map(|folder| folder.file_name().to_str()?.parse::<u32>().ok())
        .max();
    debian.is_some_and(|version| version >= POSTGRES_MAJOR_MIN) || answers("initdb", &["--version"])
}

/// Where the dashboard's tests look for it.
fn chromium_is_there() -> bool {
    ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
        .iter()
        .any(|path| Path::new(path).exists())
        || std::env::var_os("CHROMIUM").is_some_and(|path| Path::new(&path).exists())
}

/// The first number of a version such as `v20.20.2`.
fn major(version: &str) -> Option<u32> {
    version.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

fn install_programs() -> Result<(), Failure> {
    let missing = missing();
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|need| need.program).collect();
    let by_hand = format!("the tests need {}: please install, then run again", names.join(", "));
    let Some(privilege) = apt_get() else { return Err(Failure(by_hand)) };
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    say(&format!("installing {}", packages.join(" ")));
    shell::run(apt(privilege).args(["update", "-qq"]))?;
    shell::run(
        apt(privilege).args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages),
    )?;
    match self::missing().as_slice() {
        [] => Ok(()),
        still => {
            let names: Vec<&str> = still.iter().map(|need| need.program).collect();
            Err(Failure(format!("apt-get did not provide {}; {by_hand}", names.join(", "))))
        }
    }
}

fn missing() -> Vec<&'static Need> {
    NEEDS.iter().filter(|need| !(need.present)()).collect()
}

/// How to call apt-get: `Some("")` as root, `Some("sudo")` where that asks no password.
fn apt_get() -> Option<&'static str> {
    if !answers("apt-get", &["--version"]) {
        return None;
    }
    let user = output(Command::new("id").arg("-u")).ok()?;
    if user.trim() == "0" {
        return Some("");
    }
    answers("sudo", &["-n", "true"]).then_some("sudo")
}

fn apt(privilege: &str) -> Command {
    let mut command = if privilege.is_empty() {
        Command::new("apt-get")
    } else {
        let mut command = Command::new(privilege);
        command.args(["-n", "apt-get"]);
        command
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// The packages that the lock in `folder` names; `whose` says for what.
pub(crate) fn node_packages(folder: &Path, whose: &str) -> Result<(), Failure> {
    let node = output(Command::new("node").arg("--version"))?;
    let stamp = folder.join("node_modules/.prepared");
    let wanted = fingerprint(&[&shell::read(&folder.join("package-lock.json"))?, &node]);
    if std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    say(&format!("installing {whose} packages"));
    shell::run(
        Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(folder),
    )?;
    shell::write(&stamp, &wanted)
}

/// A virtual environment in `folder` with what its `requirements.txt` lists; `module` proves it.
fn prepare_python(folder: &Path, what: &str, module: &str) -> Result<(), Failure> {
    prepare_venv(folder, what, &format!("import {module}"), &[])
}

/// The same with further options for pip; the Python statement `proof` succeeds where all is there.
fn prepare_venv(folder: &Path, what: &str, proof: &str, options: &[&str]) -> Result<(), Failure> {
    let python = output(Command::new("python3").arg("--version"))?;
    let venv = folder.join(".venv");
    let own_python = venv.join("bin/python");
    let stamp = venv.join(".prepared");
    let wanted = fingerprint(&[&shell::read(&folder.join("requirements.txt"))?, &python]);
    let prepared = std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted);
    // A moved checkout or a removed interpreter leaves a venv that no longer starts.
    if prepared && succeeds(Command::new(&own_python).args(["-c", proof])) {
        return Ok(());
    }
    say(&format!("installing {what}"));
    shell::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv))?;
    shell::run(
        Command::new(&own_python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(options)
            .arg("-r")
            .arg(folder.join("requirements.txt")),
    )?;
    shell::write(&stamp, &wanted)
}

/// FNV-1a over the parts: it tells a changed file from an unchanged one, nothing more.
pub(crate) fn fingerprint(parts: &[&str]) -> String {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_gives_its_major_number() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("18.0"), Some(18));
        assert_eq!(major(""), None);
    }

    #[test]
    fn a_fingerprint_changes_with_any_part() {
        assert_eq!(fingerprint(&["a", "b"]), fingerprint(&["a", "b"]));
        assert_ne!(fingerprint(&["a", "b"]), fingerprint(&["a", "c"]));
        assert_ne!(fingerprint(&["ab", ""]), fingerprint(&["a", "b"]));
    }
}
