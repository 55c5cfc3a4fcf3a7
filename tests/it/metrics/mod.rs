//! `--metrics`: the file for Prometheus' node_exporter.

mod docs;
mod exposition;
mod file;
mod program;
