//! The quota that the API gateway names when it throttles.

use crate::base::rate::{Rate, Unit};

/// Reads `limit:80,time:1 minute` out of a message such as the gateway's `APIGW.0308`.
///
/// Only whole seconds, minutes and hours are understood, one of each.
#[must_use]
pub fn stated_limit(message: &str) -> Option<Rate> {
    let (_, rest) = message.split_once("limit:")?;
    let (events, rest) = rest.split_once(',')?;
    let (count, unit) = rest.trim_start().strip_prefix("time:")?.trim_start().split_once(' ')?;
    let per = match unit.trim_start().get(..3)? {
        "sec" => Unit::Second,
        "min" => Unit::Minute,
        "hou" => Unit::Hour,
        _ => return None,
    };
    let events = events.trim().parse().ok().filter(|events| *events > 0)?;
    (count == "1").then_some(Rate { events, per })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_gateways_text() {
        let text = "The throttling threshold has been reached: policy user over ratelimit,limit:80,time:1 minute";
        assert_eq!(stated_limit(text), Some(Rate::per_minute(80)));
        assert_eq!(stated_limit("policy api over ratelimit,limit:200,time:1 second"), Some(Rate::per_second(200)));
    }

    #[test]
    fn other_texts_state_nothing() {
        for text in ["", "limit:", "limit:x,time:1 minute", "limit:0,time:1 minute", "limit:5,time:2 minute", "limit:5"]
        {
            assert_eq!(stated_limit(text), None, "{text}");
        }
    }
}
