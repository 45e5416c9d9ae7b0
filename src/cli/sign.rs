//! `blackstart signing-key` and `blackstart sign`: keys and signatures of run files.

use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::Failure;
use super::{input, out};
use crate::files::{Overwrite, WriteSet, read_regular, write_atomic};
use crate::session::runfile::{self, PrivateKey, PublicKey, SignError};

/// Size of the largest file that is read as a key.
const KEY_BYTES_MAX: u64 = 4 << 10;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart signing-key ada.key               writes ada.key, which stays with you, and ada.key.pub for the marker
  blackstart sign homework.run --key ada.key

Anybody with the private key can sign in your place. Give others only the file that ends in .pub.")]
pub struct SigningKeyArgs {
    /// File for the private key, readable by its owner alone; the public key gets the same name and `.pub`
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart sign homework.run --key ada.key
  blackstart verify homework.run --signed-by ada.key.pub

The signature becomes the last line of the file and covers every line before it. Only the file of a finished run whose
chain holds is signed. A file may have several signatures.")]
pub struct SignArgs {
    /// Run file of a finished run
    #[arg(value_name = "RUNFILE")]
    file: PathBuf,
    /// Private key, as `blackstart signing-key` writes it
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
}

/// Makes a key.
pub fn signing_key(args: &SigningKeyArgs) -> Result<(), Failure> {
    let key = PrivateKey::random().map_err(|error| Failure::new(error.to_string()))?;
    let mut public_path = args.file.clone().into_os_string();
    public_path.push(".pub");
    let public_path = PathBuf::from(public_path);
    let mut files = WriteSet::new(Overwrite::Never);
    files.add_private(&args.file, key.to_text().as_bytes())?;
    files.add(&public_path, key.public().to_text().as_bytes())?;
    files.commit()?;
    out::print(&format!(
        "Wrote {}, the private key: keep it to yourself\nWrote {}, the public key, for the marker\nFingerprint {}\n",
        args.file.display(),
        public_path.display(),
        key.public().fingerprint()
    ))
}

/// Adds a signature to a run file.
pub fn sign(args: &SignArgs) -> Result<(), Failure> {
    let key: PrivateKey = parse_key(&args.key)?;
    let bytes = read_regular(&args.file, runfile::BYTES_MAX)?;
    let signed = runfile::sign(&bytes, &key).map_err(|error| match error {
        SignError::Read(error) => input::unreadable(&error, &args.file, &bytes),
        error => Failure::new(format!("{error}: {}", args.file.display())),
    })?;
    // Replacing the file is safe, since the new text has all its lines.
    write_atomic(&args.file, signed.as_bytes(), Overwrite::Allowed)?;
    out::print(&format!("Signed {} with the key {}\n", args.file.display(), key.public().fingerprint()))
}

/// Reads a public key.
pub fn public_key(path: &Path) -> Result<PublicKey, Failure> {
    parse_key(path)
}

fn parse_key<K: std::str::FromStr<Err = runfile::KeyError>>(path: &Path) -> Result<K, Failure> {
    let bytes = read_regular(path, KEY_BYTES_MAX)?;
    let key = String::from_utf8_lossy(&bytes).parse();
    key.map_err(|error| Failure::new(format!("{error}: {}", path.display())))
}
