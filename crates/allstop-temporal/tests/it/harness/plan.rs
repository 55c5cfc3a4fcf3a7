//! Plans of many executions, whose requests all go to the simulator.

use super::cloud::variables;
use super::size::Random;

/// A plan of `fnf_execution` targets: `targets` of them, in turn in `accounts` accounts, each of which has a lane.
#[derive(Debug, Clone)]
pub(crate) struct TestPlan {
    /// How many targets.
    pub(crate) targets: usize,
    /// How many accounts, and so lanes.
    pub(crate) accounts: u16,
    /// The value of `limits`, such as `{rate: 40/s, burst: 10}`.
    pub(crate) limits: String,
    /// Further keys of the plan, as YAML lines.
    pub(crate) further: String,
    /// What the names of the executions begin with.
    pub(crate) prefix: String,
    /// Over how many values of the label `part` the targets are spread, `p0` first; 0 for no label.
    pub(crate) parts: usize,
    /// How long the cause of each target is; 0 for none.
    pub(crate) cause: usize,
    /// What the plan selects instead of naming the targets, such as `{flow_name: flow}`.
    pub(crate) select: Option<String>,
    /// Whether the keys are temporary ones, with a token each.
    pub(crate) has_tokens: bool,
}

impl TestPlan {
    /// Makes a plan of so many targets in one account, without limits of its own.
    pub(crate) fn of(targets: usize) -> Self {
        Self {
            targets,
            accounts: 1,
            limits: "{}".to_owned(),
            further: String::new(),
            prefix: "run".to_owned(),
            parts: 0,
            cause: 0,
            select: None,
            has_tokens: false,
        }
    }

    /// Spreads the targets over so many accounts.
    pub(crate) fn over(self, accounts: u16) -> Self {
        Self { accounts, ..self }
    }

    /// Limits each lane.
    pub(crate) fn limited(self, limits: &str) -> Self {
        Self { limits: limits.to_owned(), ..self }
    }

    /// Adds keys to the plan, such as `guards: {max_failures: 5}`.
    pub(crate) fn with(self, lines: &str) -> Self {
        Self { further: format!("{}{lines}\n", self.further), ..self }
    }

    /// Names the executions otherwise.
    pub(crate) fn named(self, prefix: &str) -> Self {
        Self { prefix: prefix.to_owned(), ..self }
    }

    /// Selects the targets instead of naming them; all of them belong to the flow `flow`.
    pub(crate) fn selecting(self, select: &str) -> Self {
        Self { select: Some(select.to_owned()), ..self }
    }

    /// Labels the targets in turn `part: p0`, `part: p1` and so on.
    pub(crate) fn in_parts(self, parts: usize) -> Self {
        Self { parts, ..self }
    }

    /// Gives each target a cause of so many characters, which cannot be compressed much.
    pub(crate) fn with_causes(self, cause: usize) -> Self {
        Self { cause, ..self }
    }

    /// Uses temporary keys.
    pub(crate) fn with_tokens(self) -> Self {
        Self { has_tokens: true, ..self }
    }

    /// Writes the plan for a cloud at this address.
    pub(crate) fn text(&self, endpoint: &str) -> String {
        let targets = match &self.select {
            Some(select) => format!("  - {{kind: fnf_execution, accounts: ['a*'], select: {select}}}\n"),
            None => self.targets(),
        };
        format!("{}{targets}", self.head(endpoint))
    }

    /// Writes the same plan with all targets that are in the cloud, by name.
    pub(crate) fn world(&self, endpoint: &str) -> String {
        format!("{}{}", self.head(endpoint), self.targets())
    }

    fn targets(&self) -> String {
        let Self { targets, accounts, prefix, parts, cause, .. } = self;
        let mut random = Random::of(1);
        let target = |number: usize| {
            let account = number % usize::from(*accounts);
            let part =
                number.checked_rem(*parts).map_or_else(String::new, |part| format!(", labels: {{part: p{part}}}"));
            let cause: String =
                (0..*cause).map(|_| char::from(b"abcdefghijklmnopqrstuvwxyz012345"[random.below(32)])).collect();
            let cause = if cause.is_empty() { cause } else { format!(", cause: x{cause}") };
            format!(
                "  - {{kind: fnf_execution, account: a{account}, flow_name: flow, \
                 execution_name: {prefix}-{number}{cause}{part}}}\n"
            )
        };
        (0..*targets).map(target).collect()
    }

    /// Writes everything but the targets.
    fn head(&self, endpoint: &str) -> String {
        let Self { accounts, limits, further, has_tokens, .. } = self;
        let account = |number| {
            let [id, secret, token] = variables(number);
            let token = if *has_tokens { format!(", security_token: {token}") } else { String::new() };
            format!(
                "  a{number}: {{cloud: alibaba, region: cn-hangzhou, \
                 endpoints: {{fnf: '{endpoint}', sts: '{endpoint}', metadata: '{endpoint}'}}, \
                 credentials: {{env: {{access_key_id: {id}, access_key_secret: {secret}{token}}}}}}}\n"
            )
        };
        let guards = if further.contains("guards:") { "" } else { "guards: {max_targets: 10000000}\n" };
        let accounts: String = (0..*accounts).map(account).collect();
        format!("version: 1\naccounts:\n{accounts}limits: {limits}\n{guards}{further}targets:\n")
    }
}
