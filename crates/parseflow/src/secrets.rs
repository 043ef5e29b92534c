//! What is encrypted under the master key, gone through: when the service starts, when somebody asks
//! how it stands, and when the key is changed.
//!
//! A walk asks the store for what does not begin as the key that seals begins everything. Whatever it
//! has encrypted anew it does not find again, so a walk that was interrupted is simply begun again.

use std::fmt;

use parseflow_model::Dice;
use parseflow_store::{
    Resealed, SealedCursor, SealedPlace, SealedStore, SealedValue, Store, StoreError,
};
use parseflow_webhooks::vault::{KeyRing, KeyTag, VaultError, answer_context, headers_context};

/// Rows looked at together, and written in one commit.
const SLICE_ROWS: usize = 100;
/// Walks over everything before giving up: each finds only what has been encrypted with an older key
/// since the one before.
const WALKS_MAX: usize = 20;

/// Why secrets cannot be used, or their key not be changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SecretsError {
    #[error(
        "{closed}, which is none of those given ({given}); name its file with --master-key-file, after the one of the key in use"
    )]
    KeyNotGiven { closed: Closed, given: Tags },
    #[error(
        "{count} values were left as they are: {closed}, which is none of those given ({given}); name its file with --master-key-file as well and run this again"
    )]
    LeftClosed { count: usize, closed: Closed, given: Tags },
    #[error(
        "values are still being encrypted with an older key than {key}: start every process with the file of {key} first in --master-key-file, then run this again"
    )]
    OlderKeyInUse { key: KeyTag },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A value that none of the keys opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Closed {
    place: SealedPlace,
    tag: Option<KeyTag>,
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            SealedPlace::Secret(id) => write!(f, "the secret of {id} is")?,
            SealedPlace::NextSecret(id) => write!(f, "the next secret of {id} is")?,
            SealedPlace::Headers(id) => write!(f, "the headers of {id} are")?,
            SealedPlace::Answer { account, .. } => write!(f, "an answer kept for {account} is")?,
        }
        match self.tag {
            Some(tag) => write!(f, " encrypted with the master key {tag}"),
            None => f.write_str(" encrypted with a master key"),
        }
    }
}

/// Keys by their tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tags(Vec<KeyTag>);

impl Tags {
    fn of(ring: &KeyRing) -> Self {
        Self(ring.tags().collect())
    }
}

impl fmt::Display for Tags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&texts.join(", "))
    }
}

/// What a walk over a slice is told.
struct Slice {
    values: Vec<SealedValue>,
    /// Whether these are answers, after the endpoints.
    answers: bool,
}

/// A walk over what the ring's first key has not sealed.
struct Walk<'a> {
    store: &'a dyn SealedStore,
    prefix: [u8; 5],
    next: Option<SealedCursor>,
}

impl<'a> Walk<'a> {
    fn new(store: &'a dyn SealedStore, ring: &KeyRing) -> Self {
        Self { store, prefix: ring.sealing_tag().prefix(), next: Some(SealedCursor::START) }
    }

    async fn slice(&mut self) -> Result<Option<Slice>, StoreError> {
        let Some(cursor) = self.next.take() else { return Ok(None) };
        let answers = matches!(cursor, SealedCursor::Answers(..));
        let found = self.store.sealed_otherwise(&self.prefix, &cursor, SLICE_ROWS).await?;
        self.next = found.next;
        Ok(Some(Slice { values: found.values, answers }))
    }
}

fn open(ring: &KeyRing, value: &SealedValue) -> Result<Vec<u8>, VaultError> {
    ring.open(&context(&value.place), &value.bytes)
}

fn context(place: &SealedPlace) -> String {
    match place {
        SealedPlace::Secret(id) | SealedPlace::NextSecret(id) => id.to_string(),
        SealedPlace::Headers(id) => headers_context(id),
        SealedPlace::Answer { account, key } => answer_context(account, key),
    }
}

fn closed(value: SealedValue) -> Closed {
    Closed { tag: KeyTag::of_sealed(&value.bytes), place: value.place }
}

/// Makes sure that the keys of the endpoints' secrets are there.
///
/// # Errors
/// [`SecretsError::KeyNotGiven`] when one is not.
pub(crate) async fn must_open(store: &dyn Store, ring: &KeyRing) -> Result<(), SecretsError> {
    let mut walk = Walk::new(store, ring);
    while let Some(slice) = walk.slice().await?.filter(|slice| !slice.answers) {
        if let Some(value) = slice.values.into_iter().find(|value| open(ring, value).is_err()) {
            return Err(SecretsError::KeyNotGiven { closed: closed(value), given: Tags::of(ring) });
        }
    }
    Ok(())
}

/// How many values are encrypted with an older key.
///
/// # Errors
/// [`SecretsError::KeyNotGiven`] when one does not open.
pub(crate) async fn count_older(store: &dyn Store, ring: &KeyRing) -> Result<usize, SecretsError> {
    let (mut walk, mut older) = (Walk::new(store, ring), 0);
    while let Some(slice) = walk.slice().await? {
        older += slice.values.len();
        if let Some(value) = slice.values.into_iter().find(|value| open(ring, value).is_err()) {
            return Err(SecretsError::KeyNotGiven { closed: closed(value), given: Tags::of(ring) });
        }
    }
    Ok(older)
}

/// Encrypts everything anew with the ring's first key, and goes through it again until nothing is
/// found that is encrypted with another; how many values were written. `told` hears how many so far.
///
/// # Errors
/// [`SecretsError::LeftClosed`] when some do not open; everything else has been encrypted anew.
pub(crate) async fn reseal_all(
    store: &dyn Store,
    ring: &KeyRing,
    dice: &dyn Dice,
    mut told: impl FnMut(usize),
) -> Result<usize, SecretsError> {
    let mut written = 0;
    for _ in 0..WALKS_MAX {
        let (mut left, mut found) = (Vec::new(), 0);
        let mut walk = Walk::new(store, ring);
        while let Some(slice) = walk.slice().await? {
            let mut anew = Vec::new();
            for before in slice.values {
                match open(ring, &before) {
                    Ok(plain) => {
                        let after = ring.seal(dice, &context(&before.place), &plain);
                        anew.push(Resealed { before, after });
                    }
                    Err(_) => left.push(before),
                }
            }
            found += anew.len();
            if !anew.is_empty() {
                written += store.reseal(anew).await?;
                told(written);
            }
        }
        if found == 0 {
            let count = left.len();
            return match left.into_iter().next() {
                None => Ok(written),
                Some(value) => {
                    let (closed, given) = (closed(value), Tags::of(ring));
                    Err(SecretsError::LeftClosed { count, closed, given })
                }
            };
        }
    }
    Err(SecretsError::OlderKeyInUse { key: ring.sealing_tag() })
}
