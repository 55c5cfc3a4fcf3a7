use super::*;
use crate::credentials::client::tests::server::{Answer, Server, silent};
use crate::credentials::huawei::tests::{Around, Capture, check_keys, in_turn, useless};

async fn ask_it(server: &Server) -> Result<Issued, SourceError> {
    fetch(Around::at(server).lend(), &Metadata::default()).await
}

#[tokio::test]
async fn keys_come_with_a_token_and_without_one() {
    for name in ["v2", "v1", "retoken"] {
        let capture = Capture::of(&format!("hwmeta-SecurityKey--{name}"));
        let server = capture.server().await;
        let issued = ask_it(&server).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        capture.check(&server.requests());
        check_keys(&issued);
    }
    for status in [405, 503] {
        let keys = Capture::of("hwmeta-SecurityKey--v1").requests.remove(1).answer();
        let server = in_turn(vec![Answer::text(status, ""), keys]).await;
        check_keys(&ask_it(&server).await.unwrap());
    }
}

#[tokio::test]
async fn a_server_without_an_agency_is_told() {
    let capture = Capture::of("hwmeta-SecurityKey--err-no-agency");
    let server = capture.server().await;
    let error = ask_it(&server).await.unwrap_err();
    capture.check(&server.requests());
    assert_eq!((error.message(), error.nature()), ("this server has no agency (401)", Nature::Final));
}

#[tokio::test]
async fn a_token_is_asked_for_again_once() {
    let (token, refused) = (Answer::text(200, "TOKEN"), Answer::text(401, "token required"));
    let server = in_turn(vec![token.clone(), refused.clone(), token, refused.clone(), refused]).await;
    let error = ask_it(&server).await.unwrap_err();
    assert_eq!(server.requests().len(), 4);
    assert!(error.message().contains("answered with "), "{error}");
}

#[tokio::test]
async fn a_service_of_another_kind_is_none() {
    for (answer, words) in [
        (Answer::text(404, ""), "127.0.0.1"),
        (Answer::html(200, "<html>captive portal: log in</html>"), "HTML"),
        (Answer::text(200, "two words"), "has no token"),
        (Answer::text(200, ""), "has no token"),
    ] {
        let server = in_turn(vec![answer]).await;
        let error = ask_it(&server).await.unwrap_err();
        assert!(error.message().contains("no ECS instance") && error.message().contains(words), "{words}: {error}");
        assert_eq!(error.nature(), Nature::Final);
    }
    let server = Capture::of("hwmeta-SecurityKey--err-500").server().await;
    assert_eq!(ask_it(&server).await.unwrap_err().nature(), Nature::Passing);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_is_silent_is_none() {
    let (_held, port) = silent().await;
    let mut around = Around::default();
    around.account.endpoints.insert("metadata".into(), format!("http://127.0.0.1:{port}"));
    let error = fetch(around.lend(), &Metadata::default()).await.unwrap_err();
    let wanted = format!("this is no ECS instance (no answer from 127.0.0.1:{port} in 2 s)");
    assert_eq!((error.message(), error.nature()), (&*wanted, Nature::Final));
}

#[tokio::test]
async fn useless_answers_bring_no_keys() {
    for (answer, word) in useless().into_iter().filter(|(_, word)| *word != "cut off") {
        let server = in_turn(vec![Answer::text(200, "TOKEN"), answer]).await;
        let error = ask_it(&server).await.unwrap_err();
        assert!(error.message().contains(word), "{word}: {error}");
        assert_eq!(error.nature(), Nature::Passing, "{error}");
    }
}
