//! What to do about an error alone.

use super::{class, cloud};
use crate::error::{Code, ErrorClass};
use crate::provider::Cloud;
use crate::service::Kind;

/// Whose error it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// That of a request to stop a target of this kind.
    Stop(Kind),
    /// That of a request to read the state of a target of this kind.
    Read(Kind),
    /// That of a request to list the resources of this kind.
    List(Kind),
    /// That of any service of this cloud.
    Cloud(Cloud),
    /// Anybody's.
    Any,
}

impl Origin {
    fn code(self, code: &str) -> Option<&'static Code> {
        match self {
            Self::Stop(kind) | Self::Read(kind) | Self::List(kind) => kind.code(code),
            Self::Cloud(cloud) => cloud.codes().iter().find(|known| known.code == code),
            Self::Any => None,
        }
    }

    /// Returns what to grant if the service says that it is not permitted.
    fn permission(self) -> Option<&'static str> {
        match self {
            Self::Stop(kind) => Some(kind.permission),
            Self::Read(kind) => Some(kind.read_permission),
            Self::List(kind) => Some(kind.service().lister().permission()),
            Self::Cloud(_) | Self::Any => None,
        }
    }
}

/// Returns what a person can do about an error: what its code says, else the service's rule, else the cloud's rule, else
/// what its class says.
///
/// `code` and `message` are the vendor's.
#[must_use]
pub fn advice(class: ErrorClass, code: Option<&str>, message: Option<&str>, origin: Origin) -> String {
    let own = || code.and_then(|code| origin.code(code)).and_then(|code| code.advice).map(str::to_owned);
    let of_service = || {
        let permission = origin.permission().filter(|_| class == ErrorClass::Denied);
        permission.map(|permission| format!("the credentials are good but may not do this: {permission}"))
    };
    let of_cloud = || cloud::advice(class, code, message).map(str::to_owned);
    let of_class = || {
        let of_listing = matches!(origin, Origin::List(_)).then(|| class::of_listing(class)).flatten();
        of_listing.unwrap_or_else(|| class::of_class(class)).to_owned()
    };
    own().or_else(of_service).or_else(of_cloud).unwrap_or_else(of_class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_refused_names_the_permission_for_it() {
        for kind in Kind::all() {
            let of = |origin| advice(ErrorClass::Denied, Some("Forbidden"), None, origin);
            let listed = of(Origin::List(*kind));
            assert!(listed.contains(kind.service().lister().permission()), "{kind}: {listed}");
            assert!(of(Origin::Read(*kind)).contains(kind.read_permission), "{kind}");
            assert!(of(Origin::Stop(*kind)).contains(kind.permission), "{kind}");
        }
        let changed = |origin| advice(ErrorClass::Conflict, None, None, origin);
        let live = Kind::named("live_flow").unwrap();
        assert!(changed(Origin::List(live)).contains("run the plan again"));
        assert!(changed(Origin::Stop(live)).contains("another change"));
        let fnf = Origin::List(Kind::named("fnf_execution").unwrap());
        let denied = advice(ErrorClass::Denied, Some("NoPermission"), None, fnf);
        assert!(denied.contains("fnf:ListFlows on *"), "{denied}");
        let gone = advice(ErrorClass::NotFound, Some("FlowNotExists"), None, fnf);
        assert!(gone.contains("flow_name"), "{gone}");
    }
}
