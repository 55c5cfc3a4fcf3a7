use super::*;

fn node(pairs: &[(&str, &str)]) -> Result<Node, NodeError> {
    Node::of_environment(&pairs.iter().copied().collect())
}

#[test]
fn every_system_counts_from_where_it_counts_from() {
    for (pairs, expected) in [
        (&[("JOB_COMPLETION_INDEX", "0"), ("ALLSTOP_SHARDS", "4")][..], "1/4"),
        (&[("JOB_COMPLETION_INDEX", "3"), ("ALLSTOP_SHARDS", "4")], "4/4"),
        (&[("GITLAB_CI", "true"), ("CI_NODE_INDEX", "1"), ("CI_NODE_TOTAL", "4")], "1/4"),
        (&[("GITLAB_CI", "true"), ("CI_NODE_INDEX", "4"), ("CI_NODE_TOTAL", "4")], "4/4"),
        (&[("CIRCLE_NODE_INDEX", "0"), ("CIRCLE_NODE_TOTAL", "1")], "1/1"),
        (&[("CIRCLE_NODE_INDEX", "2"), ("CIRCLE_NODE_TOTAL", "3")], "3/3"),
        (&[("BUILDKITE_PARALLEL_JOB", "0"), ("BUILDKITE_PARALLEL_JOB_COUNT", "5")], "1/5"),
        (&[("BUILDKITE_PARALLEL_JOB", "4"), ("BUILDKITE_PARALLEL_JOB_COUNT", "5")], "5/5"),
    ] {
        let node = node(pairs).unwrap();
        assert_eq!(node.shard.to_string(), expected, "{pairs:?}");
        assert!(node.by.iter().all(|name| pairs.iter().any(|(given, _)| given == name)), "{node:?}");
    }
}

#[test]
fn what_names_no_shard_says_why() {
    for (pairs, expected) in [
        (&[][..], "none of JOB_COMPLETION_INDEX, CI_NODE_INDEX"),
        (&[("JOB_COMPLETION_INDEX", "")], "none of"),
        // A job of GitLab without `parallel` has a total and no number.
        (&[("GITLAB_CI", "true"), ("CI_NODE_TOTAL", "1")], "none of"),
        // Others set the same variables and count from 0.
        (&[("CI_NODE_INDEX", "1"), ("CI_NODE_TOTAL", "4")], "none of"),
        (&[("JOB_COMPLETION_INDEX", "0")], "JOB_COMPLETION_INDEX is set, but ALLSTOP_SHARDS is not"),
        (&[("JOB_COMPLETION_INDEX", "4"), ("ALLSTOP_SHARDS", "4")], "index must be from 0 to 3"),
        (&[("JOB_COMPLETION_INDEX", "0"), ("ALLSTOP_SHARDS", "0")], "shard 0 does not exist: there are 0"),
        (&[("JOB_COMPLETION_INDEX", "x"), ("ALLSTOP_SHARDS", "4")], "both must be numbers"),
        (&[("JOB_COMPLETION_INDEX", "0"), ("ALLSTOP_SHARDS", "4294967296")], "both must be numbers"),
        (&[("JOB_COMPLETION_INDEX", "4294967295"), ("ALLSTOP_SHARDS", "4")], "index must be from 0 to 3"),
        (&[("GITLAB_CI", "true"), ("CI_NODE_INDEX", "0"), ("CI_NODE_TOTAL", "4")], "shards are numbered from 1"),
        (
            &[("GITLAB_CI", "true"), ("CI_NODE_INDEX", "5"), ("CI_NODE_TOTAL", "4")],
            "shard 5 does not exist: there are 4",
        ),
    ] {
        let error = node(pairs).unwrap_err().to_string();
        assert!(error.contains(expected), "{pairs:?}: {error}");
    }
}

#[test]
fn two_systems_must_agree() {
    let circle = [("CIRCLE_NODE_INDEX", "0"), ("CIRCLE_NODE_TOTAL", "4")];
    let pod = |index| [("JOB_COMPLETION_INDEX", index), ("ALLSTOP_SHARDS", "4")];
    assert_eq!(node(&[circle, pod("0")].concat()).unwrap().shard, Shard::new(1, 4).unwrap());
    let error = node(&[circle, pod("1")].concat()).unwrap_err().to_string();
    assert_eq!(error, "JOB_COMPLETION_INDEX means shard 2/4, but CIRCLE_NODE_INDEX means shard 1/4");
}
