//! Files on disk. Only regular files are read, so that every read ends. A new file gets the owner of the folder that
//! it lies in.

use std::fs::{File, FileType, Permissions, ReadDir};
use std::io::{Error, ErrorKind, Result, Write as _};
use std::os::unix::fs::{
    FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown,
};
use std::path::{Path, PathBuf};

use chargesheet_check::package::read_all;

/// Opens a regular file, or a link to one, without waiting. Opening a named pipe would wait until somebody writes
/// into it.
///
/// # Errors
/// When the path leads to anything but a regular file, or the file cannot be opened.
pub fn open(path: &Path) -> Result<File> {
    // The type is checked before opening, because opening a device can make the device do something.
    regular(path.metadata()?.file_type())?;
    let file = File::options().read(true).custom_flags(libc::O_NONBLOCK).open(path)?;
    // The type is checked again, because another file may stand there by now.
    regular(file.metadata()?.file_type())?;
    Ok(file)
}

/// Opens the file for a lock, and creates it if it is missing. The file stays empty.
///
/// # Errors
/// As [`open`], and when the file can be neither created nor written.
pub fn open_lock(path: &Path) -> Result<File> {
    let flags = libc::O_NONBLOCK | libc::O_NOFOLLOW;
    let file = File::options().create(true).truncate(false).write(true).custom_flags(flags).open(path)?;
    regular(file.metadata()?.file_type())?;
    inherit(&file, path);
    Ok(file)
}

/// Opens a regular file below a folder. The folder may be a link, and a link may lead to the file, but the file must
/// lie inside the folder.
///
/// # Errors
/// As [`open`], and when the file is not below the folder.
pub fn open_below(folder: &Path, path: &str) -> Result<File> {
    open(&place_below(folder, path)?)
}

/// Reads a folder below another, under the rules of [`open_below`].
///
/// # Errors
/// When it cannot be read, or is not below the folder.
pub fn folder_below(folder: &Path, path: &str) -> Result<ReadDir> {
    place_below(folder, path)?.read_dir()
}

fn place_below(folder: &Path, path: &str) -> Result<PathBuf> {
    let place = folder.join(path).canonicalize()?;
    if place.starts_with(folder.canonicalize()?) {
        return Ok(place);
    }
    Err(Error::other("it is a link that leads out of the package's folder; put the file itself there"))
}

/// Reads a whole regular file of at most `most` bytes.
///
/// # Errors
/// As [`open`], and when the file is larger.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>> {
    read_all(open(path)?, most)
}

fn regular(kind: FileType) -> Result<()> {
    let what = match kind {
        kind if kind.is_file() => return Ok(()),
        kind if kind.is_dir() => "a folder",
        kind if kind.is_fifo() => "a named pipe",
        kind if kind.is_socket() => "a socket",
        _ => "a device",
    };
    Err(Error::other(format!("it is {what}, and only regular files are read")))
}

/// Replaces a file in one step: a reader sees either the old content or the new, also after a power cut.
///
/// # Errors
/// When the content cannot be written beside the file, or the file cannot be replaced by it.
pub fn replace(path: &Path, content: &[u8]) -> Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside = path.with_file_name(name);
    if let Err(error) = std::fs::remove_file(&beside)
        && error.kind() != ErrorKind::NotFound
    {
        return Err(error);
    }
    let written = File::create_new(&beside).and_then(|mut file| {
        inherit(&file, &beside);
        file.write_all(content)?;
        file.sync_all()?;
        std::fs::rename(&beside, path)
    });
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written?;
    File::open(around(path))?.sync_all()
}

