//! The archive of captured pages: WARC 1.1 (ISO 28500), each record packed by itself, as web archives keep and replay pages.
//!
//! While it is written, the file's name ends in `.open`. It loses that ending when it is whole. Every record that was written is
//! whole by itself, so what a broken run left can be read, too.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::recorder::Exchanged;
use crate::disk;
use crate::package::hex;

/// The ending of a file that is being written.
const OPEN: &str = ".open";

/// An archive that is being written.
#[derive(Debug)]
pub struct Archive {
    file: File,
    path: PathBuf,
    /// The number of records so far.
    records: u64,
}

chargesheet_check::words! {
    /// Why a response was not recorded to its end, in the words of the format.
    Cut {
        /// It has more bytes than are kept.
        Length = "length",
        /// It took longer than was waited.
        Time = "time",
        /// The connection broke off, or the response is damaged.
        Disconnect = "disconnect",
    }
}

impl Archive {
    /// Begins an archive in a folder. The name has the dataset and the moment.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn begin(folder: &Path, dataset: &str, software: &str, now: Timestamp) -> io::Result<Self> {
        let moment = now.strftime("%Y%m%d%H%M%S%3f");
        let path = folder.join(format!("{dataset}-{moment}.warc.gz"));
        if path.exists() {
            return Err(io::Error::new(
                io::ErrorKind::AlreadyExists,
                format!("{} is there already", path.display()),
            ));
        }
        let file = File::create_new(beside(&path))?;
        disk::inherit(&file, &path);
        let mut archive = Self { file, path, records: 0 };
        let about = format!(
            "software: {software}\r\nformat: WARC File Format 1.1\r\n\
             conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n\
             robots: obey\r\ndescription: Sources of the figures of the dataset {dataset}\r\n"
        );
        let name = archive.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let own = [("Content-Type", "application/warc-fields".to_owned()), ("WARC-Filename", name)];
        archive.record("warcinfo", now, &own, about.as_bytes())?;
        Ok(archive)
    }

    /// Keeps a request and its response as they went over the wire. `payload` is the SHA-256 of the response's body, in hex digits,
    /// if the body stands in the response as it is.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep(
        &mut self,
        url: &str,
        now: Timestamp,
        exchanged: &Exchanged,
        cut: Option<Cut>,
        payload: Option<&str>,
    ) -> io::Result<()> {
        let target = ("WARC-Target-URI", url.to_owned());
        let http = |message: &str| ("Content-Type", format!("application/http; msgtype={message}"));
        let mut own = vec![target.clone(), http("response")];
        own.extend(payload.map(|sha256| ("WARC-Payload-Digest", format!("sha256:{sha256}"))));
        own.extend(cut.map(|cut| ("WARC-Truncated", cut.name().to_owned())));
        let response = self.record("response", now, &own, &exchanged.response)?;
        let own = [target, http("request"), ("WARC-Concurrent-To", response)];
        self.record("request", now, &own, &exchanged.request)?;
        Ok(())
    }

    /// Writes a record. Returns its id.
    fn record(
        &mut self,
        kind: &str,
        now: Timestamp,
        own: &[(&str, String)],
        block: &[u8],
    ) -> io::Result<String> {
        let digest = hex(&Sha256::digest(block));
        let id = self.id(kind, now, &digest);
        let mut head = format!(
            "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: {id}\r\nWARC-Date: {}\r\n",
            now.strftime("%Y-%m-%dT%H:%M:%SZ")
        );
        for (name, value) in own {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!(
            "WARC-Block-Digest: sha256:{digest}\r\nContent-Length: {}\r\n\r\n",
            block.len()
        ));
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        for part in [head.as_bytes(), block, b"\r\n\r\n"] {
            packed.write_all(part)?;
        }
        self.file.write_all(&packed.finish()?)?;
        self.records += 1;
        Ok(id)
    }

    /// Makes an id for a record: a UUID of version 8 (RFC 9562), out of the file, the record's number and its content.
    fn id(&self, kind: &str, now: Timestamp, digest: &str) -> String {
        let seed = format!("{}\n{}\n{kind}\n{now}\n{digest}", self.path.display(), self.records);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&Sha256::digest(seed)[..16]);
        bytes[6] = 0x80 | (bytes[6] & 0x0f);
        bytes[8] = 0x80 | (bytes[8] & 0x3f);
        let hex = hex(&bytes);
        let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
        format!("<urn:uuid:{}>", parts.join("-"))
    }

    /// Ends the archive: all of it is on the disk, under its name. Returns its path.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn end(self) -> io::Result<PathBuf> {
        self.file.sync_all()?;
        std::fs::rename(beside(&self.path), &self.path)?;
        Ok(self.path)
    }
}

