//! Answers to requests: who asks, what is asked, and the page or the redirection that follows.
//!
//! Must not make HTML beyond calling `pages`, and must not judge an action.

use std::sync::Arc;

use axum::Form;
use axum::extract::{ConnectInfo, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::codes::is_same;
use super::connections::Peer;
use super::forms::{self, Fields};
use super::keeper::Views;
use super::pages;
use super::shared::{Shared, Tried};
use crate::exercise::action::{PersonId, PersonRole};

/// Name of the cookie with the token of a chair.
const COOKIE: &str = "blackstart_chair";
/// Seconds for which a browser keeps it: a day.
const COOKIE_S: u32 = 86_400;
/// Marks a request of the script, which shows a refusal itself.
const BY_SCRIPT: &str = "x-by-script";

type Server = State<Arc<Shared>>;

/// The person of a request's cookie.
pub fn person_of(shared: &Shared, headers: &HeaderMap) -> Option<PersonId> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    let token = cookies.split("; ").find_map(|cookie| cookie.strip_prefix(COOKIE)?.strip_prefix('='))?;
    shared.codes().person(token)
}

#[derive(Default, serde::Deserialize)]
pub struct JoinQuery {
    #[serde(default)]
    pin: String,
    #[serde(default)]
    code: String,
}

#[derive(Default, serde::Deserialize)]
pub struct PageQuery {
    /// Set after joining: a browser without the cookie now keeps none.
    joined: Option<String>,
    /// The page does not refresh itself without scripts.
    still: Option<String>,
}

#[derive(Default, serde::Deserialize)]
pub struct ScriptQuery {
    /// Position of the first entry.
    from: Option<usize>,
}

pub async fn join_page(State(shared): Server, query: Query<JoinQuery>) -> Html<String> {
    Html(pages::join::page(&shared.published.views(), &query.pin, None))
}

pub async fn staff_page(State(shared): Server, query: Query<JoinQuery>) -> Html<String> {
    Html(pages::join::staff(&shared.published.views(), &query.code, None))
}

/// A participant joins by PIN, name and seat.
pub async fn join(
    State(shared): Server,
    ConnectInfo(Peer(from)): ConnectInfo<Peer>,
    Form(form): Form<Fields>,
) -> Response {
    let fields = forms::Form::new(&form);
    let pin = fields.text("pin");
    let views = shared.published.views();
    let again =
        |status: StatusCode, words: &str| (status, Html(pages::join::page(&views, "", Some(words)))).into_response();
    let right = shared.codes().pin.clone();
    match shared.try_code(from.ip(), pin, &right) {
        Tried::TooMany => {
            return too_many(again(
                StatusCode::TOO_MANY_REQUESTS,
                "Too many wrong codes. Wait a minute, then try again",
            ));
        }
        Tried::Wrong => {
            return again(StatusCode::FORBIDDEN, "This PIN does not belong to this exercise. Look at the wall");
        }
        Tried::Right => {}
    }
    let seat = forms::seat_to_join(&views, fields.text("seat"));
    match shared.keeper.join(fields.text("name").to_owned(), PersonRole::Participant, seat).await {
        Ok(person) => seated(&shared, person),
        Err(words) => again(StatusCode::CONFLICT, &words),
    }
}

/// Facilitators, evaluators and observers join by the second code.
pub async fn join_staff(
    State(shared): Server,
    ConnectInfo(Peer(from)): ConnectInfo<Peer>,
    Form(form): Form<Fields>,
) -> Response {
    let fields = forms::Form::new(&form);
    let views = shared.published.views();
    let again =
        |status: StatusCode, words: &str| (status, Html(pages::join::staff(&views, "", Some(words)))).into_response();
    let right = shared.codes().code.clone();
    match shared.try_code(from.ip(), fields.text("code"), &right) {
        Tried::TooMany => {
            return too_many(again(
                StatusCode::TOO_MANY_REQUESTS,
                "Too many wrong codes. Wait a minute, then try again",
            ));
        }
        Tried::Wrong => {
            return again(StatusCode::FORBIDDEN, "This code does not belong to this exercise. The facilitator has it");
        }
        Tried::Right => {}
    }
    let role = match fields.text("role") {
        "facilitator" => PersonRole::Facilitator,
        "evaluator" => PersonRole::Evaluator,
        "observer" => PersonRole::Observer,
        _ => return again(StatusCode::BAD_REQUEST, "Choose what you do in the exercise"),
    };
    match shared.keeper.join(fields.text("name").to_owned(), role, None).await {
        Ok(person) => seated(&shared, person),
        Err(words) => again(StatusCode::CONFLICT, &words),
    }
}

