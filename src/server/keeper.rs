//! The thread that owns the exercise. Requests reach it through a channel and are carried out one after the other;
//! the views that it publishes are shared, so that any number of pages can be made from them.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::{oneshot, watch};

use super::lock::locked;
use crate::base::words::capital;
use crate::exercise::action::{PersonAction, PersonId, PersonRole};
use crate::exercise::view::{ExerciseView, PersonRow, StaffView, TeamView};
use crate::exercise::{Exercise, Reporter};

/// Longest time between two looks at the clock.
const TURN: Duration = Duration::from_millis(50);
/// The same while the clock runs to a minute as fast as it can.
const TURN_HURRYING: Duration = Duration::from_millis(1);
/// Wall time that one turn may simulate.
const BUDGET: Duration = Duration::from_millis(30);
/// Shortest time between two sets of views while the clock runs.
const PUBLISH_EVERY: Duration = Duration::from_millis(200);
/// The same while the clock runs to a minute as fast as it can: pages in browsers on the same machine take its time.
const PUBLISH_EVERY_HURRYING: Duration = Duration::from_secs(1);
/// Shortest time between two changes of the large parts of pages while the clock runs and nobody acts.
const BEAT_EVERY: Duration = Duration::from_secs(2);
/// Requests that are carried out before the views are looked at again.
const REQUESTS_MAX: usize = 256;

/// The views of one revision.
#[derive(Clone)]
pub struct Views {
    pub revision: u64,
    /// The last revision at which large parts may change: a request was carried out, or some time has passed. So a fast
    /// clock does not fill the network with tables that nobody can read so fast.
    pub beat: u64,
    /// By seat in play, in the order of the cast.
    pub seats: Vec<(Arc<ExerciseView>, Arc<TeamView>)>,
    pub facilitator: Arc<ExerciseView>,
    pub staff: Arc<StaffView>,
}

impl Views {
    /// The position of a person's seat among the seats in play; none for people without a seat.
    pub fn seat_of(&self, person: PersonId) -> Option<usize> {
        self.seats.iter().position(|(_, team)| team.members.iter().any(|member| member.person == person))
    }

    /// The row of a person who takes part.
    pub fn row_of(&self, person: PersonId) -> Option<&PersonRow> {
        self.staff.people.iter().find(|row| row.person == person && !row.is_removed)
    }
}

/// The last views, and a sign that there are newer ones.
#[derive(Clone)]
pub struct Published {
    views: Arc<Mutex<Arc<Views>>>,
    pub revisions: watch::Receiver<u64>,
}

impl Published {
    pub fn views(&self) -> Arc<Views> {
        locked(&self.views).clone()
    }
}

enum Request {
    Join { name: String, role: PersonRole, seat: Option<String>, reply: oneshot::Sender<Result<PersonId, String>> },
    Act { by: PersonId, action: Box<PersonAction>, reply: oneshot::Sender<Result<(), String>> },
    Report { seat: String, reply: oneshot::Sender<Option<String>> },
    RunFile { reply: oneshot::Sender<Option<std::path::PathBuf>> },
}

/// The door to the exercise.
#[derive(Clone)]
pub struct Keeper {
    requests: Sender<Request>,
    started_s: u64,
}

/// The sentence for a request that cannot be carried out any more.
const GONE: &str = "The exercise is closed";

impl Keeper {
    /// UTC second at which the keeper began.
    pub fn started_s(&self) -> u64 {
        self.started_s
    }

    /// Adds a person.
    ///
    /// # Errors
    /// The reason for the page.
    pub async fn join(&self, name: String, role: PersonRole, seat: Option<String>) -> Result<PersonId, String> {
        let (reply, answer) = oneshot::channel();
        self.ask(Request::Join { name, role, seat, reply })?;
        answer.await.map_err(|_| GONE.to_owned())?
    }

    /// Carries out a request of a person.
    ///
    /// # Errors
    /// The reason for the page.
    pub async fn act(&self, by: PersonId, action: PersonAction) -> Result<(), String> {
        let (reply, answer) = oneshot::channel();
        self.ask(Request::Act { by, action: Box::new(action), reply })?;
        answer.await.map_err(|_| GONE.to_owned())?
    }

    /// The report of a seat, by id, as a page; none before the exercise has ended and is judged.
    pub async fn report(&self, seat: String) -> Option<String> {
        let (reply, answer) = oneshot::channel();
        self.ask(Request::Report { seat, reply }).ok()?;
        answer.await.ok()?
    }

    /// The finished run file.
    pub async fn run_file(&self) -> Option<std::path::PathBuf> {
        let (reply, answer) = oneshot::channel();
        self.ask(Request::RunFile { reply }).ok()?;
        answer.await.ok()?
    }

    fn ask(&self, request: Request) -> Result<(), String> {
        self.requests.send(request).map_err(|_| GONE.to_owned())
    }
}

