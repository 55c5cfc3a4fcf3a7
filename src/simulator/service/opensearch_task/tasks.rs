//! Tasks, in two lists of each instance: `ListClusterTasks` and `ListDataSourceTasks`.

use serde_json::{Value, json};

use super::super::call::{Action, Api, Call};
use super::super::listing::{Listing, Members, Paging, Style, Total, without_nothing};
use super::super::view::View;

// The vendor states no quota; ten a second is an assumption.
static OF_CLUSTER: Api = Api { name: "searchengine:ListClusterTasks", rate: 10.0, burst: 10.0 };
static OF_DATA_SOURCE: Api = Api { name: "searchengine:ListDataSourceTasks", rate: 10.0, burst: 10.0 };
static STYLE: Style = Style { list: "result", total: Total::Untold, request_id: Some("requestId"), beyond: None };

/// Lists the tasks of an instance's cluster.
pub(super) fn of_cluster(instance: &str) -> Call<'_> {
    Call { api: &OF_CLUSTER, action: Action::List(listing(instance, false)) }
}

/// Lists the tasks of an instance's data sources.
pub(super) fn of_data_source(instance: &str) -> Call<'_> {
    Call { api: &OF_DATA_SOURCE, action: Action::List(listing(instance, true)) }
}

fn listing(scope: &str, of_data_source: bool) -> Listing<'_> {
    Listing {
        scope,
        sort: None,
        of: Members::Half(of_data_source),
        filter: None,
        status: None,
        paging: Paging::Whole,
        style: &STYLE,
        show: Box::new(move |view| if of_data_source { in_data_source(view) } else { item(view) }),
    }
}

/// Shows a task as the list of data sources does: with a word of its own, where one is stated for it.
fn in_data_source(view: &View<'_>) -> Value {
    let mut item = item(view);
    if let Some(word) = view.field("data_status").filter(|_| view.runs) {
        item["status"] = word.into();
    }
    item
}

/// Shows a task.
pub(super) fn item(view: &View<'_>) -> Value {
    without_nothing(json!({
        "fsmId": view.name.name,
        "name": view.text("name"),
        "type": view.text("type"),
        "groupType": view.text("group"),
        "status": view.word,
        "time": view.start,
        "user": view.text("user"),
        "field3": "",
        "extraAttribute": "{}",
        "tags": [{"msg": "simulated", "tagLevel": "1"}],
        "taskNodes": [],
    }))
}
