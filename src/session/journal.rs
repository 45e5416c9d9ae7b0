//! The journal: the run file of an exercise, written while the exercise runs.
//!
//! Commands, notes and deeds are written when they are given, digests of past boundaries at least once in each second of
//! wall time. Every write goes to the system at once, so a killed process loses nothing that was written. A
//! background thread syncs the file to the disk, so a power failure loses little more.
//!
//! Invariant: the file consists of complete lines, except for the last line during a write. A write that fails
//! keeps its lines in memory, cuts the file back to its last complete line and is repeated later. Must not judge or
//! simulate.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use super::run::Run;
use super::runfile::{
    ChainedText, CommandRecord, DIGESTS_PER_LINE, End, Header, Judgement, Line, NoteRecord, Reading, RunFile, Standing,
};
use crate::files::{FileError, at_free_path};
use crate::scenario::compile::Scenario;

/// Longest wall time between two writes of digests.
const WRITE_EVERY: Duration = Duration::from_secs(1);

/// The run file of an exercise that is not finished.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    text: ChainedText,
    /// Bytes of complete lines in the file.
    len: u64,
    commands: usize,
    notes: usize,
    deeds: usize,
    digests: usize,
    since_write: Duration,
    syncer: SyncSender<()>,
    /// Does the file end in part of a line that could not be cut off yet?
    is_torn: bool,
    /// The reason why the last write failed.
    problem: Option<FileError>,
    is_finished: bool,
}

impl Journal {
    /// Begins the run file of a run in a folder, under the first free name that begins with `stem`.
    ///
    /// # Errors
    /// The folder cannot be made or written, or the disk is full.
    pub fn create(folder: &Path, stem: &str, run: &Run) -> Result<Self, FileError> {
        std::fs::create_dir_all(folder).map_err(|error| FileError::from_io("make the folder", folder, error))?;
        let (path, file) = at_free_path(folder, stem, "run", |path| {
            let created = OpenOptions::new().append(true).create_new(true).open(path);
            created.map_err(|error| FileError::from_io("write the file", path, error))
        })?;
        lock(&file, &path)?;
        let mut journal = Self::on(path, file, ChainedText::default(), 0)?;
        journal.text.push(&Line::Header(Header::from_run(run)));
        journal.write_new(run);
        match journal.problem.take() {
            None => Ok(journal),
            Some(error) => {
                // A file without a complete header is useless; an error of the removal changes nothing.
                let _ = std::fs::remove_file(&journal.path);
                Err(error)
            }
        }
    }

    /// Continues the run file of an unfinished run that was read and replayed.
    ///
    /// # Errors
    /// The file cannot be written, or another window has it open.
    pub fn resume(path: &Path, reading: &Reading, run: &Run) -> Result<Self, FileError> {
        let open = OpenOptions::new().append(true).open(path);
        let file = open.map_err(|error| FileError::from_io("write the file", path, error))?;
        lock(&file, path)?;
        let failed = |error| FileError::from_io("write the file", path, error);
        // A broken line or blank lines at the end must go before new lines follow.
        let len = reading.whole_bytes as u64;
        file.set_len(len).map_err(failed)?;
        let text = ChainedText::after(reading.last_chain.clone());
        let mut journal = Self::on(path.to_owned(), file, text, len)?;
        journal.commands = reading.file.commands.len();
        journal.notes = reading.file.notes.len();
        journal.deeds = reading.file.deeds.len();
        journal.digests = reading.file.digests.len();
        journal.write_new(run);
        Ok(journal)
    }

    fn on(path: PathBuf, file: File, text: ChainedText, len: u64) -> Result<Self, FileError> {
        let for_syncer = file.try_clone().map_err(|error| FileError::from_io("write the file", &path, error))?;
        Ok(Self {
            path,
            file,
            text,
            len,
            commands: 0,
            notes: 0,
            deeds: 0,
            digests: 0,
            since_write: Duration::ZERO,
            syncer: start_syncer(for_syncer),
            is_torn: false,
            problem: None,
            is_finished: false,
        })
    }

    /// The path of the run file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The reason why the last write failed; none if everything was written.
    pub fn problem(&self) -> Option<&FileError> {
        self.problem.as_ref()
    }

    /// Writes the commands, notes and deeds since the last call. To be called after every command.
    pub fn follow(&mut self, run: &Run) {
        let has_deeds = self.deeds < run.conduct.deeds().len();
        if self.commands < run.log.len() || self.notes < run.notes.len() || has_deeds {
            self.write_new(run);
        }
    }

    /// Lets wall time pass. After each second it writes digests and lines that could not be written before. True if
    /// it wrote.
    pub fn pass_time(&mut self, wall: Duration, run: &Run, standing: impl FnOnce() -> Option<Standing>) -> bool {
        self.since_write += wall;
        if self.since_write < WRITE_EVERY || self.is_finished {
            return false;
        }
        let closed = run.digests.len() - 1;
        if self.digests < closed
            && let Some(standing) = standing()
        {
            self.text.push(&Line::Standing(standing));
        }
        self.write_new(run);
        true
    }

