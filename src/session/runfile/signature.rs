//! Signatures of finished run files: keys, the signed text, and the check of a signature.
//!
//! A signature is a record after the end of the run. It signs every byte of the lines before it, including data
//! that no replay can prove: confidence, reasons, notes and the players. It proves that the holder of a key had the
//! file in this form, but not the identity of the holder.
//!
//! Must not read or write files; docs/run-file.md has the format.

use std::fmt::{self, Write};
use std::str::FromStr;

use ed25519_dalek::{Signature as Ed25519, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Prefix of the signed text, so that a signature made for another purpose does not fit a run file.
const CONTEXT: &[u8] = b"blackstart-run signature 1\n";
const PRIVATE_KEY: &str = "blackstart-private-key 1";
const PUBLIC_KEY: &str = "blackstart-public-key 1";
/// Hexadecimal digits of a fingerprint, in groups of four.
const FINGERPRINT_LEN: usize = 32;

/// A signature record after the end of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::session) struct SignatureRecord {
    /// Public key, 64 hexadecimal digits.
    key: String,
    /// 128 hexadecimal digits.
    signature: String,
}

/// A signature of a run file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// From 1.
    pub line: usize,
    pub key: PublicKey,
    /// Does the signature fit the lines before it?
    pub holds: bool,
}

/// The key that checks signatures.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// The key that signs. Its bytes are wiped from memory when it is dropped.
pub struct PrivateKey(SigningKey);

/// The reason why a text is not a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum KeyError {
    #[error("this is not a private key: its first line is not `{PRIVATE_KEY}`")]
    NotPrivate,
    #[error("this is not a public key: its first line is not `{PUBLIC_KEY}`")]
    NotPublic,
    #[error("this is the public key; `sign` takes the private one, which has the same name without `.pub`")]
    PublicForPrivate,
    #[error("this is a private key, which nobody but its owner should have; a marker needs the file ending in `.pub`")]
    PrivateForPublic,
    #[error("the key is damaged; expected `ed25519` and 64 hexadecimal digits in its second line")]
    Damaged,
    #[error("the system provided no random numbers for a key")]
    NoRandomness,
}

impl SignatureRecord {
    /// Checks the signature against the lines before it.
    ///
    /// # Errors
    /// The record has no valid key or signature: a clause.
    pub(super) fn check(&self, line: usize, before: &TextHasher) -> Result<Signature, String> {
        let key: Option<[u8; 32]> = from_hex(&self.key);
        let key = key.and_then(|key| VerifyingKey::from_bytes(&key).ok());
        let key = key.ok_or("is a signature with an invalid key; expected 64 hexadecimal digits of an ed25519 key")?;
        let signature: Option<[u8; 64]> = from_hex(&self.signature);
        let signature = signature.ok_or("is an invalid signature; expected 128 hexadecimal digits")?;
        let holds = key.verify_strict(&before.message(), &Ed25519::from_bytes(&signature)).is_ok();
        Ok(Signature { line, key: PublicKey(key), holds })
    }
}

/// Hash of the lines of a file up to some line; it does not depend on the kind of line ends.
pub(super) struct TextHasher(blake3::Hasher);

impl TextHasher {
    pub fn new(first_line: &str) -> Self {
        let mut hasher = Self(blake3::Hasher::new());
        hasher.add(first_line.as_bytes());
        hasher
    }

    pub fn add(&mut self, line: &[u8]) {
        self.0.update(line).update(b"\n");
    }

    /// The text that is signed.
    fn message(&self) -> Vec<u8> {
        [CONTEXT, self.0.finalize().as_bytes()].concat()
    }
}

impl PrivateKey {
    /// Signs the lines of a file.
    pub(super) fn sign(&self, lines: &TextHasher) -> SignatureRecord {
        let signature = self.0.sign(&lines.message());
        SignatureRecord { key: hex(self.public().0.as_bytes()), signature: hex(&signature.to_bytes()) }
    }

