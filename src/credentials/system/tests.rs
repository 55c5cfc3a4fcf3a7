use super::*;

#[test]
fn sessions_are_named_as_both_clouds_take_it() {
    let provider = SystemProvider::new(Environment::default()).session("allstop-run 1");
    assert_eq!(provider.session, "allstop-run-1");
}
