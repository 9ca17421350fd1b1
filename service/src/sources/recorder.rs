//! The recorder on every connection: the bytes of an exchange as they were sent and received, for the archive, and their bound.
//!
//! It stands between the HTTP library and TLS, so it sees what the two programs said to each other.

use std::io;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ureq::Error;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

/// The bytes of one request and its response.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Exchanged {
    /// What was sent.
    pub request: Vec<u8>,
    /// What was received.
    pub response: Vec<u8>,
}

#[derive(Debug, Default)]
struct State {
    exchanged: Exchanged,
    /// How many bytes may still be received.
    left: usize,
}

/// The record of a connection. Connections are made one after the other, so one record serves them all.
#[derive(Debug, Default, Clone)]
pub struct Recorder(Arc<Mutex<State>>);

impl Recorder {
    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it holds the lock, and a record would still be whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins anew. At most `most` bytes may be received from now on.
    pub fn allow(&self, most: usize) {
        *self.state() = State { left: most, ..State::default() };
    }

    /// Returns how many bytes may still be received.
    pub fn left(&self) -> usize {
        self.state().left
    }

    /// Takes what was recorded since the last time.
    pub fn take(&self) -> Exchanged {
        mem::take(&mut self.state().exchanged)
    }

    fn received(&self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        let taken = bytes.len().min(state.left);
        state.left -= taken;
        state.exchanged.response.extend_from_slice(&bytes[..taken]);
        if taken < bytes.len() { Err(io::Error::other("too many bytes")) } else { Ok(()) }
    }
}

impl<In: Transport> Connector<In> for Recorder {
    type Out = Recorded<In>;

    fn connect(&self, _: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<Self::Out>, Error> {
        Ok(chained.map(|connection| Recorded { connection, recorder: self.clone() }))
    }
}

/// A connection that is recorded.
#[derive(Debug)]
pub struct Recorded<T> {
    connection: T,
    recorder: Recorder,
}

impl<T: Transport> Transport for Recorded<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.connection.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let output = self.connection.buffers().output();
        self.recorder.state().exchanged.request.extend_from_slice(output.get(..amount).unwrap_or_default());
        self.connection.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let known = self.connection.buffers().input().len();
        let more = self.connection.await_input(timeout)?;
        let input = self.connection.buffers().input();
        self.recorder.received(input.get(known..).unwrap_or_default())?;
        Ok(more)
    }

    fn is_open(&mut self) -> bool {
        self.connection.is_open()
    }

    fn is_tls(&self) -> bool {
        self.connection.is_tls()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_received_than_was_allowed() {
        let recorder = Recorder::default();
        recorder.allow(5);
        assert!(recorder.received(b"abc").is_ok() && recorder.received(b"").is_ok());
        assert_eq!(recorder.left(), 2);
        assert!(recorder.received(b"defg").is_err());
        assert_eq!((recorder.left(), recorder.take().response), (0, b"abcde".to_vec()));
        recorder.allow(9);
        assert_eq!((recorder.left(), recorder.take()), (9, Exchanged::default()));
    }
}