fn too_many(mut response: Response) -> Response {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    response
}

/// Gives a person a secret link and sends the browser to it.
fn seated(shared: &Shared, person: PersonId) -> Response {
    let token = shared.codes().add(person);
    let saved = token.and_then(|token| shared.save_codes().map(|()| token));
    match saved {
        Ok(token) => ([(header::SET_COOKIE, cookie(shared, &token))], Redirect::to("/me?joined=1")).into_response(),
        Err(words) => message(StatusCode::INTERNAL_SERVER_ERROR, "The place could not be kept", &words),
    }
}

/// The cookie of a chair.
fn cookie(shared: &Shared, token: &str) -> String {
    let secure = if shared.is_secure() { "; Secure" } else { "" };
    format!("{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/; Max-Age={COOKIE_S}{secure}")
}

/// Opens a secret link. A page is answered, not a redirection: after a click in a message, browsers would not send the
/// new cookie with the redirected request.
pub async fn take_chair(State(shared): Server, Path(token): Path<String>) -> Response {
    let is_known = shared.codes().person(&token).is_some();
    if !is_known {
        return message(StatusCode::NOT_FOUND, "This link leads to no chair", "Join with the PIN on the wall");
    }
    let mut response = Html(pages::join::chair()).into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie(&shared, &token)) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// The page of a person.
pub async fn own_page(State(shared): Server, headers: HeaderMap, query: Query<PageQuery>) -> Response {
    let Some(person) = person_of(&shared, &headers) else {
        return if query.joined.is_some() {
            let words = "This browser keeps no cookies for this address, so it cannot keep your place. Allow cookies for \
                         it, or use another browser or a private window";
            message(StatusCode::UNAUTHORIZED, "No cookies", words)
        } else {
            Redirect::to("/").into_response()
        };
    };
    let views = shared.published.views();
    match pages::own_page(&shared, &views, person, query.still.is_some()) {
        Some(page) => Html(page).into_response(),
        None => removed(),
    }
}

fn removed() -> Response {
    message(StatusCode::FORBIDDEN, "You are no longer in this exercise", "Ask the facilitator, or join again")
}

/// Carries out a form of a person's page.
pub async fn act(State(shared): Server, headers: HeaderMap, Form(form): Form<Fields>) -> Response {
    let is_by_script = headers.contains_key(BY_SCRIPT);
    let Some(person) = person_of(&shared, &headers) else {
        return if is_by_script { StatusCode::UNAUTHORIZED.into_response() } else { Redirect::to("/").into_response() };
    };
    let fields = forms::Form::new(&form);
    let action = forms::action(&shared.published.views(), person, &fields);
    let done = match action {
        Ok(action) => shared.keeper.act(person, action).await,
        Err(words) => Err(words),
    };
    match (done, is_by_script) {
        (Ok(()), true) => StatusCode::NO_CONTENT.into_response(),
        (Err(words), true) => (StatusCode::CONFLICT, words).into_response(),
        (done, false) => {
            if let Err(words) = done {
                shared.notify(person, words);
            }
            let part = fields.text("part");
            let is_word = !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            let to = if is_word { format!("/me#{part}") } else { "/me".to_owned() };
            Redirect::to(&to).into_response()
        }
    }
}