/// Returns the path of a file while it is written.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(OPEN);
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::io::Read as _;

    use super::*;

    /// Unpacks each member of a gzip file by itself.
    fn members(file: &[u8]) -> Vec<Vec<u8>> {
        let mut rest = file;
        let mut members = Vec::new();
        while !rest.is_empty() {
            let mut decoder = flate2::bufread::GzDecoder::new(rest);
            let mut member = Vec::new();
            decoder.read_to_end(&mut member).unwrap();
            members.push(member);
            rest = decoder.into_inner();
        }
        members
    }

    /// Splits a record into its fields and its block, by its length.
    fn record(member: &[u8]) -> (Vec<(String, String)>, Vec<u8>) {
        let end = memchr::memmem::find(member, b"\r\n\r\n").unwrap();
        let head = std::str::from_utf8(&member[..end]).unwrap();
        let mut lines = head.split("\r\n");
        assert_eq!(lines.next(), Some("WARC/1.1"));
        let fields: Vec<(String, String)> = lines
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let length: usize = field(&fields, "Content-Length").unwrap().parse().unwrap();
        let block = member[end + 4..end + 4 + length].to_vec();
        assert_eq!(&member[end + 4 + length..], b"\r\n\r\n");
        (fields, block)
    }

    fn field<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
        fields.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    #[test]
    fn every_record_is_read_back_by_its_length() {
        let folder = std::env::temp_dir().join(format!("chargesheet-warc-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir(&folder).unwrap();
        let now: Timestamp = "2026-11-29T11:00:00.5Z".parse().unwrap();
        let mut archive = Archive::begin(&folder, "figures", "chargesheet/1", now).unwrap();
        assert!(Archive::begin(&folder, "figures", "chargesheet/1", now).is_err(), "one file for one run");
        let exchanged = Exchanged {
            request: b"GET /a HTTP/1.1\r\n\r\n".to_vec(),
            response: b"HTTP/1.1 200 OK\r\n\r\n\0\r\n\r\nWARC/1.1\r\n".to_vec(),
        };
        archive.keep("https://a.example/a", now, &exchanged, None, Some("00ff")).unwrap();
        archive.keep("https://a.example/b", now, &Exchanged::default(), Some(Cut::Time), None).unwrap();
        let path = archive.end().unwrap();
        assert!(path.ends_with("figures-20261129110000500.warc.gz"), "{}", path.display());
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
        let records: Vec<_> = members(&std::fs::read(&path).unwrap()).iter().map(|own| record(own)).collect();
        let kinds: Vec<_> = records.iter().map(|(fields, _)| field(fields, "WARC-Type").unwrap()).collect();
        assert_eq!(kinds, ["warcinfo", "response", "request", "response", "request"]);
        for (fields, block) in &records {
            let digest = format!("sha256:{}", hex(&Sha256::digest(block)));
            assert_eq!(field(fields, "WARC-Block-Digest"), Some(digest.as_str()));
            assert_eq!(field(fields, "WARC-Date"), Some("2026-11-29T11:00:00Z"));
            let id = field(fields, "WARC-Record-ID").unwrap();
            assert!(id.starts_with("<urn:uuid:") && id.ends_with('>') && id.len() == 47, "{id}");
        }
        let ids: HashSet<_> = records.iter().map(|(fields, _)| field(fields, "WARC-Record-ID")).collect();
        assert_eq!(ids.len(), records.len());
        let (response, request) = (&records[1], &records[2]);
        assert_eq!((&response.1, &request.1), (&exchanged.response, &exchanged.request));
        assert_eq!(field(&response.0, "WARC-Target-URI"), Some("https://a.example/a"));
        assert_eq!(field(&response.0, "WARC-Payload-Digest"), Some("sha256:00ff"));
        assert_eq!(field(&response.0, "WARC-Truncated"), None);
        assert_eq!(field(&request.0, "WARC-Concurrent-To"), field(&response.0, "WARC-Record-ID"));
        assert_eq!(field(&records[3].0, "WARC-Truncated"), Some("time"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
