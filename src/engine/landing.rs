//! What the dispatcher makes of one exchange that is over: for its targets, for its lane, for its key.

use tokio::time::Instant;

use super::breaker::{Breaker, Trip};
use super::dispatcher::Dispatcher;
use super::echo::Echoes;
use super::event::Event;
use super::exchange::{Exchange, Landed};
use super::flight::{Flight, Moment, Next, Rules};
use super::lane::{Lane, Role, Slowing};
use super::retry;
use crate::error::{ApiError, ErrorClass};
use crate::http::Response;
use crate::service::{Kind, Observation};
use crate::transport::{Blame, SendError};

impl Dispatcher<'_> {
    /// Takes in what came of one request.
    pub(super) fn land(&mut self, landed: Landed) {
        let Landed { lane: at, flights, exchange, departure, echoes } = landed;
        let now = Instant::now();
        let wall = self.sender.timeline.at(now);
        let chance = self.chance.f64();
        let first = flights.first();
        let target = first.map_or(u32::MAX, |flight| flight.target);
        let is_retry = first.is_some_and(|flight| !flight.attempts.is_empty());
        let is_stuck = first.is_some_and(Flight::is_throttled_again);
        let (hint, clock_corrected) = (None, false);
        let moment = Moment { target, departure, now, wall, chance, is_retry, is_stuck, hint, clock_corrected };
        let Some(role) = self.roster.lanes.get_mut(at).map(|lane| lane.landed(now)) else { return };
        let is_short = matches!(&exchange, Exchange::Failed(error) if error.blame == Blame::Descriptors);
        let flights = match is_short {
            true => match self.hold_back(at, flights, now) {
                Ok(()) => return,
                Err(flights) => flights,
            },
            false => {
                self.shortage.passed();
                flights
            }
        };
        match (exchange, role) {
            (Exchange::Unsigned(error), _) => {
                for mut flight in flights {
                    let result = flight.unsendable(error.to_string(), wall);
                    self.record(&flight, result);
                }
            }
            (Exchange::Response(response), Role::Stop) => self.answered(at, flights, (&response, &echoes), moment),
            (Exchange::Failed(error), Role::Stop) => self.unanswered(at, flights, &error, moment),
            (Exchange::Response(response), Role::Read(stage)) => {
                let observations = self.observations(at, stage, &flights, &response);
                let observations: Vec<_> =
                    observations.into_iter().map(|seen| echoes.out_of_observation(seen)).collect();
                let error = observations.iter().find_map(|observation| observation.as_ref().err());
                let moment = self.mind(at, error, &response, moment);
                self.sighted(at, flights, observations, moment);
            }
            (Exchange::Failed(error), Role::Read(_)) => {
                self.ail(at, &Trouble::of(&error), &moment);
                let nothing = vec![Err(unread(&error)); flights.len()];
                self.sighted(at, flights, nothing, moment);
            }
        }
    }

    /// Takes in the answer to a stop request.
    fn answered(&mut self, at: usize, flights: Vec<Flight>, (response, echoes): (&Response, &Echoes), moment: Moment) {
        let Some(kind) = self.kind(at) else { return };
        for mut flight in flights {
            let Some(target) = self.sender.plan.targets.get(flight.target as usize) else { continue };
            let verdict = echoes.out_of_verdict(kind.verdict(&target.params, response));
            let moment = self.mind(at, Some(&verdict.error), response, moment);
            let next = flight.answered(verdict, response.status, &self.rules(kind), moment);
            self.attempted(at, flight, next, moment.now);
        }
    }

    /// Takes in that a stop request got no answer.
    fn unanswered(&mut self, at: usize, flights: Vec<Flight>, error: &SendError, moment: Moment) {
        let Some(kind) = self.kind(at) else { return };
        self.ail(at, &Trouble::of(error), &moment);
        for mut flight in flights {
            let next = flight.unanswered(error.clone(), &self.rules(kind), moment);
            self.attempted(at, flight, next, moment.now);
        }
    }

    /// Returns what the answer to a read tells of each target of its batch.
    fn observations(&self, at: usize, stage: usize, flights: &[Flight], response: &Response) -> Vec<Observation> {
        let targets = &self.sender.plan.targets;
        let batch = flights.iter().filter_map(|flight| targets.get(flight.target as usize));
        let batch: Vec<_> = batch.map(|target| &target.params).collect();
        self.kind(at).map_or_else(Vec::new, |kind| kind.observations(stage, &batch, response))
    }

    /// Takes in what a read saw of each target.
    fn sighted(&mut self, at: usize, flights: Vec<Flight>, observations: Vec<Observation>, moment: Moment) {
        let Some(kind) = self.kind(at) else { return };
        for (mut flight, observation) in flights.into_iter().zip(observations) {
            let next = flight.sighted(observation, &self.rules(kind), moment);
            let state = match &next {
                Next::Done(result) => result.state.as_deref(),
                Next::Stop(_) | Next::Read(..) => flight.state.as_deref(),
            };
            self.tell(&Event::Read { target: flight.target as usize, lane: at, state });
            self.proceed(flight, next, moment.now);
        }
    }

    /// Draws from an answer what concerns more than its target: throttling, the clock, the credentials.
    fn mind(&mut self, at: usize, error: Option<&ApiError>, response: &Response, mut moment: Moment) -> Moment {
        let Some(lane) = self.roster.lanes.get_mut(at) else { return moment };
        moment.hint = retry::hint(response, &*self.sender.clock);
        let class = error.and_then(|error| error.class);
        if class != Some(ErrorClass::Throttled) {
            lane.granted(&moment);
        }
        match class {
            Some(class @ ErrorClass::Throttled) => {
                let limit = error.and_then(|error| lane.kind.cloud().stated_limit(error));
                let slowing = lane.throttled(&self.sender.plan.retry, &moment, limit);
                let is_parched = lane.is_parched(&self.sender.plan.retry, moment.now);
                if let Slowing::To { from, rate, pause } = slowing {
                    self.tell(&Event::Slowed { lane: at, pause, from, rate, class });
                }
                if is_parched {
                    self.give_up_lane(at, class);
                }
            }
            Some(ErrorClass::Clock) => {
                moment.clock_corrected =
                    lane.clock.correct(moment.departure.clearance.clock, response, self.sender.clock.now());
            }
            Some(ErrorClass::Auth) => {
                let principal = lane.principal.clone();
                self.refuse(&principal, moment.target);
            }
            Some(class) if Breaker::counts(class) => {
                let message = error.and_then(|error| error.message.as_deref()).unwrap_or(class.name());
                self.ail(at, &Trouble { class, message, never_left: false }, &moment);
            }
            Some(_) | None => {
                lane.welcomed(&moment);
                if lane.is_suspect && vouches(class) {
                    let principal = lane.principal.clone();
                    self.roster.vouched(&principal);
                }
            }
        }
        moment
    }

    /// Tells a lane that its service shows a sign of being sick; it may pause, or be given up.
    fn ail(&mut self, at: usize, trouble: &Trouble<'_>, moment: &Moment) {
        let Some(lane) = self.roster.lanes.get_mut(at) else { return };
        let (trip, class) = (lane.ailing(&self.sender.plan.retry, moment), trouble.class);
        let is_lasting = trouble.never_left || trip != Trip::Unchanged;
        if is_lasting && self.troubles.insert(at, trouble.message.into()).is_none() {
            self.tell(&Event::Failing { lane: at, class, message: trouble.message });
        }
        match trip {
            Trip::Unchanged => {}
            Trip::Opened(pause) => self.tell(&Event::Slowed { lane: at, pause, from: None, rate: None, class }),
            Trip::Dead => self.give_up_lane(at, class),
        }
    }

    fn attempted(&mut self, at: usize, flight: Flight, next: Next, now: Instant) {
        let attempt = match &next {
            Next::Done(result) => result.attempts.last(),
            Next::Stop(_) | Next::Read(..) => flight.attempts.last(),
        };
        if let Some(attempt) = attempt {
            self.tell(&Event::Attempted { target: flight.target as usize, lane: at, attempt });
        }
        if matches!(next, Next::Stop(_) | Next::Read(..)) {
            self.note_end(&flight);
        }
        self.proceed(flight, next, now);
    }

    fn kind(&self, at: usize) -> Option<Kind> {
        self.roster.lanes.get(at).map(Lane::kind)
    }

    fn rules(&self, kind: Kind) -> Rules<'_> {
        let plan = &self.sender.plan;
        Rules { retry: &plan.retry, verify: plan.verify, is_paced: plan.limits.adaptive, kind }
    }
}

/// Tells whether only a service that took the key answers so. A gateway may say the rest before it looks at the key.
const fn vouches(class: Option<ErrorClass>) -> bool {
    use ErrorClass::{Conflict, Denied, NotFound, Rejected};
    matches!(class, None | Some(Conflict | Denied | NotFound | Rejected))
}

/// A sign of a sick service.
struct Trouble<'a> {
    class: ErrorClass,
    message: &'a str,
    /// Whether the request surely never reached the service.
    never_left: bool,
}

impl<'a> Trouble<'a> {
    fn of(error: &'a SendError) -> Self {
        Self { class: error.class, message: &error.message, never_left: error.surely_not_sent }
    }
}

/// Words the loss of a read's answer as the error that an answer would have carried.
fn unread(error: &SendError) -> ApiError {
    ApiError { class: Some(error.class), message: Some(error.message.as_str().into()), ..ApiError::default() }
}