/// The report of a seat, for staff, once the exercise has ended.
pub async fn report(State(shared): Server, headers: HeaderMap, Path(seat): Path<String>) -> Response {
    if !is_staff(&shared, &headers) {
        return for_facilitators();
    }
    match shared.keeper.report(seat).await {
        // The report is a page of its own with its style inside; it has no script.
        Some(page) => {
            let policy =
                "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'";
            ([(header::CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response()
        }
        None => message(StatusCode::NOT_FOUND, "There is no report yet", "It is ready when the exercise has ended"),
    }
}

/// The finished run file, for staff.
pub async fn run_file(State(shared): Server, headers: HeaderMap) -> Response {
    let path = if is_staff(&shared, &headers) { shared.keeper.run_file().await } else { None };
    let bytes = path.and_then(|path| crate::files::read_regular(&path, crate::exercise::RUN_FILE_BYTES_MAX).ok());
    match bytes {
        Some(bytes) => {
            let head = [
                (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"exercise.run\""),
            ];
            (head, bytes).into_response()
        }
        None => message(StatusCode::NOT_FOUND, "There is no run file yet", "It is ready when the exercise has ended"),
    }
}

fn for_facilitators() -> Response {
    message(StatusCode::FORBIDDEN, "This page is for the facilitator", "Open it in the facilitator's browser")
}

fn is_staff(shared: &Shared, headers: &HeaderMap) -> bool {
    let Some(person) = person_of(shared, headers) else { return false };
    let staff = shared.published.views().staff.clone();
    let found = staff.people.iter().find(|row| row.person == person && !row.is_removed);
    found.is_some_and(|row| row.role != PersonRole::Participant)
}

/// The page with the whole script, for staff; only facilitators have its buttons.
pub async fn script_page(State(shared): Server, headers: HeaderMap, query: Query<ScriptQuery>) -> Response {
    let views = shared.published.views();
    let role = person_of(&shared, &headers).and_then(|person| Some(views.row_of(person)?.role));
    match role {
        None | Some(PersonRole::Participant) => for_facilitators(),
        Some(role) => Html(pages::script::whole(&views, role == PersonRole::Facilitator, query.from)).into_response(),
    }
}

/// The page that gives a message of the script other words.
pub async fn edit_page(State(shared): Server, headers: HeaderMap, Path(number): Path<u32>) -> Response {
    task(&shared, &headers, |views| pages::desks::edit(views, number))
}

/// The page that enters a decision of a seat.
pub async fn spoken_page(State(shared): Server, headers: HeaderMap, Path(seat): Path<String>) -> Response {
    task(&shared, &headers, |views| pages::desks::spoken(views, &seat))
}

fn task(shared: &Shared, headers: &HeaderMap, page: impl FnOnce(&Views) -> Option<String>) -> Response {
    let views = shared.published.views();
    let role = person_of(shared, headers).and_then(|person| Some(views.row_of(person)?.role));
    if role != Some(PersonRole::Facilitator) {
        return for_facilitators();
    }
    page(&views).map_or_else(
        || message(StatusCode::NOT_FOUND, "There is no such page", "Go back to the facilitator's page"),
        |page| Html(page).into_response(),
    )
}

/// The page for the wall.
pub async fn wall_page(State(shared): Server, Path(key): Path<String>) -> Response {
    if !is_same(&key, &shared.codes().wall_key) {
        return message(StatusCode::NOT_FOUND, "There is no such wall", "The facilitator's page has the address");
    }
    Html(pages::wall::page(&shared, &shared.published.views())).into_response()
}

pub async fn script() -> Response {
    stored("text/javascript; charset=utf-8", include_str!("../../assets/server/app.js").to_owned())
}

pub async fn icon() -> Response {
    stored("image/svg+xml", pages::icon())
}

pub async fn land() -> Response {
    stored("image/svg+xml", pages::land())
}

pub async fn style() -> Response {
    stored("text/css; charset=utf-8", pages::style())
}

/// A file that is the same as long as this program runs.
fn stored(kind: &'static str, text: String) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=300")], text).into_response()
}

pub async fn not_found() -> Response {
    message(StatusCode::NOT_FOUND, "There is no such page", "Begin at the first page")
}

fn message(status: StatusCode, title: &str, words: &str) -> Response {
    (status, Html(pages::join::message(title, words))).into_response()
}
