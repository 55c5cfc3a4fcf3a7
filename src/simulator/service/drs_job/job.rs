//! A job as listings show it.

use serde_json::{Value, json};

use super::super::view::View;

/// The types that listings of version 3 know.
pub(super) const TYPES: [&str; 3] = ["migration", "sync", "cloudDataGuard"];

/// Returns whether a job is of a type; it may be of several.
pub(super) fn is_of(view: &View<'_>, kind: &str) -> bool {
    view.text("job_type").split(',').any(|one| one == kind)
}

/// Shows a job in a listing of a type.
pub(super) fn item(view: &View<'_>, kind: Option<&str>, version: u8) -> Value {
    let job_type = kind.or_else(|| view.text("job_type").split(',').next()).unwrap_or_default();
    let mut item = json!({
        "id": view.name.name,
        "name": view.text("name"),
        "status": view.word,
        "create_time": view.start,
        "description": "",
        "engine_type": view.text("engine_type"),
        "net_type": view.text("net_type"),
        "billing_tag": true,
        "job_direction": view.text("direction"),
        "task_type": view.text("task_type"),
        "job_action": {"available_actions": ["FREE_RESOURCE"], "unavailable_actions": [], "current_action": ""},
        "children": view.children.iter().map(|child| self::item(child, kind, version)).collect::<Vec<_>>(),
    });
    let role = if view.children.is_empty() { Value::Null } else { "parent".into() };
    let more = match version {
        3 => json!({"db_use_type": job_type, "node_newFramework": false}),
        _ => json!({"job_type": job_type, "charging_mode": "on_demand", "job_mode": "single", "job_mode_role": role}),
    };
    if let (Some(item), Value::Object(more)) = (item.as_object_mut(), more) {
        item.extend(more);
        if view.start.is_none() {
            item.remove("create_time");
        }
    }
    item
}
