//! Building and signing the stop request of one target of each kind; fnf with both of its signatures.

use std::hint::black_box;

use allstop::http::Signature;
use allstop::plan::Target;
use allstop::provider::{self, Cloud, Credentials, Origin, Signing};
use allstop::service::Scope;
use criterion::{Criterion, Throughput};
use jiff::Timestamp;

use crate::world::parsed;

const PLAN: &str = "version: 1\n\
    accounts:\n  \
      ali: {cloud: alibaba, region: cn-hangzhou}\n  \
      hw: {cloud: huawei, region: cn-north-4, project_id: 054ba152d480d55b2f5dc0069e7ddef0}\n\
    targets:\n\
    - {kind: fnf_execution, account: ali, flow_name: etl, execution_name: run-1}\n\
    - {kind: opensearch_task, account: ali, instance_id: ha-cn-7mz2nx41h01, fsm_id: tisplus@datasource_flow_fsm@165343}\n\
    - {kind: elasticsearch_task, account: ali, instance_id: es-cn-n6w1o1x0w001c}\n\
    - {kind: live_flow, account: hw, flow_id: ec897482-d24b-4d64-aa39-407980902b1d}\n\
    - {kind: drs_job, account: hw, job_id: c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r}\n";

pub(crate) fn bench(criterion: &mut Criterion) {
    let plan = parsed(PLAN);
    let origin = Origin::parse("https://service.example.com").expect("it is one");
    let mut group = criterion.benchmark_group("signing");
    group.throughput(Throughput::Elements(1));
    for target in &plan.targets {
        let name = target.kind.name;
        let own = target.kind.stop_api.signature;
        group.bench_function(name, |bencher| bencher.iter(|| sign(black_box(target), &origin, own)));
        if name == "fnf_execution" {
            group.bench_function("fnf_execution, v3", |bencher| {
                bencher.iter(|| sign(black_box(target), &origin, Signature::Acs3));
            });
        }
    }
    group.finish();
}

fn sign(target: &Target, origin: &Origin, signature: Signature) -> usize {
    let cloud = target.kind.cloud;
    let project_id = (cloud == Cloud::Huawei).then_some("054ba152d480d55b2f5dc0069e7ddef0");
    let scope = Scope {
        project_id: project_id.unwrap_or_default(),
        cause: "stopped by allstop run 019ab0c3-0042-713a-878c-54f6f23eac45",
        client_token: "a2b3c4d5e6f708192a3b4c5d6e7f8091",
    };
    let credentials = Credentials::AccessKey {
        id: "LTAI5tExampleExampleEx".to_owned(),
        secret: "an example of a secret, 30 long".into(),
        security_token: None,
    };
    let signing = Signing {
        origin,
        credentials: &credentials,
        project_id,
        signature,
        at: Timestamp::UNIX_EPOCH,
        nonce: "0123456789abcdef0123456789abcdef",
    };
    let request = target.kind.service().stop(&target.params, &scope);
    provider::sign(&request, &signing).expect("it can be signed").url.as_str().len()
}
