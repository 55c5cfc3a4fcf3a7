use std::sync::Mutex;
use std::time::Duration;

use secrecy::ExposeSecret;

use super::*;

const KEYS: &str = r#"{"mode":"AK","access_key_id":"LTAI5tOps","access_key_secret":"hush"}"#;

fn shell(script: &str) -> Process {
    Process { command: ["sh", "-c", script].map(str::to_owned).to_vec(), timeout: Duration::from_secs(60) }
}

/// Runs a script, and shows what was read as text, which nothing but a test may do.
async fn run(process: &Process, variables: &[(&str, &str)]) -> Result<String, String> {
    let environment = variables.iter().copied().collect();
    match keys_of_program(process, Cloud::Alibaba, &environment, None).await {
        Ok((Credentials::AccessKey { id, secret, .. }, _)) => Ok(format!("{id} {}", secret.expose_secret())),
        Ok((Credentials::AuthToken(_), _)) => Ok("token".to_owned()),
        Err(error) => Err(format!("{error} ({:?})", error.nature())),
    }
}

#[tokio::test]
async fn keys_are_read_of_standard_output() {
    fn check_send<T: Send>(_: &T) {}
    let environment = Environment::default();
    check_send(&keys_of_program(&shell(""), Cloud::Alibaba, &environment, None));

    let found = Ok("LTAI5tOps hush".to_owned());
    assert_eq!(run(&shell(&format!("echo '{KEYS}'")), &[]).await, found);
    // It gets no input, its words are no shell's, and it has the environment.
    assert_eq!(run(&shell(&format!("cat; echo '{KEYS}'")), &[]).await, found);
    let words = Process { command: ["echo", KEYS].map(str::to_owned).to_vec(), timeout: Duration::from_secs(60) };
    assert_eq!(run(&words, &[]).await, found);
    assert_eq!(run(&shell("printf %s \"$KEYS$EMPTY\""), &[("KEYS", KEYS), ("EMPTY", "")]).await, found);
}

#[tokio::test]
async fn a_fault_names_the_program_and_shows_nothing_that_it_printed() {
    for (script, fault) in [
        ("echo hush >&2; exit 2", "sh exited with 2 (Final)"),
        ("echo hush", "sh printed no JSON (Final)"),
        ("true", "sh printed no JSON (Final)"),
        ("echo '{\"access_key_id\": \"hush\"}'", "sh printed JSON without access_key_secret (Final)"),
        ("kill -9 $$", "sh was killed (Final)"),
        ("while :; do echo hush hush hush hush hush; done", "sh printed more than 64 KiB (Final)"),
    ] {
        assert_eq!(run(&shell(script), &[]).await, Err(fault.to_owned()), "{script}");
    }
    let gone = Process { command: vec!["/no/such/vault-ali".to_owned()], timeout: Duration::from_secs(60) };
    let error = run(&gone, &[]).await.unwrap_err();
    assert!(error.starts_with("vault-ali cannot be started: "), "{error}");
}

#[tokio::test]
async fn lines_of_standard_error_go_to_the_log_alone() {
    let lines = Mutex::new(Vec::new());
    let log = |line: &str| lines.lock().unwrap().push(line.to_owned());
    let script = format!("echo one >&2; printf 'two\\033[0m\\n\\nthree' >&2; echo '{KEYS}'");
    let environment = Environment::default();
    keys_of_program(&shell(&script), Cloud::Alibaba, &environment, Some(&log)).await.unwrap();
    assert_eq!(*lines.lock().unwrap(), ["sh: one", "sh: two\\u{1b}[0m", "sh: three"]);
}

#[tokio::test]
async fn a_program_that_is_left_behind_holds_nobody_up() {
    let script = shell(&format!("sleep 9 & echo '{KEYS}'"));
    let found = timeout(Duration::from_secs(8), run(&script, &[])).await;
    assert_eq!(found, Ok(Ok("LTAI5tOps hush".to_owned())));
}

/// Starts a program that starts another one, and returns the path of a pipe that both hold open for writing.
fn family(folder: &std::path::Path) -> (Process, std::path::PathBuf) {
    let pipe = folder.join("pipe");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    let script = format!("exec 3> '{}'; echo begun >&3; sleep 600 & sleep 600", pipe.display());
    (shell(&script), pipe)
}

#[tokio::test]
async fn a_future_that_is_dropped_ends_the_program_and_its_children() {
    let folder = tempfile::tempdir().unwrap();
    let (process, pipe) = family(folder.path());
    let mut reader = tokio::net::unix::pipe::OpenOptions::new().open_receiver(&pipe).unwrap();
    let environment = Environment::default();
    let mut text = vec![0; 6];
    {
        let running = std::pin::pin!(keys_of_program(&process, Cloud::Alibaba, &environment, None));
        let begun = std::pin::pin!(async {
            loop {
                // Nobody has opened the other end at first.
                reader.readable().await.unwrap();
                if reader.try_read(&mut text).is_ok_and(|count| count > 0) {
                    break;
                }
                tokio::task::yield_now().await;
            }
        });
        match futures::future::select(running, begun).await {
            futures::future::Either::Left(_) => panic!("it ended"),
            futures::future::Either::Right(_) => {}
        }
    }
    // The pipe ends when nobody holds it any more.
    let mut rest = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut reader, &mut rest).await.unwrap();
    assert_eq!((text.as_slice(), rest.as_slice()), (b"begun\n".as_slice(), b"".as_slice()));
}

#[tokio::test]
async fn a_program_that_takes_too_long_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let (process, pipe) = family(folder.path());
    let reading = std::thread::spawn(move || std::fs::read_to_string(pipe).unwrap());
    let process = Process { timeout: Duration::from_millis(300), ..process };
    assert_eq!(run(&process, &[]).await, Err("sh did not end within 300 ms (Passing)".to_owned()));
    assert_eq!(reading.join().unwrap(), "begun\n");
}
