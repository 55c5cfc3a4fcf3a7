use super::super::super::tests::listing::{Captured, check_bad_pages, check_unseen, page_at, shown};
use super::super::super::tests::{SCOPE, response};
use super::*;
use crate::error::ErrorClass::NotFound;
use crate::service::From;

fn instance(id: &str) -> Resource {
    Resource::unknown(9).with(INSTANCE_ID, Some(id.into())).with(7, Some("vector".into()))
}

#[test]
fn requests_are_as_captured() {
    let instance = instance("ha-cn-7mz2nx41h01");
    for (which, capture) in [
        (TaskList::Cluster, "searchengine-ListClusterTasks--select-flat"),
        (TaskList::DataSource, "searchengine-ListDataSourceTasks--select-flat"),
    ] {
        let list = Tasks { instance: &instance, which };
        Captured::read(capture).check(&list.request(&page_at(From::Start, 0), &SCOPE));
    }
}

const FSM: &str = "tisplus_opensearch@datasource_flow_fsm@1865410598556969-ha-cn-0ju2rrogr01_test_api_2@sz_vpc_domain_1@null@MANUAL-ha-cn-0ju2rrogr01_test_api_2@1657511220772@165343";

#[test]
fn lists_show_tasks_with_what_is_known_of_their_instance() {
    let instance = instance("ha-cn-7mz2nx41h01");
    let list = Tasks { instance: &instance, which: TaskList::Cluster };
    for capture in ["select-flat", "select-nested-nodes"] {
        let page = list.page(&Captured::read(&format!("searchengine-ListClusterTasks--{capture}")).response()).unwrap();
        let fields = "general,datasource_flow_fsm,Index_Rebuild,admin,-,vector,-";
        assert_eq!(shown(&page.rows), [format!("ha-cn-7mz2nx41h01,{FSM},{fields}|retry|1657610520|-")], "{capture}");
    }
    let loose = r#"{"result": [{"fsmId": "a", "time": 1657610520, "status": null, "extraAttribute": "kanari", "user": 7}]}"#;
    let page = list.page(&response(200, "", loose));
    check_unseen(&page, &["kanari"]);
    assert_eq!(shown(&page.unwrap().rows), ["ha-cn-7mz2nx41h01,a,-,-,-,7,-,vector,-|-|1657610520|-"]);
}

#[test]
fn a_response_without_tasks_is_no_empty_list() {
    let instance = instance("ha-x");
    for which in [TaskList::Cluster, TaskList::DataSource] {
        let list = Tasks { instance: &instance, which };
        check_bad_pages(&list, "result");
        let error =
            list.page(&Captured::read("searchengine-ListClusterTasks--err-404-instance.NotFound").response()).unwrap_err();
        assert_eq!((error.class, error.code.as_deref()), (Some(NotFound), Some("instance.NotFound")));
        // No refusal of the service is a gateway's failure.
        let error = list.page(&response(502, "", r#"{"code": "instance.NotFound"}"#)).unwrap_err();
        assert_ne!(error.class, Some(NotFound));
    }
}
