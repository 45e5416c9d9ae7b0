//! Scenario time: a counter of one-minute ticks from the scenario's start, and its conversion to UTC and local time.
//!
//! Must not read the wall clock: the clock of a run is its tick.

use std::fmt;
use std::ops::Range;

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

/// Minutes since the scenario's start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tick(pub u32);

impl Tick {
    /// The first tick of a run.
    pub const ZERO: Tick = Tick(0);

    /// The tick `minutes` later; saturates.
    pub const fn plus(self, minutes: u32) -> Tick {
        Tick(self.0.saturating_add(minutes))
    }

    /// Minutes from `earlier` to this tick; 0 if `earlier` is later.
    pub const fn since(self, earlier: Tick) -> u32 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Tick {
    /// Prints `T+1d 04:09`, the exercise clock.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T+{}d {:02}:{:02}", self.0 / 1440, self.0 / 60 % 24, self.0 % 60)
    }
}

/// The UTC instant of tick 0, to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UtcStart {
    start: Timestamp,
}

impl UtcStart {
    /// Parses a UTC time like `2024-07-18T21:00Z`.
    ///
    /// # Errors
    /// A sentence that names the text found and the notation expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        Ok(Self { start: parse_utc(text)? })
    }

    /// Ticks from the start to a UTC time in the same notation.
    ///
    /// # Errors
    /// The text is no time, or the time lies before the start.
    pub fn tick_of(self, text: &str) -> Result<Tick, String> {
        let at = parse_utc(text)?;
        let minutes = (at.as_second() - self.start.as_second()) / 60;
        if minutes < 0 {
            return Err(format!(
                "the time `{text}` lies {} min before the scenario's start {}",
                -minutes,
                self.iso(Tick::ZERO)
            ));
        }
        u32::try_from(minutes).map(Tick).map_err(|_| format!("the time `{text}` lies too far after the start"))
    }

    /// Minutes from the start to the midnights around a calendar day, `2024-07-19`, on a clock
    /// `offset_min` ahead of UTC; negative before the start.
    ///
    /// # Errors
    /// The text is no day.
    pub fn day(self, date: &str, offset_min: i32) -> Result<Range<i64>, String> {
        let wrong = || format!("`{date}` is not a day; write it like `2024-07-19`");
        let day: Date = if date.len() == 10 { date.parse().map_err(|_| wrong())? } else { return Err(wrong()) };
        let midnight = day.to_zoned(TimeZone::UTC).map_err(|_| wrong())?.timestamp().as_second();
        let begin = (midnight - self.start.as_second()) / 60 - i64::from(offset_min);
        Ok(begin..begin + 1440)
    }

    /// The UTC time of a tick, `2024-07-19T04:09Z`.
    pub fn iso(self, tick: Tick) -> String {
        self.format(tick, 0, "%Y-%m-%dT%H:%MZ")
    }

    /// The time of a tick on a clock `offset_min` ahead of UTC, in `strftime` notation.
    pub fn format(self, tick: Tick, offset_min: i32, pattern: &str) -> String {
        // A tick from a damaged file can lie beyond the calendar's last year; the last instant is printed then.
        let minutes = (i64::from(tick.0) + i64::from(offset_min)).minutes();
        let at = self.start.checked_add(minutes).unwrap_or(Timestamp::MAX);
        at.to_zoned(TimeZone::UTC).strftime(pattern).to_string()
    }

    /// Minutes from Monday 00:00 UTC to the start.
    pub fn minute_of_week(self) -> u32 {
        let zoned = self.start.to_zoned(TimeZone::UTC);
        let day = zoned.weekday().to_monday_zero_offset();
        (i32::from(day) * 1440 + i32::from(zoned.hour()) * 60 + i32::from(zoned.minute())) as u32
    }
}

/// Minute of the local week (0 = Monday 00:00, below 10,080) at a tick.
pub fn local_minute_of_week(start_minute_of_week: u32, tick: Tick, utc_offset_min: i32) -> u32 {
    let minute = i64::from(start_minute_of_week) + i64::from(tick.0) + i64::from(utc_offset_min);
    minute.rem_euclid(10_080) as u32
}

fn parse_utc(text: &str) -> Result<Timestamp, String> {
    let wrong = || format!("`{text}` is not a UTC time; write it like `2024-07-19T04:09Z`");
    let minutes = text.strip_suffix('Z').ok_or_else(wrong)?;
    if minutes.len() != 16 {
        return Err(wrong());
    }
    format!("{minutes}:00Z").parse().map_err(|_| wrong())
}
