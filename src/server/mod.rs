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

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};

pub use address::{local_addresses, web_address};
pub use codes::Codes;
use shared::Shared;

use crate::exercise::{Exercise, Reporter};

/// Most bytes of a form.
pub const FORM_BYTES_MAX: usize = 16 << 10;

/// What a server needs to begin.
pub struct HostOptions {
    pub exercise: Exercise,
    pub codes: Codes,
    /// The file that keeps codes and links for a restart; none if nothing can be saved.
    pub codes_file: Option<PathBuf>,
    pub bind: SocketAddr,
    /// Host names under which people reach this machine, beside its addresses.
    pub names: Vec<String>,
    pub reporter: Option<Reporter>,
    /// Called with the addresses once the server answers.
    pub on_ready: Box<dyn FnOnce(&Ready)>,
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
/// A sentence: the port is taken, the address is not one of this machine, or the system gives no sockets.
pub fn serve(options: HostOptions) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("the server cannot start: {error}"))?;
    runtime.block_on(run(options))
}

async fn run(options: HostOptions) -> Result<(), String> {
    let HostOptions { exercise, codes, codes_file, bind, names, reporter, on_ready } = options;
    let listener = tokio::net::TcpListener::bind(bind).await.map_err(|error| address::bind_problem(bind, &error))?;
    let bound = listener.local_addr().map_err(|error| error.to_string())?;
    let base = web_address(bound);
    let facilitator = codes.facilitator_token();
    let ready = Ready {
        join: format!("{base}/"),
        staff: format!("{base}/staff"),
        wall: format!("{base}/wall/{}", codes.wall_key),
        facilitator: format!("{base}/chair/{facilitator}"),
    };
    let (keeper, published) = keeper::start(exercise, reporter)?;
    let hosts = address::allowed_hosts(bound, &names);
    let shared = Arc::new(Shared::new(base, hosts, codes, codes_file, keeper, published));
    shared.save_codes()?;
    on_ready(&ready);
    let service = router(shared).into_make_service_with_connect_info::<connections::Peer>();
    axum::serve(connections::Bounded::new(listener), service).await.map_err(|error| error.to_string())
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(answer::join_page).post(answer::join))
        .route("/staff", get(answer::staff_page).post(answer::join_staff))
        .route("/chair/{token}", get(answer::take_chair))
        .route("/me", get(answer::own_page))
        .route("/me/act", post(answer::act))
        .route("/me/edit/{number}", get(answer::edit_page))
        .route("/me/spoken/{seat}", get(answer::spoken_page))
        .route("/me/feed", get(feed::of_person))
        .route("/report/{seat}", get(answer::report))
        .route("/log.run", get(answer::run_file))
        .route("/wall/{key}", get(answer::wall_page))
        .route("/wall/{key}/feed", get(feed::of_wall))
        .route("/app.js", get(answer::script))
        .route("/app.css", get(answer::style))
        .route("/icon.svg", get(answer::icon))
        .fallback(answer::not_found)
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(middleware::from_fn_with_state(shared.clone(), guard::guard))
        .with_state(shared)
}