    /// A key from the random numbers of the system.
    ///
    /// # Errors
    /// The system gives none.
    pub fn random() -> Result<Self, KeyError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| KeyError::NoRandomness)?;
        Ok(Self(SigningKey::from_bytes(&bytes)))
    }

    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// The key as the text of its file.
    pub fn to_text(&self) -> String {
        format!("{PRIVATE_KEY}\ned25519 {}\n", hex(self.0.as_bytes()))
    }
}

impl FromStr for PrivateKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        match key_bytes(text, PRIVATE_KEY) {
            Ok(bytes) => Ok(Self(SigningKey::from_bytes(&bytes.ok_or(KeyError::Damaged)?))),
            Err(PUBLIC_KEY) => Err(KeyError::PublicForPrivate),
            Err(_) => Err(KeyError::NotPrivate),
        }
    }
}

impl PublicKey {
    /// The key as the text of its file.
    pub fn to_text(self) -> String {
        format!("{PUBLIC_KEY}\ned25519 {}\n", hex(self.0.as_bytes()))
    }

    /// The fingerprint that people compare: 128 bits of the key's BLAKE3 hash, `5f1c-09e2-…`.
    pub fn fingerprint(self) -> String {
        let digits = hex(blake3::hash(self.0.as_bytes()).as_bytes());
        let groups: Vec<&str> = (0..FINGERPRINT_LEN).step_by(4).map(|from| &digits[from..from + 4]).collect();
        groups.join("-")
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        match key_bytes(text, PUBLIC_KEY) {
            Ok(bytes) => {
                let key = bytes.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
                key.map(Self).ok_or(KeyError::Damaged)
            }
            Err(PRIVATE_KEY) => Err(KeyError::PrivateForPublic),
            Err(_) => Err(KeyError::NotPublic),
        }
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.fingerprint())
    }
}

/// The bytes of a key, or none if they are damaged. For another first line than `first_line`, the error is the line
/// found.
fn key_bytes<'a>(text: &'a str, first_line: &str) -> Result<Option<[u8; 32]>, &'a str> {
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = text.lines().map(str::trim_end);
    match lines.next() {
        Some(line) if line == first_line => {}
        other => return Err(other.unwrap_or_default()),
    }
    let digits = lines.next().and_then(|line| line.strip_prefix("ed25519 "));
    Ok(digits.filter(|_| lines.all(str::is_empty)).and_then(from_hex))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

fn from_hex<const LEN: usize>(digits: &str) -> Option<[u8; LEN]> {
    let is_right = digits.len() == 2 * LEN && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    if !is_right {
        return None;
    }
    let mut bytes = [0; LEN];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_back_and_are_told_apart() {
        let key = PrivateKey::random().expect("the system has random numbers");
        let (private, public) = (key.to_text(), key.public().to_text());
        assert_eq!(private.parse::<PrivateKey>().map(|read| read.public()), Ok(key.public()));
        assert_eq!(format!("\u{feff}{}\r\n\r\n", public.replace('\n', "\r\n")).parse(), Ok(key.public()));
        assert_eq!(private.parse::<PublicKey>(), Err(KeyError::PrivateForPublic));
        let private_from = |text: &str| text.parse::<PrivateKey>().map(|key| key.public());
        assert_eq!(private_from(&public), Err(KeyError::PublicForPrivate));
        assert_eq!(private_from(""), Err(KeyError::NotPrivate));
        assert_eq!("blackstart-run 2\n".parse::<PublicKey>(), Err(KeyError::NotPublic));
        for damaged in [&private[..private.len() - 3], &format!("{private}more"), &private.replace("ed25519", "rsa")] {
            assert_eq!(private_from(damaged), Err(KeyError::Damaged), "{damaged}");
        }
        let fingerprint = key.public().fingerprint();
        assert_eq!((fingerprint.len(), fingerprint.split('-').count()), (39, 8), "{fingerprint}");
        assert_ne!(fingerprint, PrivateKey::random().expect("random numbers").public().fingerprint());
    }
}