/// Returns the folder of a path. A bare name lies in the folder of the program.
fn around(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes a file that only its owner may read. None may be there.
///
/// # Errors
/// When there is one already, or it cannot be written.
pub fn write_secret(path: &Path, content: &[u8]) -> Result<()> {
    let mut file = File::options().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Keeps a folder to its owner: nobody else may look into it.
///
/// # Errors
/// When it is not ours.
pub fn keep_to_owner(folder: &Path) -> Result<()> {
    std::fs::set_permissions(folder, Permissions::from_mode(0o700))
}

/// Makes a folder with the owner of its parent folder. The folder may exist already.
///
/// # Errors
/// When the folder cannot be made.
pub fn make_folder(path: &Path) -> Result<()> {
    match std::fs::create_dir(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => return Ok(()),
        made => made?,
    }
    let flags = libc::O_DIRECTORY | libc::O_NOFOLLOW;
    inherit(&File::options().read(true).custom_flags(flags).open(path)?, path);
    Ok(())
}

/// Gives a new file or folder the owner, the group and the permissions of its parent folder. Without this, a release
/// that root publishes under a strict umask could not be read by the user who serves it. A failure is ignored: only
/// root may give files away, and some file systems have no owners.
///
/// The change is made on the open file, because the path could lead elsewhere by now.
pub fn inherit(new: &File, path: &Path) {
    let (Ok(around), Ok(own)) = (around(path).metadata(), new.metadata()) else { return };
    if own.gid() != around.gid() {
        let _ = fchown(new, None, Some(around.gid()));
    }
    if own.uid() != around.uid() {
        let _ = fchown(new, Some(around.uid()), None);
    }
    let rights = if own.is_dir() { 0o777 } else { 0o666 };
    let mode = (own.mode() & 0o7000) | (around.mode() & rights);
    if own.mode() & 0o7777 != mode {
        let _ = new.set_permissions(Permissions::from_mode(mode));
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::PathBuf;

    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("chargesheet-disk-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("package/data")).unwrap();
        folder
    }

    #[test]
    fn only_regular_files_below_the_folder_are_opened() {
        let folder = folder("below");
        let package = folder.join("package");
        fs::write(folder.join("secret.csv"), "secret").unwrap();
        fs::write(package.join("data/own.csv"), "own").unwrap();
        symlink("data/own.csv", package.join("inside.csv")).unwrap();
        symlink("../secret.csv", package.join("outside.csv")).unwrap();
        symlink(&folder, package.join("up")).unwrap();
        symlink("/dev/zero", package.join("endless.csv")).unwrap();
        symlink(&package, folder.join("linked")).unwrap();
        for own in ["data/own.csv", "inside.csv"] {
            for around in [&package, &folder.join("linked")] {
                let bytes = read_all(open_below(around, own).unwrap(), 3).unwrap();
                assert_eq!(bytes, b"own", "{own}");
            }
        }
        for (wrong, said) in [
            ("outside.csv", "out of"),
            ("up/secret.csv", "out of"),
            ("endless.csv", "out of"),
            ("data", "a folder"),
        ] {
            let error = open_below(&package, wrong).unwrap_err().to_string();
            assert!(error.contains(said), "{wrong}: {error}");
        }
        assert!(open(Path::new("/dev/zero")).unwrap_err().to_string().contains("a device"));
        assert!(read(&package.join("data/own.csv"), 2).unwrap_err().to_string().contains("more than"));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_is_new_has_the_rights_of_its_folder_whatever_the_umask_is() {
        let folder = folder("rights");
        for (around, inner, own) in [(0o700, 0o700, 0o600), (0o775, 0o775, 0o664), (0o751, 0o751, 0o640)] {
            let place = folder.join(format!("{around:o}"));
            fs::create_dir(&place).unwrap();
            fs::set_permissions(&place, Permissions::from_mode(around)).unwrap();
            make_folder(&place.join("inner")).unwrap();
            make_folder(&place.join("inner")).unwrap();
            let path = place.join("inner/file");
            inherit(&File::create_new(&path).unwrap(), &path);
            let mode = |path: &Path| path.metadata().unwrap().mode() & 0o777;
            assert_eq!((mode(&place.join("inner")), mode(&path)), (inner, own), "{around:o}");
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
