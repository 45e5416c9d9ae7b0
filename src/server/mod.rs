//! L6 (feature `server`): a facilitated exercise for people with browsers on the local network.
//!
//! One thread owns the `Exercise` ([`keeper`]); another answers requests. A request becomes an action of a person, which
//! is applied at the next boundary; pages come from views, and changes reach open pages as server-sent events by part.
//! Must not simulate, must not judge an action, and must not send anything to another machine by itself.
//!
//! Invariant: a page of a participant is made from the view of the own seat and from nothing else.

mod address;
mod answer;
mod codes;
mod connections;
mod feed;
mod forms;
mod guard;
mod keeper;
mod lock;
mod pages;
mod parts;
mod shared;
mod texts;
mod tls;
mod wall;

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};
use tokio_rustls::TlsAcceptor;

pub use address::{local_addresses, web_address};
pub use codes::Codes;
use shared::Shared;
pub use tls::TlsFiles;
pub use wall::Wall;

use crate::exercise::{Exercise, Reporter};

/// Most bytes of a form.
pub const FORM_BYTES_MAX: usize = 16 << 10;

/// A place at which browsers will find the server. It is opened before an exercise begins, so that a wrong address or
/// certificate leaves no exercise behind.
pub struct Door {
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
}

impl Door {
    /// Takes the address; `tls` has a certificate for HTTPS, none for plain HTTP.
    ///
    /// # Errors
    /// A sentence: the port is taken, the address is not one of this machine, the certificate cannot be used.
    pub fn open(bind: SocketAddr, tls: Option<&TlsFiles>) -> Result<Self, String> {
        let acceptor = tls.map(tls::acceptor).transpose()?;
        let listener = TcpListener::bind(bind).map_err(|error| address::bind_problem(bind, &error))?;
        listener.set_nonblocking(true).map_err(|error| format!("the server cannot start: {error}"))?;
        Ok(Self { listener, acceptor })
    }
}

/// Called with the addresses of a server and its wall.
pub type OnReady = Box<dyn FnOnce(&Ready, Wall) + Send>;

/// What a server needs to begin.
pub struct HostOptions {
    pub exercise: Exercise,
    pub codes: Codes,
    /// The file that keeps codes and links for a restart; none if nothing can be saved.
    pub codes_file: Option<PathBuf>,
    pub door: Door,
    /// Host names under which people reach this machine, beside its addresses.
    pub names: Vec<String>,
    pub reporter: Option<Reporter>,
    /// Called with the addresses and the wall once the server answers.
    pub on_ready: OnReady,
}

/// The addresses of a server that answers.
#[derive(Clone, Debug)]
pub struct Ready {
    /// For participants: `http://192.168.1.20:7190/`.
    pub join: String,
    pub staff: String,
    pub wall: String,
    /// The facilitator's page.
    pub facilitator: String,
}

/// Hosts an exercise until the process ends or the facilitator closes it.
///
/// # Errors
/// A sentence: the system gives no sockets or threads, or the codes cannot be saved.
pub fn serve(options: HostOptions) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("the server cannot start: {error}"))?;
    runtime.block_on(run(options))
}

async fn run(options: HostOptions) -> Result<(), String> {
    let HostOptions { exercise, codes, codes_file, door, names, reporter, on_ready } = options;
    let Door { listener, acceptor } = door;
    let listener = tokio::net::TcpListener::from_std(listener).map_err(|error| error.to_string())?;
    let bound = listener.local_addr().map_err(|error| error.to_string())?;
    let base = web_address(bound, &names, acceptor.is_some());
    let facilitator = codes.facilitator_token();
    let ready = Ready {
        join: format!("{base}/"),
        staff: format!("{base}/staff"),
        wall: format!("{base}/wall/{}", codes.wall_key),
        facilitator: format!("{base}/chair/{facilitator}"),
    };
    let (keeper, published) = keeper::start(exercise, reporter, codes.people_per_seat)?;
    let hosts = address::allowed_hosts(bound, &names);
    let shared = Arc::new(Shared::new(base, hosts, codes, codes_file, keeper, published));
    shared.save_codes()?;
    on_ready(&ready, Wall::new(shared.clone()));
    let service = router(shared).into_make_service_with_connect_info::<connections::Peer>();
    axum::serve(connections::Bounded::new(listener, acceptor), service).await.map_err(|error| error.to_string())
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(answer::join_page).post(answer::join))
        .route("/staff", get(answer::staff_page).post(answer::join_staff))
        .route("/chair/{token}", get(answer::take_chair))
        .route("/me", get(answer::own_page))
        .route("/me/act", post(answer::act))
        .route("/me/edit/{number}", get(answer::edit_page))
        .route("/me/script", get(answer::script_page))
        .route("/me/spoken/{seat}", get(answer::spoken_page))
        .route("/me/feed", get(feed::of_person))
        .route("/report/{seat}", get(answer::report))
        .route("/log.run", get(answer::run_file))
        .route("/wall/{key}", get(answer::wall_page))
        .route("/wall/{key}/feed", get(feed::of_wall))
        .route("/app.js", get(answer::script))
        .route("/app.css", get(answer::style))
        .route("/icon.svg", get(answer::icon))
        .route("/land.svg", get(answer::land))
        .fallback(answer::not_found)
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(middleware::from_fn_with_state(shared.clone(), guard::guard))
        .with_state(shared)
}
