//! Goal: files appear whole, together and under free names, and only regular files of bounded size are read.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use super::folders::{Platform, Purpose};
use super::temporary::clear_leftovers;
use super::*;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder for the test")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).expect("the file is there")
}

#[test]
fn nothing_is_replaced_by_accident() {
    let folder = folder();
    let path = folder.path().join("a.run");
    write_atomic(&path, b"first", Overwrite::Never).expect("the name is free");
    assert!(matches!(write_atomic(&path, b"second", Overwrite::Never), Err(FileError::Exists(found)) if found == path));
    assert_eq!(text(&path), "first");
    write_atomic(&path, b"third", Overwrite::Allowed).expect("replacing is allowed");
    assert_eq!(text(&path), "third");
    let second = write_numbered(folder.path(), "a", "run", b"fourth").expect("another number is free");
    assert_eq!(second, folder.path().join("a-2.run"));
    assert_eq!(names(folder.path()), ["a-2.run", "a.run"]);
    let error = write_atomic(&folder.path().join("none/a.run"), b"", Overwrite::Never).expect_err("no such folder");
    assert!(matches!(error, FileError::Missing(_)), "{error}");
}

#[test]
fn errors_are_sentences_with_the_path_last() {
    use std::io::ErrorKind;
    let check = |kind: ErrorKind, expected: &str| {
        let error = FileError::from_io("write the file", Path::new("out/a.run"), kind.into());
        assert_eq!(error.to_string(), expected);
    };
    check(ErrorKind::StorageFull, "the disk is full, nothing was written: out/a.run");
    check(ErrorKind::PermissionDenied, "there is no permission to write the file: out/a.run");
    check(ErrorKind::AlreadyExists, "the file already exists; give another folder or --force: out/a.run");
    check(ErrorKind::IsADirectory, "this is a folder and not a file: out/a.run");
}

/// The second file of a set cannot get its name because a folder has it. The first file must then be gone again,
/// and the file that it replaced must be back.
#[test]
fn a_set_appears_together_or_not_at_all() {
    for overwrite in [Overwrite::Never, Overwrite::Allowed] {
        let folder = folder();
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        if overwrite == Overwrite::Allowed {
            fs::write(&one, "before").expect("a file");
        }
        let mut files = WriteSet::new(overwrite);
        files.add(&one, b"1").expect("the name may be used");
        files.add(&two, b"2").expect("the name may be used");
        fs::create_dir(&two).expect("a folder");
        fs::write(two.join("inside"), "").expect("a file");
        let error = files.commit().expect_err("the second name is taken");
        assert!(matches!(error, FileError::Exists(_) | FileError::NotAFile { .. }), "{error}");
        match overwrite {
            Overwrite::Never => assert_eq!(names(folder.path()), ["two"]),
            Overwrite::Allowed => {
                assert_eq!(names(folder.path()), ["one", "two"]);
                assert_eq!(text(&one), "before");
            }
        }
    }
}

