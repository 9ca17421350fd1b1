//! The threads of a check. One reads, digests and splits a file, one checks its values, and one for each column of
//! ids numbers the ids.

use std::io::{Error, Result};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use super::parquet_file;
use crate::domain::Register;
use crate::package::{Package, PackageError};
use chargesheet_check::ingest::batch::Batch;
use chargesheet_check::ingest::charges::Charges;
use chargesheet_check::ingest::numbering::{IdBatch, Numbered, Numbering};
use chargesheet_check::ingest::platform::Platform;
use chargesheet_check::ingest::{Report, Rules};

/// A platform with threads and a Parquet reader.
pub struct Threads;

impl Platform for Threads {
    fn read_ahead(
        &self,
        next: &mut (dyn FnMut() -> Result<Option<Batch>> + Send),
        take: &mut dyn FnMut(Batch),
    ) -> Result<()> {
        // Enough batches that neither side waits for the other all the time, and still only some megabytes.
        let (send, receive) = sync_channel(16);
        std::thread::scope(|scope| {
            let reading = scope.spawn(move || {
                while let Some(batch) = next()? {
                    send.send(batch).map_err(|_ended| Error::other("nobody takes the records"))?;
                }
                Ok(())
            });
            receive.into_iter().for_each(take);
            reading.join().unwrap_or_else(|_panic| Err(Error::other("the reader panicked")))
        })
    }

    fn number(&self, mut column: Numbered) -> Box<dyn Numbering> {
        let (send, receive) = sync_channel(32);
        let thread = std::thread::spawn(move || {
            receive.into_iter().for_each(|ids| column.take(ids));
            column
        });
        Box::new(NumberingThread { send, thread })
    }

    fn parquet(
        &self,
        package: &Package,
        register: &Register,
        rules: &Rules,
        report: &mut Report,
    ) -> std::result::Result<Charges, PackageError> {
        parquet_file::read(package, register, rules, self, report)
    }
}

/// A thread that numbers a column of ids.
struct NumberingThread {
    send: SyncSender<IdBatch>,
    thread: JoinHandle<Numbered>,
}

impl Numbering for NumberingThread {
    fn take(&mut self, ids: IdBatch) {
        // The thread ends early only when it panics. Joining it reports the panic.
        let _ = self.send.send(ids);
    }

    fn finish(self: Box<Self>) -> Numbered {
        drop(self.send);
        self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}
