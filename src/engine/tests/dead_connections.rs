//! Connections over HTTP/2 that die without a word while a run goes on.

use std::time::Duration;

use super::world::{Keys, Noon, plan};
use crate::base::rate::Rate;
use crate::engine::{Event, Observer, Outcome, Record, Run};
use crate::transport::HttpTransport;
use crate::transport::tests::server::{Forgetful, Service};

/// Lets the connections die when this many attempts are over.
struct Killer {
    after: usize,
    forgetful: Forgetful,
}

impl Observer for Killer {
    fn on_event(&mut self, event: &Event<'_>) {
        if matches!(event, Event::Attempted { .. }) {
            self.after = self.after.wrapping_sub(1);
            if self.after == 0 {
                self.forgetful.forget();
            }
        }
    }
}

/// Stops sixty executions in `accounts` accounts each at ten a second; their connections die after a third of them.
async fn run(accounts: u16, max_delay: Duration) -> (Record, usize) {
    let body = r#"{"RequestId":"r","Status":"Stopped"}"#;
    let service = Service::start("127.0.0.1", b"h2", Duration::from_millis(50), body).await;
    let forgetful = Forgetful::start(service.address).await;
    let certificate = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&certificate, &service.certificate).unwrap();
    let mut plan = plan("fnf_execution", 60 * usize::from(accounts));
    (plan.limits.rate, plan.limits.burst) = (Some(Rate::per_second(10)), Some(1));
    plan.retry.max_delay = max_delay;
    let first = plan.accounts.first_mut().unwrap();
    first.endpoints.insert("fnf".into(), format!("https://{}", forgetful.address));
    let first = first.clone();
    plan.accounts = (0..accounts)
        .map(|n| {
            let mut account = first.clone();
            account.name = format!("ali-{n}");
            account
        })
        .collect();
    for (target, account) in plan.targets.iter_mut().zip((0..accounts).cycle()) {
        target.account = account;
    }
    let environment = [("SSL_CERT_FILE", certificate.path().to_str().unwrap())].into_iter().collect();
    let (connect, request) = (plan.retry.connect_timeout, plan.retry.request_timeout);
    let transport = HttpTransport::in_environment(&environment, connect, request).unwrap();
    let killer = Killer { after: 20 * usize::from(accounts), forgetful };
    let run = Run::new(plan).transport(transport).clock(Noon).credentials(Keys).seed(7).observer(killer);
    (run.execute().await.unwrap(), service.connections())
}

#[tokio::test]
async fn a_dead_connection_costs_a_run_seconds() {
    // In real time, as there are real connections; side by side.
    let runs = [(1, 20), (4, 20), (1, 3)].map(|(accounts, max_delay)| async move {
        let (record, connections) = run(accounts, Duration::from_secs(max_delay)).await;
        assert!(record.results.iter().all(|result| result.outcome == Outcome::Stopped));
        // Seven on an idle machine; it had been more than a minute.
        assert!(record.duration < Duration::from_secs(30), "{accounts} accounts: {:?}", record.duration);
        // Requests that leave at once, before the first connection is made, each begin one.
        assert!(connections <= 4 * usize::from(accounts) + 2, "{connections} connections");
    });
    futures::future::join_all(runs).await;
}
