//! L0: types that every other module uses: ticks, shares, keyed draws, digests, numbers as text.
//!
//! Must not know scenarios, hosts or runs.

pub mod atlas;
pub mod characters;
pub mod clock;
pub mod digest;
pub mod draw;
pub mod index;
pub mod palette;
pub mod share;
pub mod spelling;
pub mod table;
pub mod words;

pub use clock::{Tick, UtcStart, local_minute_of_week};
pub use digest::{Digest, DigestWriter};
pub use draw::{Draw, Stream};
pub use index::{Column, Ix, Span};
pub use share::Share;
