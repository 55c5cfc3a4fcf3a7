//! Accounts on machines with a home directory of their own.

mod alibaba;
mod forms;
mod huawei;
mod machine;
