//! Operations on their way to the writer, and which of them make it write.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

/// The way in.
pub(super) struct Line<T> {
    /// An urgent operation, or the word that a patient one waits.
    urgent: mpsc::Sender<Option<T>>,
    patient: Arc<Mutex<Vec<T>>>,
}

/// The writer's end of the line. It ends once everything was taken and nobody can add to it.
pub(super) struct Waiting<T> {
    urgent: mpsc::Receiver<Option<T>>,
    patient: Arc<Mutex<Vec<T>>>,
    patience: Duration,
}

/// Nobody takes from the line any more.
pub(super) struct Closed;

/// A line in which patient operations wait for the next urgent one, for at most `patience`.
pub(super) fn line<T>(patience: Duration) -> (Line<T>, Waiting<T>) {
    let (sender, receiver) = mpsc::channel();
    let patient = Arc::new(Mutex::new(Vec::new()));
    let line = Line { urgent: sender, patient: Arc::clone(&patient) };
    (line, Waiting { urgent: receiver, patient, patience })
}

fn lock<T>(patient: &Mutex<Vec<T>>) -> MutexGuard<'_, Vec<T>> {
    patient.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> Line<T> {
    /// Adds an operation that somebody waits for: it is in the next group.
    pub(super) fn add(&self, operation: T) -> Result<(), Closed> {
        self.urgent.send(Some(operation)).map_err(|_| Closed)
    }

    /// Adds one that nobody waits for: it goes with the next urgent one, or alone when there is none for
    /// a while.
    pub(super) fn add_patient(&self, operation: T) -> Result<(), Closed> {
        let is_first = {
            let mut patient = lock(&self.patient);
            patient.push(operation);
            patient.len() == 1
        };
        // One word is enough: the others are found beside it.
        if is_first { self.urgent.send(None).map_err(|_| Closed) } else { Ok(()) }
    }
}

impl<T> Waiting<T> {
    /// Waits for the next group and fills it: at most `most` urgent operations, and what is patient.
    /// `false` at the end of the line.
    pub(super) fn fill(&self, group: &mut Vec<T>, most: usize) -> bool {
        while group.is_empty() {
            match self.urgent.recv() {
                Ok(Some(first)) => group.push(first),
                // It may have gone with an earlier group.
                Ok(None) if lock(&self.patient).is_empty() => {}
                Ok(None) => {
                    group.extend(self.urgent.recv_timeout(self.patience).ok().flatten());
                    break;
                }
                Err(_) => return false,
            }
        }
        let more = most.saturating_sub(group.len());
        group.extend(self.urgent.try_iter().take(more).flatten());
        group.append(&mut lock(&self.patient));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn next(waiting: &Waiting<u8>) -> Option<Vec<u8>> {
        let mut group = Vec::new();
        waiting.fill(&mut group, 3).then_some(group)
    }

    #[test]
    fn the_patient_go_with_the_next_urgent_one() {
        let (line, waiting) = line(Duration::MAX);
        for operation in 1..=3 {
            assert!(line.add_patient(operation).is_ok());
        }
        assert!(line.add(10).is_ok());
        assert_eq!(next(&waiting), Some(vec![10, 1, 2, 3]));
    }

    #[test]
    fn the_patient_go_alone_when_nothing_is_urgent() {
        let (line, waiting) = line(Duration::ZERO);
        assert!(line.add_patient(1).is_ok());
        assert_eq!(next(&waiting), Some(vec![1]));
        assert!(line.add_patient(2).is_ok());
        drop(line);
        assert_eq!(next(&waiting), Some(vec![2]));
        assert_eq!(next(&waiting), None);
    }

    #[test]
    fn a_group_is_bounded_and_a_late_word_finds_nobody() {
        let (line, waiting) = line(Duration::MAX);
        for operation in 10..14 {
            assert!(line.add(operation).is_ok());
        }
        assert!(line.add_patient(1).is_ok());
        assert_eq!(next(&waiting), Some(vec![10, 11, 12, 1]));
        assert_eq!(next(&waiting), Some(vec![13]));
        drop(line);
        assert_eq!(next(&waiting), None);
    }

    #[test]
    fn what_is_added_to_a_line_that_nobody_reads_is_refused() {
        let (line, waiting) = line(Duration::ZERO);
        drop(waiting);
        assert!(line.add(1).is_err());
        assert!(line.add_patient(1).is_err());
    }
}
