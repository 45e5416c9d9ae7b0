//! L0: regular files: written whole or not at all, read up to a bound; the platform's folders.
//!
//! Every module that writes or reads a file does it through this one, so that each file has the same
//! promises: a file appears under its name only when all its bytes are on the disk, no file is
//! replaced unless the caller allows it, links are never followed when a file is written, and pipes,
//! devices and files without end are refused before they can hang the program. Must not know what
//! the bytes mean.

mod error;
pub mod folders;
mod read;
mod temporary;
mod write;

pub use error::FileError;
pub use folders::check_folder;
pub use read::read_regular;
pub use write::{Overwrite, WriteSet, at_free_path, set_aside, write_atomic, write_numbered};

#[cfg(test)]
mod tests;
