//! The codes of an exercise and the secret links of its chairs, kept in a file beside the run file.
//!
//! The file is what a restarted server needs to know people again; only its owner can read it. Must not appear in a run
//! file: a run file is handed around.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::exercise::action::PersonId;
use crate::files::{Overwrite, WriteSet, read_regular};

/// Version of the file.
const VERSION: u32 = 1;
/// Largest file that is read: some hundred bytes for each person.
const BYTES_MAX: u64 = 1 << 20;
/// Digits of the PIN.
const PIN_DIGITS: u32 = 6;
/// Letters of the second code, without those that look alike.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567899";
const CODE_LETTERS: usize = 8;

/// PIN, second code, and the links.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Codes {
    version: u32,
    /// For participants, on the wall.
    pub pin: String,
    /// For facilitators, evaluators and observers.
    pub code: String,
    /// The secret part of the wall's address.
    pub wall_key: String,
    /// Most people in a seat; none for any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people_per_seat: Option<usize>,
    /// Secret links by token.
    chairs: BTreeMap<String, PersonId>,
}

impl Codes {
    /// New codes, and a link for the facilitator, who is person 0.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn new() -> Result<Self, String> {
        let mut codes = Self {
            version: VERSION,
            pin: digits(PIN_DIGITS)?,
            code: letters(CODE_LETTERS)?,
            wall_key: token()?,
            people_per_seat: None,
            chairs: BTreeMap::new(),
        };
        codes.add(PersonId(0))?;
        Ok(codes)
    }

    /// The file of codes of a run file: `NAME.chairs.json`.
    pub fn file_of(run_file: &Path) -> PathBuf {
        run_file.with_extension("chairs.json")
    }

    /// Reads the codes of an exercise.
    ///
    /// # Errors
    /// A sentence: there is no such file, or it has another form.
    pub fn read(path: &Path) -> Result<Self, String> {
        let bytes = read_regular(path, BYTES_MAX).map_err(|error| error.to_string())?;
        let codes: Self = serde_json::from_slice(&bytes)
            .map_err(|error| format!("the file of codes cannot be understood ({error}): {}", path.display()))?;
        if codes.version != VERSION {
            return Err(format!("the file of codes has version {}: {}", codes.version, path.display()));
        }
        Ok(codes)
    }

    /// Writes the file completely or not at all.
    ///
    /// # Errors
    /// A sentence: the folder cannot be written or the disk is full.
    pub fn write(&self, path: &Path) -> Result<(), String> {
        let text = serde_json::to_vec_pretty(self).expect("codes print as JSON");
        let mut files = WriteSet::new(Overwrite::Allowed);
        let written = files.add_private(path, &text).and_then(|()| files.commit());
        written.map_err(|error| error.to_string())
    }

    /// A secret link for a person.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn add(&mut self, person: PersonId) -> Result<String, String> {
        let token = token()?;
        self.chairs.insert(token.clone(), person);
        Ok(token)
    }

    /// The person of a link.
    pub fn person(&self, token: &str) -> Option<PersonId> {
        self.chairs.get(token).copied()
    }

    /// The link of the facilitator.
    pub fn facilitator_token(&self) -> String {
        let found = self.chairs.iter().find(|(_, person)| **person == PersonId(0));
        found.map_or_else(String::new, |(token, _)| token.clone())
    }

    /// The link of a person.
    pub fn token_of(&self, person: PersonId) -> Option<&str> {
        self.chairs.iter().find(|(_, found)| **found == person).map(|(token, _)| token.as_str())
    }
}

/// Compares without telling by its time how many characters agree.
pub fn is_same(given: &str, right: &str) -> bool {
    let differing = given.bytes().zip(right.bytes()).fold(0_u8, |sum, (a, b)| sum | (a ^ b));
    given.len() == right.len() && differing == 0
}

/// 128 random bits as hexadecimal digits.
fn token() -> Result<String, String> {
    let mut bytes = [0_u8; 16];
    fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn digits(count: u32) -> Result<String, String> {
    let mut bytes = [0_u8; 8];
    fill(&mut bytes)?;
    let number = u64::from_le_bytes(bytes) % 10_u64.pow(count);
    Ok(format!("{number:0width$}", width = count as usize))
}

fn letters(count: usize) -> Result<String, String> {
    let mut bytes = vec![0_u8; count];
    fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect())
}

fn fill(bytes: &mut [u8]) -> Result<(), String> {
    getrandom::fill(bytes).map_err(|error| format!("the system gives no random bytes: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back_and_differ() {
        let folder = tempfile::tempdir().unwrap();
        let path = Codes::file_of(&folder.path().join("exercise.run"));
        let mut codes = Codes::new().unwrap();
        let token = codes.add(PersonId(7)).unwrap();
        codes.write(&path).unwrap();
        let read = Codes::read(&path).unwrap();
        assert_eq!(read, codes);
        assert_eq!((read.person(&token), read.person("0")), (Some(PersonId(7)), None));
        assert_ne!(Codes::new().unwrap().wall_key, codes.wall_key);
        assert_eq!((codes.pin.len(), codes.code.len()), (6, 8));
    }

    #[test]
    fn comparison_is_exact() {
        assert!(is_same("4711", "4711"));
        assert!(!is_same("4711", "4712") && !is_same("4711", "471") && !is_same("", "4711"));
    }
}
