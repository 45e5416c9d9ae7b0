//! Signs run files. Only a finished run whose chain fits can be signed.

use thiserror::Error;

use super::read::{ReadError, read_bytes};
use super::signature::{PrivateKey, TextHasher};
use super::{ChainedText, Line, VERSION};

/// The first version that can be signed.
const SIGNED_SINCE: u32 = 2;

/// The reason why a file is not signed.
#[derive(Debug, Error)]
pub enum SignError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("line {line} was altered: {covers}; only a file that nobody altered can be signed")]
    Altered { line: usize, covers: String },
    #[error("the run has not ended yet; only a finished run can be signed")]
    Unfinished,
    #[error("this is a run file of version {0}; only versions {SIGNED_SINCE} to {VERSION} can be signed")]
    Version(u32),
    #[error("the file is already signed with this key, in line {0}")]
    Signed(usize),
}

/// The text of a run file with an additional signature.
///
/// # Errors
/// The bytes are not a run file, the file was altered, its run has not ended, or it already has a signature with
/// this key.
pub fn sign(bytes: &[u8], key: &PrivateKey) -> Result<String, SignError> {
    let reading = read_bytes(bytes)?;
    if let Some(altered) = reading.altered.first() {
        return Err(SignError::Altered { line: altered.line, covers: altered.covers.clone() });
    }
    if reading.file.version < SIGNED_SINCE {
        return Err(SignError::Version(reading.file.version));
    }
    if reading.file.end.is_none() {
        return Err(SignError::Unfinished);
    }
    let public = key.public();
    if let Some(signature) = reading.signatures.iter().find(|signature| signature.key == public) {
        return Err(SignError::Signed(signature.line));
    }
    // The file could be read, so it is UTF-8 and the conversion loses nothing.
    let text = String::from_utf8_lossy(&bytes[..reading.whole_bytes]);
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let mut hasher = TextHasher::new(lines.next().unwrap_or_default());
    lines.for_each(|line| hasher.add(line.as_bytes()));
    let mut line = ChainedText::after(reading.last_chain);
    line.push(&Line::Signature(key.sign(&hasher)));
    let mut signed = text.into_owned();
    if !signed.ends_with('\n') {
        signed.push('\n');
    }
    Ok(signed + line.text())
}