/// UTC seconds since 1970.
pub fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Starts the thread that owns the exercise.
///
/// # Errors
/// The system gives no thread.
pub fn start(
    mut exercise: Exercise,
    reporter: Option<Reporter>,
    people_per_seat: Option<usize>,
) -> Result<(Keeper, Published), String> {
    let (requests, inbox) = channel();
    exercise.set_reporter(reporter);
    let beat = exercise.revision();
    let first = Arc::new(views(&mut exercise, beat));
    let (sign, revisions) = watch::channel(first.revision);
    let kept = Arc::new(Mutex::new(first));
    let published = Published { views: kept.clone(), revisions };
    let thread = std::thread::Builder::new().name("exercise".to_owned());
    let spawned = thread
        .spawn(move || Thread { exercise, people_per_seat, inbox, kept, sign, beat, last_beat: Instant::now() }.run());
    spawned.map_err(|error| format!("the exercise cannot start: {error}"))?;
    Ok((Keeper { requests, started_s: now_s() }, published))
}

fn views(exercise: &mut Exercise, beat: u64) -> Views {
    let teams = exercise.team_views();
    let seats = exercise.seats_in_play().into_iter().filter_map(|seat| exercise.view_of_seat(seat));
    let seats = seats.collect::<Vec<_>>().into_iter().zip(teams).collect();
    Views {
        seats,
        facilitator: exercise.view_of_facilitator(),
        staff: exercise.staff_view(),
        revision: exercise.revision(),
        beat,
    }
}

/// Sends the answer of a request.
type Reply = Box<dyn FnOnce()>;

struct Thread {
    exercise: Exercise,
    people_per_seat: Option<usize>,
    inbox: Receiver<Request>,
    kept: Arc<Mutex<Arc<Views>>>,
    sign: watch::Sender<u64>,
    beat: u64,
    last_beat: Instant,
}

impl Thread {
    /// Runs until nobody can send requests any more.
    fn run(mut self) {
        let (mut last, mut published) = (Instant::now(), Instant::now());
        loop {
            let is_hurrying = self.exercise.is_hurrying();
            let (turn, publish_every) =
                if is_hurrying { (TURN_HURRYING, PUBLISH_EVERY_HURRYING) } else { (TURN, PUBLISH_EVERY) };
            let replies = match self.inbox.recv_timeout(turn) {
                Ok(request) => {
                    let mut replies = vec![self.carry_out(request)];
                    let more: Vec<Request> = self.inbox.try_iter().take(REQUESTS_MAX).collect();
                    replies.extend(more.into_iter().map(|request| self.carry_out(request)));
                    replies
                }
                Err(RecvTimeoutError::Timeout) => Vec::new(),
                Err(RecvTimeoutError::Disconnected) => break,
            };
            let now = Instant::now();
            self.exercise.advance(now - last, BUDGET);
            last = now;
            // A person whose request was carried out sees its result on the next page.
            if !replies.is_empty() || publish_every <= published.elapsed() || is_hurrying != self.exercise.is_hurrying()
            {
                published = now;
                self.publish(!replies.is_empty());
            }
            replies.into_iter().for_each(|reply| reply());
        }
        self.exercise.flush();
    }

    /// Publishes the views if they are newer than the last ones, or if large parts wait for them.
    fn publish(&mut self, is_asked: bool) {
        let now = self.exercise.revision();
        let is_beat = is_asked || BEAT_EVERY <= self.last_beat.elapsed();
        if *self.sign.borrow() == now && (self.beat == now || !is_beat) {
            return;
        }
        if is_beat {
            (self.beat, self.last_beat) = (now, Instant::now());
        }
        let views = Arc::new(views(&mut self.exercise, self.beat));
        let revision = views.revision;
        *locked(&self.kept) = views;
        self.sign.send_replace(revision);
    }

    fn join(&mut self, name: &str, role: PersonRole, seat: Option<&str>, at_s: u64) -> Result<PersonId, String> {
        let found = seat.map_or(0, |seat| self.exercise.conduct().team(seat).count());
        if let Some(most) = self.people_per_seat.filter(|most| *most <= found) {
            return Err(format!("This seat is full ({found} of {most}). Choose another one, or ask the facilitator"));
        }
        let joined = self.exercise.join(name, role, seat, at_s);
        joined.map_err(|refusal| capital(&refusal.to_string()))
    }

    /// Carries out a request and returns its reply, to be sent when the views show the result.
    fn carry_out(&mut self, request: Request) -> Reply {
        let at_s = now_s();
        // A reply that nobody waits for any more is dropped: the browser went away.
        match request {
            Request::Join { name, role, seat, reply } => {
                let answer = self.join(&name, role, seat.as_deref(), at_s);
                Box::new(move || drop(reply.send(answer)))
            }
            Request::Act { by, action, reply } => {
                let done = self.exercise.act(by, *action, at_s);
                let answer = done.map_err(|refusal| capital(&refusal.to_string()));
                Box::new(move || drop(reply.send(answer)))
            }
            Request::Report { seat, reply } => {
                let page = self.exercise.report_page(&seat);
                Box::new(move || drop(reply.send(page)))
            }
            Request::RunFile { reply } => {
                let path = self.exercise.saved().map(std::path::Path::to_owned);
                Box::new(move || drop(reply.send(path)))
            }
        }
    }
}
