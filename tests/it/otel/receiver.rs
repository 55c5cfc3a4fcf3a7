//! A receiver of OTLP over HTTP on loopback, which keeps what it gets.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::metrics::v1::{Metric, metric::Data, number_data_point};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;

/// What came.
#[derive(Debug, Default)]
pub(super) struct Got {
    pub(super) paths: Vec<String>,
    pub(super) headers: Vec<BTreeMap<String, String>>,
    pub(super) resources: Vec<BTreeMap<String, String>>,
    pub(super) spans: Vec<Span>,
    pub(super) metrics: Vec<Metric>,
}

pub(super) struct Receiver {
    address: String,
    got: Arc<Mutex<Got>>,
}

impl Receiver {
    /// Answers every request with a status; with none, never.
    pub(super) fn start(status: Option<u16>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let got = Arc::new(Mutex::new(Got::default()));
        let kept = Arc::clone(&got);
        std::thread::spawn(move || {
            let mut unanswered = Vec::new();
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                receive(&mut stream, &kept);
                match status {
                    Some(status) => {
                        write!(stream, "HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                            .unwrap();
                    }
                    None => unanswered.push(stream),
                }
            }
        });
        Self { address, got }
    }

    /// Returns where it is.
    pub(super) fn endpoint(&self) -> &str {
        &self.address
    }

    /// Takes what came.
    pub(super) fn take(&self) -> Got {
        std::mem::take(&mut self.got.lock().unwrap())
    }
}

fn receive(stream: &mut TcpStream, got: &Mutex<Got>) {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers.get("content-length").map_or(0, |length| length.parse().unwrap())];
    reader.read_exact(&mut body).unwrap();
    let mut got = got.lock().unwrap();
    if path.ends_with("traces") {
        for of in ExportTraceServiceRequest::decode(&*body).unwrap().resource_spans {
            got.resources.push(attributes(&of.resource.unwrap().attributes));
            got.spans.extend(of.scope_spans.into_iter().flat_map(|scope| scope.spans));
        }
    } else {
        for of in ExportMetricsServiceRequest::decode(&*body).unwrap().resource_metrics {
            got.resources.push(attributes(&of.resource.unwrap().attributes));
            got.metrics.extend(of.scope_metrics.into_iter().flat_map(|scope| scope.metrics));
        }
    }
    got.paths.push(path);
    got.headers.push(headers);
}

/// Returns attributes as texts.
pub(super) fn attributes(of: &[KeyValue]) -> BTreeMap<String, String> {
    of.iter().map(|pair| (pair.key.clone(), text(pair.value.as_ref()))).collect()
}

fn text(value: Option<&AnyValue>) -> String {
    match value.and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(number)) => number.to_string(),
        Some(Value::DoubleValue(number)) => number.to_string(),
        other => panic!("{other:?}"),
    }
}

impl Got {
    /// Returns the sum of the samples of a metric that have this attribute.
    pub(super) fn sum(&self, name: &str, attribute: (&str, &str)) -> f64 {
        let metric = self.metrics.iter().find(|metric| metric.name == name).unwrap_or_else(|| panic!("no {name}"));
        let has = |of: &[KeyValue]| attributes(of).get(attribute.0).map(String::as_str) == Some(attribute.1);
        match metric.data.as_ref().unwrap() {
            Data::Gauge(gauge) => {
                let points = gauge.data_points.iter().filter(|point| has(&point.attributes));
                points
                    .map(|point| match point.value.as_ref().unwrap() {
                        number_data_point::Value::AsDouble(number) => *number,
                        number_data_point::Value::AsInt(number) => *number as f64,
                    })
                    .sum()
            }
            Data::Histogram(histogram) => histogram
                .data_points
                .iter()
                .filter(|point| has(&point.attributes))
                .map(|point| point.count as f64)
                .sum(),
            other @ (Data::Sum(_) | Data::ExponentialHistogram(_) | Data::Summary(_)) => panic!("{other:?}"),
        }
    }
}
