//! L0: writes files completely or not at all, reads them up to a size limit, and knows the platform's folders.
//!
//! Every other module reads and writes files through this one, so that all files have the same guarantees. A file
//! appears under its name only when all its bytes are on the disk. No file is replaced unless the caller allows it.
//! Links are never followed when a file is written. Pipes, devices and endless files are refused before they can
//! hang the program. Must not know the meaning of the bytes.

mod error;
pub mod folders;
mod read;
mod temporary;
mod write;

pub use error::FileError;
pub use folders::check_folder;
pub use read::read_regular;
pub use temporary::is_leftover;
pub use write::{Begun, Overwrite, WriteSet, at_free_path, set_aside, write_atomic, write_numbered};

#[cfg(test)]
mod tests;
