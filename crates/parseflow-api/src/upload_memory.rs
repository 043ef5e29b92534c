//! Uploaded bytes in memory, bounded over all requests.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::ApiError;

/// The unit that is counted: fine enough for small files, coarse enough for the semaphore.
const UNIT_BYTES: u64 = 4 * 1024;

/// What is left for uploads. Cheap to clone.
#[derive(Clone)]
pub(crate) struct UploadMemory(Arc<Semaphore>);

impl UploadMemory {
    pub(crate) fn new(bytes_max: u64) -> Self {
        let units = usize::try_from(bytes_max / UNIT_BYTES).unwrap_or(Semaphore::MAX_PERMITS);
        Self(Arc::new(Semaphore::new(units.min(Semaphore::MAX_PERMITS))))
    }

    /// An empty buffer.
    pub(crate) fn buffer(&self) -> Held {
        Held { bytes: Vec::new(), memory: self.clone(), permit: None, units: 0 }
    }
}

/// The bytes of a file, counted as long as they are held.
pub(crate) struct Held {
    bytes: Vec<u8>,
    memory: UploadMemory,
    permit: Option<OwnedSemaphorePermit>,
    units: u64,
}

impl Held {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Adds a piece. Nobody waits for room: whoever waits holds some, and would wait for others who
    /// wait.
    pub(crate) fn push(&mut self, piece: &[u8]) -> Result<(), ApiError> {
        let units = (self.bytes.len() as u64 + piece.len() as u64).div_ceil(UNIT_BYTES);
        if let Ok(more @ 1..) = u32::try_from(units - self.units) {
            let permit = Arc::clone(&self.memory.0).try_acquire_many_owned(more);
            let permit = permit.map_err(|_| ApiError::UploadBusy)?;
            match &mut self.permit {
                Some(held) => held.merge(permit),
                None => self.permit = Some(permit),
            }
            self.units = units;
        }
        self.bytes.extend_from_slice(piece);
        Ok(())
    }

    /// The bytes and what counts them: drop it after the bytes.
    pub(crate) fn into_parts(self) -> (Vec<u8>, Option<OwnedSemaphorePermit>) {
        (self.bytes, self.permit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_counted_while_it_is_held() {
        let memory = UploadMemory::new(3 * UNIT_BYTES);
        let mut first = memory.buffer();
        let mut second = memory.buffer();
        first.push(b"x").unwrap();
        first.push(&[0; 4_095]).unwrap();
        second.push(&[0; 8_192]).unwrap();
        assert_eq!(first.push(b"x").unwrap_err().code(), "upload_busy");
        assert_eq!(first.bytes().len(), 4_096, "nothing of the refused piece is kept");
        drop(second);
        first.push(b"x").unwrap();
        let (bytes, permit) = first.into_parts();
        assert_eq!(bytes.len(), 4_097);
        drop(permit);
        assert_eq!(memory.0.available_permits(), 3);
    }
}
