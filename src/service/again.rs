//! How what a stop has stopped is started again: by a command of the vendor's own command line, or not at all.

/// How what a stop has stopped is started again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// A command of the vendor's command line starts it.
    Command(&'static AgainCommand),
    /// Nothing starts it; a fragment says why and what to do instead, such as `no API starts a task again`.
    Never(&'static str),
}

/// A command of the vendor's command line that starts one target again.
#[derive(Debug, PartialEq, Eq)]
pub struct AgainCommand {
    /// The product and the operation, in the words of the command line, such as `["fnf", "StartExecution"]`.
    pub operation: [&'static str; 2],
    /// The options that name the target, each with the number of the parameter that has its value.
    pub options: &'static [(&'static str, usize)],
    /// The option with what the target worked on, where the command needs it: no report has it.
    pub input: Option<AgainInput>,
    /// What the command does, as a sentence, with what it does not restore.
    pub means: &'static str,
}

/// What a target worked on, read from the service again.
#[derive(Debug, PartialEq, Eq)]
pub struct AgainInput {
    /// The option of the command that starts the target again.
    pub option: &'static str,
    /// The product and the operation that shows it.
    pub operation: [&'static str; 2],
    /// The options that name the target there, each with the number of the parameter that has its value.
    pub options: &'static [(&'static str, usize)],
    /// The field of the response that has it.
    pub field: &'static str,
}
