//! How many failures the lanes of a run may have: their shares never add up to more than what is left.

/// The failures that a run may have.
#[derive(Debug, Clone, Default)]
pub(super) struct Budget {
    most: Option<u64>,
    failed: u64,
    /// What each lane may still have, by number; `None` where it has no share.
    shares: Vec<Option<u64>>,
    /// The lanes that wait for a share.
    waiting: Vec<u32>,
    /// Which lanes have ended.
    ended: Vec<bool>,
}

impl Budget {
    pub(super) fn new(most: Option<u64>, lanes: usize) -> Self {
        Self { most, failed: 0, shares: vec![None; lanes], waiting: Vec::new(), ended: vec![false; lanes] }
    }

    /// Takes in that a lane asks for a share.
    pub(super) fn ask(&mut self, lane: u32) {
        if !self.waiting.contains(&lane) {
            self.waiting.push(lane);
        }
    }

    /// Takes in how many failures a lane's session had. The lane keeps what is left of its share.
    pub(super) fn used(&mut self, lane: u32, failed: u64) {
        self.failed += failed;
        if let Some(share) = self.shares.get_mut(lane as usize) {
            *share = share.and_then(|share| share.checked_sub(failed)).filter(|left| *left > 0);
        }
    }

    /// Takes in that a lane has ended.
    pub(super) fn ended(&mut self, lane: u32) {
        self.waiting.retain(|waiting| *waiting != lane);
        if let Some(share) = self.shares.get_mut(lane as usize) {
            *share = None;
        }
        if let Some(ended) = self.ended.get_mut(lane as usize) {
            *ended = true;
        }
    }

    /// Returns how many failures there were, where they are as many as there may be.
    pub(super) fn is_used_up(&self) -> Option<u64> {
        self.most.is_some_and(|most| self.failed >= most).then_some(self.failed)
    }

    /// Returns the next lane that waits and its share; `None` where none waits, or where nothing is left to share out.
    pub(super) fn next(&mut self) -> Option<(u32, u64)> {
        let lane = *self.waiting.first()?;
        let out: u64 = self.shares.iter().flatten().sum();
        let left = self.most?.saturating_sub(self.failed).saturating_sub(out);
        if left == 0 {
            return None;
        }
        let lanes = self.ended.iter().filter(|ended| !**ended).count() as u64;
        let whole = self.most?.saturating_sub(self.failed);
        let share = (whole / lanes.max(1)).clamp(1, left);
        self.waiting.remove(0);
        *self.shares.get_mut(lane as usize)? = Some(share);
        Some((lane, share))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_never_add_up_to_more_than_what_is_left() {
        let mut budget = Budget::new(Some(5), 4);
        (0..4).for_each(|lane| budget.ask(lane));
        let shares: Vec<_> = std::iter::from_fn(|| budget.next()).collect();
        assert_eq!(shares, [(0, 1), (1, 1), (2, 1), (3, 1)]);
        budget.used(0, 1);
        budget.ask(0);
        assert_eq!(budget.next(), Some((0, 1)));
        (0..4).for_each(|lane| budget.used(lane, 1));
        assert_eq!(budget.is_used_up(), Some(5));
        budget.ask(2);
        assert_eq!(budget.next(), None);
    }

    #[test]
    fn one_failure_is_shared_by_one_lane_after_another() {
        let mut budget = Budget::new(Some(1), 3);
        (0..3).for_each(|lane| budget.ask(lane));
        assert_eq!(budget.next(), Some((0, 1)));
        assert_eq!(budget.next(), None);
        budget.ended(0);
        assert_eq!(budget.next(), Some((1, 1)));
        budget.ended(1);
        assert_eq!(budget.next(), Some((2, 1)));
    }

    #[test]
    fn a_lane_keeps_what_is_left_of_its_share() {
        let mut budget = Budget::new(Some(10), 2);
        (0..2).for_each(|lane| budget.ask(lane));
        assert_eq!([budget.next(), budget.next()], [Some((0, 5)), Some((1, 5))]);
        budget.used(0, 2);
        budget.used(0, 3);
        budget.ask(0);
        assert_eq!(budget.next(), None);
        budget.ended(1);
        assert_eq!(budget.next(), Some((0, 5)));
    }

    #[test]
    fn without_a_limit_nobody_gets_a_share() {
        let mut budget = Budget::new(None, 1);
        budget.ask(0);
        assert_eq!(budget.next(), None);
        assert_eq!(budget.is_used_up(), None);
    }
}
