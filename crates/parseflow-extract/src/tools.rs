//! What the caller lends for reading a document.

/// Help for reading that this crate does not bring itself.
#[derive(Clone, Copy, Default)]
pub struct Tools<'a> {
    /// Called whenever a page is done that takes long to read, so that whoever waits knows that there
    /// is progress.
    pub page_done: Option<&'a dyn Fn()>,
}
