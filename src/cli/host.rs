//! `blackstart host`: a facilitated exercise for people with browsers on the local network.

use std::io::{BufRead, IsTerminal, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
#[cfg(feature = "gui")]
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::SystemTime;

use clap::Args;

use super::failure::Failure;
use super::play::SCENARIO;
use super::{browser, memory, names, out};
use crate::base::Ix;
use crate::exercise::Exercise;
use crate::exercise::action::PersonRole;
use crate::report::after_action;
use crate::report::document::html;
use crate::scenario::compile::{Scenario, Seat};
use crate::server::{Codes, Door, HostOptions, Ready, TlsFiles, Wall, local_addresses, serve};
use crate::session::memory::WORLDS_PLAYED;
use crate::session::runfile::{self, RUNS_FOLDER};
use crate::study::Evidence;

/// Port of the server if the command line names none.
const PORT: u16 = 7190;

#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart host 2024-07-19                           asks for the address, all seats
  blackstart host 2024-07-19 --bind 192.168.1.20 --seat airline-ops --seat hospital-cio
  blackstart host --continue                           goes on after a crash: same codes, same links

  blackstart host 2024-07-19 --bind 0.0.0.0 --name exercise.example.org --cert chain.pem --key key.pem

Without --cert and --key, pages come over plain HTTP: people on the same network can read along.")]
pub struct HostArgs {
    /// Scenario id or folder
    pub scenario: Option<String>,
    /// Seat in play; can be repeated; otherwise all seats of the scenario
    #[arg(long = "seat", value_name = "ID")]
    pub seats: Vec<String>,
    /// Most people who can join one seat; the facilitator can move more into it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=500))]
    pub people_per_seat: Option<u16>,
    /// Seed of all random draws. 1 is the day as it was, any other number another morning
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true, value_parser = names::seed)]
    pub seed: u64,
    /// Address of this machine on which the server answers; 0.0.0.0 for all
    #[arg(long, value_name = "ADDRESS")]
    pub bind: Option<IpAddr>,
    /// Port on which the server answers
    #[arg(long, value_name = "N", default_value_t = PORT)]
    pub port: u16,
    /// Further name under which browsers reach this machine; can be repeated
    #[arg(long = "name", value_name = "HOST")]
    pub names: Vec<String>,
    /// Certificate in PEM, with those between it and its root: pages come over HTTPS, under the first --name
    #[arg(long, value_name = "FILE", requires = "key")]
    pub cert: Option<PathBuf>,
    /// Private key of the certificate in PEM, without a password
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub key: Option<PathBuf>,
    /// Folder for the run file and the codes
    #[arg(long, value_name = "DIR", default_value = RUNS_FOLDER)]
    pub out: PathBuf,
    /// Go on with an exercise that was interrupted: its run file, or the newest one of the folder
    #[arg(long = "continue", value_name = "FILE", num_args = 0..=1, default_missing_value = "", conflicts_with_all = ["seats", "seed", "begin_at", "people_per_seat"])]
    pub go_on: Option<String>,
    /// Minute of the scenario at which the exercise begins, like 415; the minutes before are simulated first
    #[arg(long, value_name = "MINUTE")]
    pub begin_at: Option<u32>,
    /// Open no window for the wall; its page is there in any case
    #[arg(long)]
    pub no_window: bool,
    /// Size of the window in logical pixels
    #[cfg(feature = "gui")]
    #[arg(long, value_name = "WxH", value_parser = super::play::size, hide = true)]
    pub size: Option<[u32; 2]>,
    /// File of commands that operate the window
    #[cfg(feature = "automation")]
    #[arg(long, value_name = "FILE", hide = true)]
    pub automation: Option<PathBuf>,
}