#[test]
fn a_set_that_is_dropped_leaves_nothing() {
    let folder = folder();
    let mut files = WriteSet::new(Overwrite::Never);
    files.add(&folder.path().join("one"), b"1").expect("the name is free");
    assert_eq!(names(folder.path()).len(), 1, "the temporary file");
    drop(files);
    assert!(names(folder.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn a_link_is_replaced_and_not_followed() {
    let folder = folder();
    let (target, link) = (folder.path().join("target"), folder.path().join("link"));
    fs::write(&target, "theirs").expect("a file");
    std::os::unix::fs::symlink(&target, &link).expect("a link");
    assert!(matches!(write_atomic(&link, b"ours", Overwrite::Never), Err(FileError::Exists(_))));
    write_atomic(&link, b"ours", Overwrite::Allowed).expect("replacing is allowed");
    assert_eq!((text(&target).as_str(), text(&link).as_str()), ("theirs", "ours"));
    assert!(!link.is_symlink());
}

#[cfg(unix)]
#[test]
fn files_have_the_rights_that_the_mask_gives() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let mode = |name: &str| fs::metadata(folder.path().join(name)).expect("the file is there").permissions().mode();
    fs::write(folder.path().join("plain"), "").expect("a file");
    write_atomic(&folder.path().join("atomic"), b"", Overwrite::Never).expect("the name is free");
    assert_eq!(mode("atomic"), mode("plain"));
}

#[test]
fn leftovers_of_killed_programs_are_cleared() {
    let folder = folder();
    let left = folder.path().join(".blackstart-abcdefghijkl.part");
    let others = [".blackstart-notes", ".other-abcdefghijkl.part", "results.run"];
    fs::write(&left, "half").expect("a file");
    others.iter().for_each(|name| fs::write(folder.path().join(name), "").expect("a file"));
    clear_leftovers(folder.path(), SystemTime::now());
    assert!(left.exists(), "another program may still be writing it");
    clear_leftovers(folder.path(), SystemTime::now() + Duration::from_secs(3601));
    assert_eq!(names(folder.path()), others);
}

#[test]
fn only_bounded_regular_files_are_read() {
    let folder = folder();
    let path = folder.path().join("ten");
    fs::write(&path, "0123456789").expect("a file");
    assert_eq!(read_regular(&path, 10).expect("it is small enough"), b"0123456789");
    let error = read_regular(&path, 9).expect_err("it is too large");
    assert!(matches!(error, FileError::TooLarge { found: 10, allowed: 9, .. }), "{error}");
    assert!(error.to_string().starts_with("the file has 10 bytes, and a file of this kind has at most 9: "));
    let error = read_regular(folder.path(), 9).expect_err("a folder is no file");
    assert!(matches!(error, FileError::NotAFile { kind: "a folder", .. }), "{error}");
    let error = read_regular(&folder.path().join("none"), 9).expect_err("nothing is there");
    assert!(matches!(error, FileError::Missing(_)), "{error}");
}

#[cfg(unix)]
#[test]
fn pipes_devices_and_endless_files_are_refused() {
    let folder = folder();
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo is part of Unix");
    assert!(made.success());
    let kind = |path: &Path| match read_regular(path, 100) {
        Err(FileError::NotAFile { kind, .. }) => kind,
        other => panic!("{other:?}"),
    };
    assert_eq!(kind(&pipe), "a pipe");
    assert_eq!(kind(Path::new("/dev/zero")), "a device");
}

#[test]
fn a_file_in_place_of_a_folder_is_named() {
    let folder = folder();
    let file = folder.path().join("file");
    fs::write(&file, "").expect("a file");
    for below in [file.clone(), file.join("a"), file.join("a/b")] {
        assert!(matches!(check_folder(&below), Err(FileError::NotAFolder(found)) if found == file));
    }
    check_folder(&folder.path().join("new/one")).expect("folders are made");
}

#[test]
fn each_platform_has_its_folders() {
    let check = |platform: Platform, purpose, set: &[(&str, &str)], expected: Option<&str>| {
        let variable = |name: &str| set.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value));
        assert_eq!(platform.folder(purpose, variable), expected.map(PathBuf::from), "{platform:?} {set:?}");
    };
    let (home, data) = (("HOME", "/home/ada"), ("XDG_DATA_HOME", "/data"));
    check(Platform::Unix, Purpose::Data, &[home, data], Some("/data/blackstart"));
    check(Platform::Unix, Purpose::Data, &[home], Some("/home/ada/.local/share/blackstart"));
    check(Platform::Unix, Purpose::Config, &[home, data], Some("/home/ada/.config/blackstart"));
    check(Platform::Unix, Purpose::Data, &[home, ("XDG_DATA_HOME", "here")], Some("/home/ada/.local/share/blackstart"));
    check(Platform::Unix, Purpose::Data, &[("HOME", "")], None);
    check(Platform::MacOs, Purpose::Config, &[home], Some("/home/ada/Library/Application Support/blackstart"));
    check(Platform::Windows, Purpose::Data, &[("APPDATA", "/roaming")], Some("/roaming/blackstart"));
}
