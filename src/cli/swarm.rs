//! `blackstart swarm`: made-up scenarios from many seeds, each checked at every minute.

use std::fmt::Write;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::panic;
use std::sync::Mutex;

use clap::Args;

use super::failure::Failure;
use super::progress::Bar;
use super::{names, out};
use crate::base::Digest;
use crate::report::tables::{counted, thousands};
use crate::study::parallel;
use crate::study::swarm::{self, Trial};

/// Most seeds of one command: they take some days.
const SEEDS_MAX: u64 = 10_000_000;
/// Most failing seeds that the summary lists one by one.
const LISTED_MAX: usize = 100;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart swarm --seeds 0..1000              a thousand seeds on all cores
  blackstart swarm --seeds 17..18               one again, with its backtrace
  blackstart swarm --seeds 0..1000 --threads 2

Every seed makes up a small scenario and commands, plays them, and checks at each minute that nothing
is lost, no count falls, and a replay gives the same run. Equal seeds give equal digests on every
machine.")]
pub struct SwarmArgs {
    /// Seeds to try, from the first up to but not including the second: 0..1000
    #[arg(long, value_name = "A..B", value_parser = seeds)]
    seeds: Range<u64>,
    /// Threads (default: one for each core)
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
}

/// Reads a range of seeds.
fn seeds(text: &str) -> Result<Range<u64>, String> {
    let right = "expected the first seed and the one after the last, like `0..1000`";
    let Some((from, to)) = text.split_once("..") else {
        let one = text.parse().ok().and_then(|seed: u64| seed.checked_add(1));
        let meant = one.map(|next| format!("; one seed alone is `{text}..{next}`")).unwrap_or_default();
        return Err(format!("`{text}` is not a range of seeds; {right}{meant}"));
    };
    let seed = |text: &str| names::seed(text).map_err(|problem| format!("`{text}` is not a seed: {problem}; {right}"));
    let (from, to) = (seed(from)?, seed(to)?);
    if to <= from {
        return Err(format!("the range from {from} up to, not including, {to} is empty; {right}"));
    }
    if SEEDS_MAX < to - from {
        let (count, most) = (thousands(to - from), thousands(SEEDS_MAX));
        return Err(format!("these are {count} seeds; one command tries at most {most}"));
    }
    Ok(from..to)
}

/// The summary of all seeds tried so far.
#[derive(Default)]
struct Sum {
    failed: Vec<u64>,
    digest: u64,
    /// The failure if stdout could not be written.
    unprinted: Option<Failure>,
}

/// Tries the seeds and reports.
pub fn swarm(args: &SwarmArgs) -> Result<(), Failure> {
    let count = args.seeds.end - args.seeds.start;
    let threads = args.threads.map_or_else(parallel::cores, NonZeroUsize::get);
    let bar = Bar::new(count, true);
    bar.say("Trying seeds");
    let sum = Mutex::new(Sum::default());
    let on_trial = |trial: &Trial| {
        let mut sum = sum.lock().expect("no thread panics while it holds the lock");
        sum.digest = sum.digest.wrapping_add(swarm::summary_digest(trial));
        if let Err(problem) = &trial.result {
            sum.failed.push(trial.seed);
            let printed = bar.aside(|| out::print(&failure_text(trial.seed, problem)));
            sum.unprinted = sum.unprinted.take().or(printed.err());
        }
        bar.add(1);
    };
    // With many seeds the panic hook is off, because the messages suffice; with a single seed the backtrace shows
    // the place.
    let hook = (1 < count).then(panic::take_hook);
    if hook.is_some() {
        panic::set_hook(Box::new(|_| {}));
    }
    swarm::trials(args.seeds.clone(), threads, &on_trial);
    if let Some(hook) = hook {
        panic::set_hook(hook);
    }
    report(bar, count, sum.into_inner().expect("no thread panics while it holds the lock"))
}

fn failure_text(seed: u64, problem: &str) -> String {
    let problem = problem.trim_end().replace('\n', "\n    ");
    format!("seed {seed}: {problem}\n    blackstart swarm --seeds {seed}..{}\n", seed.saturating_add(1))
}

fn report(bar: Bar, count: u64, mut sum: Sum) -> Result<(), Failure> {
    bar.finish();
    if let Some(unprinted) = sum.unprinted {
        return Err(unprinted);
    }
    sum.failed.sort_unstable();
    let mut text = String::new();
    if !sum.failed.is_empty() {
        let listed: Vec<String> = sum.failed.iter().take(LISTED_MAX).map(u64::to_string).collect();
        let more = sum.failed.len() - listed.len();
        let more = if more == 0 { String::new() } else { format!(" and {}", counted(more as u64, "other", "others")) };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "failing seeds: {}{more}", listed.join(", "));
    }
    let failures = sum.failed.len();
    let _ = writeln!(text, "digest: {}", Digest(sum.digest));
    let _ = writeln!(text, "swarm: {count} seeds, {failures} failures");
    out::print(&text)?;
    if failures == 0 { Ok(()) } else { Err(Failure::reported()) }
}