/// Hosts an exercise until the process ends.
pub fn host(args: &HostArgs) -> Result<(), Failure> {
    let bind = SocketAddr::new(address(args.bind)?, args.port);
    let tls = args.cert.clone().zip(args.key.clone()).map(|(certificate, key)| TlsFiles { certificate, key });
    let door = Door::open(bind, tls.as_ref()).map_err(Failure::new)?;
    let (exercise, codes, codes_file) = match &args.go_on {
        Some(file) => go_on(args, file)?,
        None => begin(args)?,
    };
    let run_file = exercise.run_file().map(Path::to_owned);
    let (pin, code) = (codes.pin.clone(), codes.code.clone());
    let (sender, walls) = channel();
    let on_ready = Box::new(move |ready: &Ready, wall: Wall| {
        // A closed terminal must not end the exercise.
        let _ = out::print(&welcome(ready, &pin, &code, run_file.as_deref()));
        // Without a window nobody waits for the wall.
        let _ = sender.send((ready.wall.clone(), wall));
    });
    let options = HostOptions {
        exercise,
        codes,
        codes_file,
        door,
        names: args.names.clone(),
        reporter: Some(report_page),
        on_ready,
    };
    if args.no_window {
        return serve(options).map_err(Failure::new);
    }
    // Systems want windows on the first thread, so the server gets another one.
    let server = std::thread::spawn(move || serve(options));
    if let Ok((page, wall)) = walls.recv() {
        show_wall(args, &page, wall)?;
    }
    let served = server.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    served.map_err(Failure::new)
}

/// Shows the wall in a window of this program, otherwise in the browser. Returns when it is closed or cannot be shown:
/// the exercise goes on without it.
///
/// # Errors
/// A signal ended the program.
#[cfg(feature = "gui")]
fn show_wall(args: &HostArgs, page: &str, wall: Wall) -> Result<(), Failure> {
    let window = crate::gui::WindowOptions {
        title: "Blackstart, the wall",
        size: args.size,
        #[cfg(feature = "automation")]
        automation: args.automation.clone(),
        ..crate::gui::WindowOptions::default()
    };
    // The hook has reported a panic; the exercise must outlive it.
    let shown = std::panic::catch_unwind(AssertUnwindSafe(|| crate::gui::show(Box::new(wall), window)));
    let why = match shown {
        Ok(Ok(())) => "The window of the wall is closed".to_owned(),
        Ok(Err(error)) if error.is_window_missing() => return open_wall_page(page),
        Ok(Err(error)) if error.is_signal() || cfg!(feature = "automation") => {
            return Err(Failure::new(error.to_string()).with_code(error.exit_code()));
        }
        Ok(Err(error)) => format!("The wall has no window any more ({error})"),
        Err(_) => "The wall has no window any more".to_owned(),
    };
    eprintln!("{why}; the exercise goes on. The page for the wall: {page}");
    Ok(())
}

#[cfg(not(feature = "gui"))]
fn show_wall(_: &HostArgs, page: &str, _: Wall) -> Result<(), Failure> {
    open_wall_page(page)
}

/// Opens the page for the wall in the browser of this machine, if there is one.
fn open_wall_page(page: &str) -> Result<(), Failure> {
    if browser::open(page) {
        let _ = out::print("The wall opens in your browser: move it to the projector, F11 fills the screen.\n");
    }
    Ok(())
}

/// The after-action report of a seat.
fn report_page(evidence: &Evidence<'_>) -> String {
    html::page(&after_action::report(evidence))
}

type Begun = (Exercise, Codes, Option<PathBuf>);

fn begin(args: &HostArgs) -> Result<Begun, Failure> {
    let scenario = names::on_morning(names::scenario(args.scenario.as_deref().unwrap_or(SCENARIO))?, args.seed)?;
    memory::check(&scenario, WORLDS_PLAYED)?;
    let seats = seats(&scenario, &args.seats)?;
    let end = scenario.horizon.0;
    if let Some(minute) = args.begin_at.filter(|minute| end <= *minute) {
        let what = format!("the exercise cannot begin at minute {minute}: the scenario ends at minute {end}");
        return Err(Failure::with_help(what, "minutes count from the start of the scenario, not of the day"));
    }
    let mut exercise = Exercise::host(scenario, args.seed, &seats, &args.out);
    if let Some(minute) = args.begin_at {
        exercise.begin_at(minute);
    }
    let joined = exercise.join("Facilitator", PersonRole::Facilitator, None, now_s());
    joined.map_err(|refusal| Failure::new(refusal.to_string()))?;
    let codes_file = exercise.run_file().map(Codes::file_of);
    if codes_file.is_none() {
        let out = args.out.display();
        return Err(Failure::with_help(
            format!("the exercise cannot be saved in this folder: {out}"),
            "choose another one with --out",
        ));
    }
    let mut codes = Codes::new().map_err(Failure::new)?;
    codes.people_per_seat = args.people_per_seat.map(usize::from);
    Ok((exercise, codes, codes_file))
}

