//! Fits the weights of the ranker: the right candidates of many documents shall be the likeliest.
//!
//! Of the candidates in one document one is taken, or none where all stay below the contest's threshold: a
//! softmax over their scores. The weights start from those set by hand and pay for leaving them. The number
//! of rounds is fixed and nothing is drawn by lot: the same samples give the same weights.

use super::{Contest, Form};

const ROUNDS: usize = 400;
const STEP: f64 = 0.3;
/// How much a difference decides: of the logarithms of scores, and of scores that are sums.
const SHARP: f64 = 5.0;
const SHARP_SUMS: f64 = 10.0;

/// The candidates of one document: their clues (places in [`Task::clues`] and measures), and which are right.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Sample {
    /// Clues of each candidate, and whether it is right.
    pub options: Vec<(Vec<(usize, f64)>, bool)>,
}

/// A contest as training sees it.
#[derive(Clone, PartialEq, Debug)]
pub struct Task {
    /// The name of the contest.
    pub name: &'static str,
    /// The names of its clues.
    pub clues: Vec<&'static str>,
    sharp: f64,
    /// The utility of taking none of the candidates, where that is allowed.
    none: Option<f64>,
    /// How strongly the weights are held: as much as so many documents.
    hold: f64,
}

/// All contests.
#[cfg(feature = "lab")]
pub fn tasks() -> Vec<Task> {
    let task = |(contest, _): &(Contest, &'static str)| task_of(*contest);
    Contest::ALL.iter().map(task).collect()
}

fn task_of(contest: Contest) -> Task {
    let threshold = contest.threshold();
    let (sharp, least) = match contest.form() {
        Form::Product => (SHARP, threshold.ln()),
        Form::Sum => (SHARP_SUMS, threshold),
    };
    Task {
        name: contest.name(),
        clues: contest.clues().iter().map(|clue| clue.name()).collect(),
        sharp,
        none: (threshold > 0.0).then_some(sharp * least),
        hold: hold_of(contest),
    }
}

/// Free where made documents were measured to teach what also holds for others. Else next to what was set by
/// hand: sums are not chosen one by one but so that they add up, and names of companies and shops stand in
/// more places than made documents show.
fn hold_of(contest: Contest) -> f64 {
    match contest {
        Contest::Number | Contest::BareNumber | Contest::Recipient => 150.0,
        Contest::Company => 6_000.0,
        Contest::Gross | Contest::Net | Contest::Tax => 100_000.0,
        _ => 15_000.0,
    }
}

impl Task {
    /// The weights that make the right candidates of all samples likeliest, less what they cost by leaving
    /// `start`.
    pub fn fit(&self, start: &[f64], lists: &[&[Sample]]) -> Vec<f64> {
        let mut weights = start.to_vec();
        let samples = || lists.iter().copied().flatten();
        let count = samples().count() as f64 + self.hold;
        for _ in 0..ROUNDS {
            let held = weights.iter().zip(start);
            let mut slope: Vec<f64> =
                held.map(|(weight, start)| self.hold * (weight - start)).collect();
            for sample in samples() {
                self.add_slope(&weights, sample, &mut slope);
            }
            for (weight, slope) in weights.iter_mut().zip(&slope) {
                *weight -= STEP / self.sharp * slope / count;
            }
        }
        weights
    }

    /// Share of the samples in which a right candidate is taken, or none where none is right.
    pub fn share_right(&self, weights: &[f64], samples: &[Sample]) -> f64 {
        let right = samples.iter().filter(|sample| self.is_right(weights, sample)).count();
        right as f64 / samples.len().max(1) as f64
    }

    fn is_right(&self, weights: &[f64], sample: &Sample) -> bool {
        let (shares, none) = self.shares(weights, sample);
        let best = shares.iter().enumerate().fold((usize::MAX, none), |best, (at, share)| {
            if *share > best.1 { (at, *share) } else { best }
        });
        match sample.options.get(best.0) {
            Some((_, right)) => *right,
            None => sample.options.iter().all(|(_, right)| !right),
        }
    }

    /// Shares of the candidates by the weights, and that of none of them.
    fn shares(&self, weights: &[f64], sample: &Sample) -> (Vec<f64>, f64) {
        let utility = |clues: &[(usize, f64)]| {
            self.sharp * clues.iter().map(|(at, value)| weights[*at] * value).sum::<f64>()
        };
        let all: Vec<f64> = sample.options.iter().map(|(clues, _)| utility(clues)).collect();
        let top = all.iter().copied().chain(self.none).fold(f64::MIN, f64::max);
        let mut shares: Vec<f64> = all.iter().map(|utility| (utility - top).exp()).collect();
        let none = self.none.map_or(0.0, |none| (none - top).exp());
        let total = shares.iter().sum::<f64>() + none;
        shares.iter_mut().for_each(|share| *share /= total);
        (shares, none / total)
    }

    /// Adds the slope of one sample's loss: the logarithm of the share of all that is right.
    fn add_slope(&self, weights: &[f64], sample: &Sample, slope: &mut [f64]) {
        let (shares, none) = self.shares(weights, sample);
        let has_right = sample.options.iter().any(|(_, right)| *right);
        if !has_right && self.none.is_none() {
            return;
        }
        let options = || sample.options.iter().zip(&shares);
        let of_right = options().filter(|((_, right), _)| *right).map(|(_, share)| share);
        let right = if has_right { of_right.sum::<f64>() } else { none };
        for ((clues, is_right), share) in options() {
            let wanted = if *is_right { share / right.max(1e-12) } else { 0.0 };
            for (at, value) in clues {
                slope[*at] += self.sharp * (share - wanted) * value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Contest, Sample, Task, task_of};

    /// Documents in which the value to the right is right and the one below, nearer by the prior, is not.
    fn samples(task: &Task, count: usize) -> Vec<Sample> {
        let place = |name: &str| task.clues.iter().position(|clue| *clue == name).unwrap();
        let (right, next) = (place("right"), place("next"));
        let options = vec![(vec![(right, 1.0)], true), (vec![(next, 1.0)], false)];
        vec![Sample { options }; count]
    }

    fn start(task: &Task) -> Vec<f64> {
        let prior: super::super::Weights =
            serde_json::from_str(include_str!("../../../models/ranker-prior.json")).unwrap();
        task.clues.iter().map(|clue| prior[task.name][*clue]).collect()
    }

    #[test]
    fn documents_teach_what_is_right_and_the_same_ones_teach_the_same() {
        let task = task_of(Contest::Number);
        let (samples, start) = (samples(&task, 60), start(&task));
        assert_eq!(task.share_right(&start, &samples), 0.0);
        let weights = task.fit(&start, &[&samples]);
        assert_eq!(task.share_right(&weights, &samples), 1.0);
        assert_eq!(task.fit(&start, &[&samples]), weights);
        // Two lists are as good as one.
        let (few, rest) = samples.split_at(13);
        assert_eq!(task.fit(&start, &[few, rest]), weights);
    }

    #[test]
    fn without_documents_weights_stay_and_few_move_them_little() {
        let task = task_of(Contest::Number);
        let start = start(&task);
        assert_eq!(task.fit(&start, &[]), start);
        let far = |count: usize| {
            let weights = task.fit(&start, &[&samples(&task, count)]);
            weights.iter().zip(&start).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
        };
        assert!(far(2) < 0.1 && far(2) < far(60));
    }

    #[test]
    fn where_no_candidate_is_right_all_of_them_lose() {
        let task = task_of(Contest::Recipient);
        let first = task.clues.iter().position(|clue| *clue == "first_line").unwrap();
        let wrong = Sample { options: vec![(vec![(first, 1.0)], false)] };
        let samples = vec![wrong; 300];
        let weights = task.fit(&start(&task), &[&samples]);
        assert!(weights[first] < Contest::Recipient.threshold().ln());
        assert_eq!(task.share_right(&weights, &samples), 1.0);
    }
}
