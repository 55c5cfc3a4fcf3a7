//! Who sends: the resource of all telemetry.

use opentelemetry::KeyValue;
use opentelemetry_sdk::Resource;

/// Returns the resource: the service is `allstop` unless the variables name it otherwise.
pub(super) fn resource(names_service: bool) -> Resource {
    let resource = Resource::builder();
    let resource = if names_service { resource } else { resource.with_service_name(env!("CARGO_PKG_NAME")) };
    resource.with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION"))).build()
}