    /// Writes everything up to the present boundary. To be called before the program ends.
    pub fn flush(&mut self, run: &Run) {
        if !self.is_finished {
            self.write_new(run);
        }
    }

    /// Writes everything and the end of the run. The file is then complete and on the disk.
    ///
    /// # Errors
    /// The file cannot be written; it stays as it was before the call.
    pub fn finish(&mut self, run: &Run, seats: Vec<Judgement>) -> Result<(), FileError> {
        if self.is_finished {
            return Ok(());
        }
        let (len, text) = (self.len, self.text.clone());
        let counts = (self.commands, self.notes, self.deeds, self.digests);
        self.collect(run);
        let from = self.digests;
        if from < run.digests.len() {
            self.text.push(&Line::digests(from as u32, &run.digests[from..]));
        }
        let whole = RunFile::from_run(run, seats);
        let end: End = whole.end.expect("a run that is written has an end");
        self.text.push(&Line::End(end));
        self.write();
        if let Some(error) = self.problem.take() {
            // The next try must begin with the same lines.
            (self.commands, self.notes, self.deeds, self.digests) = counts;
            (self.len, self.text) = (len, text);
            return Err(error);
        }
        self.file.sync_all().map_err(|error| FileError::from_io("write the file", &self.path, error))?;
        self.is_finished = true;
        Ok(())
    }

    fn write_new(&mut self, run: &Run) {
        self.collect(run);
        self.write();
    }

    /// Adds new lines: digests of boundaries that have passed, and each command after the digests of earlier ticks.
    fn collect(&mut self, run: &Run) {
        let scenario = &run.setup.scenario;
        for entry in &run.log[self.commands..] {
            self.collect_digests(run, entry.tick.0 as usize);
            self.text.push(&Line::Command(CommandRecord::from_entry(scenario, entry)));
        }
        self.commands = run.log.len();
        for note in &run.notes[self.notes..] {
            self.text.push(&Line::Note(NoteRecord::from_note(scenario, note)));
        }
        self.notes = run.notes.len();
        for record in &run.conduct.deeds()[self.deeds..] {
            self.text.push(&Line::Deed(record.clone()));
        }
        self.deeds = run.conduct.deeds().len();
        // The present boundary may still get commands, which change its digest.
        self.collect_digests(run, run.digests.len() - 1);
    }

    fn collect_digests(&mut self, run: &Run, until: usize) {
        while self.digests < until {
            // A line ends with its scenario hour at the latest, as in a file of a finished run.
            let hour_end = (self.digests / DIGESTS_PER_LINE + 1) * DIGESTS_PER_LINE;
            let to = until.min(hour_end);
            self.text.push(&Line::digests(self.digests as u32, &run.digests[self.digests..to]));
            self.digests = to;
        }
    }

    fn write(&mut self) {
        self.since_write = Duration::ZERO;
        if self.text.text().is_empty() {
            return;
        }
        // Part of an earlier write may be in the file.
        if self.is_torn && self.file.set_len(self.len).is_err() {
            return;
        }
        self.is_torn = false;
        match self.file.write_all(self.text.text().as_bytes()) {
            Ok(()) => {
                self.len += self.text.take().len() as u64;
                self.problem = None;
                // If the channel is full, a request to sync is already waiting.
                if let Err(TrySendError::Disconnected(())) = self.syncer.try_send(()) {
                    let lost = io::Error::other("the disk did not keep what was written");
                    self.problem = Some(FileError::from_io("write the file", &self.path, lost));
                }
            }
            Err(error) => {
                self.is_torn = self.file.set_len(self.len).is_err();
                self.problem = Some(FileError::from_io("write the file", &self.path, error));
            }
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        // The syncer may keep the file open for a moment longer and would keep the lock with it.
        let _ = self.file.unlock();
    }
}

/// Locks the file, because two windows must not write one run. The system releases the lock when the process ends
/// for any reason.
fn lock(file: &File, path: &Path) -> Result<(), FileError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(FileError::InUse(path.to_owned())),
        // Not every file system has locks.
        Err(TryLockError::Error(_)) => Ok(()),
    }
}

/// Starts the thread that syncs the file to the disk in the background, because a slow disk must not delay the
/// exercise.
fn start_syncer(file: File) -> SyncSender<()> {
    let (sender, receiver) = sync_channel::<()>(1);
    std::thread::spawn(move || {
        while receiver.recv().is_ok() {
            if file.sync_data().is_err() {
                return;
            }
        }
    });
    sender
}

/// The name of an exercise's run file, without number and extension.
pub fn stem(run: &Run) -> String {
    let scenario: &Scenario = &run.setup.scenario;
    let seats: Vec<&str> =
        run.setup.cast.seats().iter().map(|entry| scenario.docs.seats[entry.seat.position()].id.as_str()).collect();
    let seats = match seats.as_slice() {
        [] => "all".to_owned(),
        [seat] => (*seat).to_owned(),
        [_, ..] => "team".to_owned(),
    };
    format!("{}-{seats}-{}", scenario.docs.manifest.id, run.setup.seed)
}
