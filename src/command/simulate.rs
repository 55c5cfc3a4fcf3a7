//! `allstop simulate`: the simulator for people's own scripts.

use std::io::{self, Write};
use std::sync::Arc;

use secrecy::ExposeSecret;

use crate::cli::SimulateArgs;
use crate::provider::{Cloud, Credentials};
use crate::session::{Input, SelectedPlan, SelectionOptions, SessionError};
use crate::simulator::{self, Config, Faults, Handle, Resource, WorldError};
use crate::system;
use crate::terminal::Terminal;

use super::world;

/// Serves until it is interrupted.
pub(super) fn simulate(args: SimulateArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    system::demand()?;
    let plan = match args.plan {
        Some(input) => Some(SelectedPlan::load(&input, args.set, SelectionOptions::default(), &terminal.context())?),
        None => None,
    };
    let plan = plan.as_ref().map(SelectedPlan::plan);
    let world = args.world.as_ref().map(resources).transpose()?;
    let config = Config {
        port: args.port,
        faults: args.simulator.faults.unwrap_or(Faults::None),
        seed: args.simulator.seed,
        speed: args.simulator.speed.unwrap_or(1.0),
        auto_create: plan.is_none() && world.is_none(),
        ..Config::default()
    };
    let failed =
        |error: io::Error| SessionError::input(format!("cannot start the simulator: {error}"), "use another --port");
    let mut resources = match plan {
        Some(plan) => simulator::resources(plan)?,
        None => Vec::new(),
    };
    for resource in &mut resources {
        // All belong to the one pair of keys that the greeting shows.
        resource.id.account = 0;
        resource.draw(&config);
    }
    let lacks_project = world.as_ref().is_some_and(|(_, lacks_project)| *lacks_project);
    resources.extend(world.into_iter().flat_map(|(resources, _)| resources));
    let simulator = simulator::start(&config, resources).map_err(failed)?;
    // A reader that has gone away needs no greeting.
    let _ = greet(&simulator, lacks_project, &mut io::stdout().lock());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    runtime.block_on(tokio::signal::ctrl_c()).map_err(failed)?;
    Ok(0)
}

/// The project of jobs and flows whose lines name none.
const PROJECT: &str = "simulated-project";

/// Reads the resources of a world; tells whether some are in [`PROJECT`] because their lines name none.
fn resources(input: &Input) -> Result<(Vec<Resource>, bool), SessionError> {
    let unfit =
        |error: WorldError| SessionError::input(format!("cannot read {}: {error}", world::name(input)), error.hint());
    let world = world::read(input)?;
    let resources = world.resources_of_one(Some(PROJECT)).map_err(unfit)?;
    Ok((resources, world.resources_of_one(None).is_err()))
}

/// Prints where it listens and the keys that it takes, ready for a shell; they open nothing else.
fn greet(simulator: &Handle, lacks_project: bool, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "# the simulator listens on {}; press Ctrl-C to stop it", simulator.endpoint())?;
    writeln!(out, "# ledger of all requests: {}/_simulator/ledger", simulator.endpoint())?;
    if lacks_project {
        writeln!(out, "# resources without project_id are in this project; only accounts of it find them")?;
        writeln!(out, "export HUAWEICLOUD_SDK_PROJECT_ID={PROJECT}")?;
    }
    let pairs = [
        (Cloud::Alibaba, "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
        (Cloud::Huawei, "HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK"),
    ];
    for (cloud, name_of_id, name_of_secret) in pairs {
        if let Credentials::AccessKey { id, secret, .. } = simulator.credentials(cloud, 0) {
            writeln!(out, "export {name_of_id}={id}")?;
            writeln!(out, "export {name_of_secret}={}", secret.expose_secret())?;
        }
    }
    out.flush()
}