fn seats(scenario: &Scenario, ids: &[String]) -> Result<Vec<Ix<Seat>>, Failure> {
    if ids.is_empty() {
        return Ok(scenario.seats.indices().collect());
    }
    ids.iter().map(|id| names::seat(scenario, id)).collect()
}

fn go_on(args: &HostArgs, file: &str) -> Result<Begun, Failure> {
    let path = if file.is_empty() { newest(&args.out)? } else { PathBuf::from(file) };
    let about = path.display().to_string();
    let header = runfile::summarise(&path).map_err(|error| Failure::new(error.to_string()).about(&about))?.header;
    let name = args.scenario.as_deref().unwrap_or(&header.scenario);
    let scenario = Arc::new(names::scenario(name)?);
    let codes_file = Codes::file_of(&path);
    let codes = Codes::read(&codes_file).map_err(Failure::new)?;
    let exercise = Exercise::host_again(&path, &scenario, now_s());
    Ok((exercise.map_err(|what| Failure::new(what).about(&about))?, codes, Some(codes_file)))
}

/// The facilitated exercise of a folder that was written last.
fn newest(folder: &Path) -> Result<PathBuf, Failure> {
    let nothing = || {
        let what = format!("there is no facilitated exercise in this folder: {}", folder.display());
        Failure::with_help(what, "name its run file after --continue, or its folder with --out")
    };
    let entries = std::fs::read_dir(folder).map_err(|_| nothing())?;
    let modified = |path: &Path| path.metadata().and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    let hosted = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "run") && Codes::file_of(path).is_file());
    hosted.max_by_key(|path| modified(path)).ok_or_else(nothing)
}

fn now_s() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// The address on which the server answers: the one given, the one chosen at the terminal, or this machine alone.
fn address(given: Option<IpAddr>) -> Result<IpAddr, Failure> {
    if let Some(given) = given {
        return Ok(given);
    }
    let mut addresses = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
    addresses.extend(local_addresses());
    if !std::io::stdin().is_terminal() || addresses.len() == 1 {
        eprintln!("Only this machine can join (127.0.0.1); choose an address of the network with --bind");
        return Ok(addresses[0]);
    }
    eprintln!("Addresses of this machine:");
    for (number, address) in addresses.iter().enumerate() {
        let words = if number == 0 { "  only this machine" } else { "" };
        eprintln!("  {}  {address}{words}", number + 1);
    }
    eprint!("Number of the address for the exercise [{}]: ", addresses.len());
    // Without the question on the screen, the answer is the default.
    let _ = std::io::stderr().flush();
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| Failure::new(error.to_string()))?;
    let number = if line.trim().is_empty() { Ok(addresses.len()) } else { line.trim().parse::<usize>() };
    let chosen = number.ok().and_then(|number| addresses.get(number.checked_sub(1)?)).copied();
    chosen.ok_or_else(|| Failure::new(format!("`{}` is none of the numbers", line.trim())))
}

fn welcome(ready: &Ready, pin: &str, code: &str, run_file: Option<&Path>) -> String {
    let transport = match ready.join.starts_with("https:") {
        true => "The pages come over HTTPS with your certificate.",
        false => "The pages come over plain HTTP: people on the same network can read along.",
    };
    let saved = run_file.map_or_else(String::new, |path| format!("\nSaved in        {}", path.display()));
    format!(
        "EXERCISE

Participants    {}    PIN {pin}
Staff           {}    code {code}
Wall            {}
Facilitator     {}    keep this link to yourself{saved}

{}
Ctrl-C stops the server; `blackstart host --continue` goes on.
",
        ready.join, ready.staff, ready.wall, ready.facilitator, transport
    )
}
