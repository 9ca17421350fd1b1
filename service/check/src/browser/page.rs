//! What the worker must offer: bytes of picked files, and ears for progress and faults.

use std::io::{Error, Read, Result, Seek, SeekFrom};

use wasm_bindgen::prelude::wasm_bindgen;

use crate::package::{Files, Input, browser_decodes};

#[wasm_bindgen]
extern "C" {
    /// Copies bytes of a picked file into `out`, from a place on. Returns how many there were; less than zero when the file
    /// cannot be read.
    #[wasm_bindgen(js_name = readAt)]
    fn read_at(file: u32, place: f64, out: &mut [u8]) -> i32;
    /// Is told the bytes of all files that will be read, before the first is.
    #[wasm_bindgen(js_name = beginRead)]
    fn begin_read(bytes: f64);
    /// Begins a text in an encoding, by its label. Returns the number of the text.
    #[wasm_bindgen(js_name = beginDecoding)]
    fn begin_text(label: &str) -> u32;
    /// Decodes further bytes of a text.
    #[wasm_bindgen(js_name = decodePiece)]
    fn decode_text(text: u32, bytes: &[u8], is_last: bool) -> String;
    /// Is told the place in the program of a fault of its own, and nothing that was read.
    #[wasm_bindgen(js_name = tellFault)]
    fn tell_fault(place: &str);
}

/// Tells how many bytes will be read.
pub(super) fn begin(bytes: u64) {
    begin_read(bytes as f64);
}

/// The picked files, by name and size. A file's place in the list is its number.
#[derive(Debug, Clone)]
pub(super) struct Picked(Vec<(String, u64)>);

impl Picked {
    /// Takes a list of names and sizes, as JSON. A fault of the program is told from now on.
    pub fn of(files: &str) -> Self {
        std::panic::set_hook(Box::new(|fault| {
            tell_fault(&fault.location().map(ToString::to_string).unwrap_or_default());
        }));
        browser_decodes(begin_text, decode_text);
        Self(serde_json::from_str(files).expect("the worker writes a list"))
    }
}

impl Files for Picked {
    fn open(&self, path: &str) -> Result<Box<dyn Input>> {
        let number = self.0.iter().position(|(own, _)| own == path).ok_or(std::io::ErrorKind::NotFound)?;
        Ok(Box::new(PickedFile { number: number as u32, size: self.0[number].1, at: 0 }))
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.0.iter().find(|(own, _)| own == path).map(|(_, size)| *size)
    }

    fn names(&self) -> Vec<String> {
        self.0.iter().map(|(path, _)| path.clone()).collect()
    }
}

/// A picked file that is being read.
struct PickedFile {
    number: u32,
    size: u64,
    at: u64,
}

impl Read for PickedFile {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        let left = self.size.saturating_sub(self.at);
        let wanted = out.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        if wanted == 0 {
            return Ok(0);
        }
        let read = read_at(self.number, self.at as f64, &mut out[..wanted]);
        let read =
            usize::try_from(read).map_err(|_negative| Error::other("the browser cannot read it any more"))?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for PickedFile {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(std::io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
