//! L0: the words every other room uses: ticks, shares, keyed draws, digests, places in text.
//!
//! Must not know what a scenario, a host or a run is.

pub mod characters;
pub mod clock;
pub mod digest;
pub mod draw;
pub mod share;
pub mod table;
pub mod words;

pub use clock::{Tick, UtcStart, local_minute_of_week};
pub use digest::{Digest, DigestWriter};
pub use draw::{Draw, Stream};
pub use share::Share;
