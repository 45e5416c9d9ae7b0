//! Server-sent events: each open page has one feed, which sends the parts that changed.
//!
//! A feed that is slow misses revisions and no change: it sends the newest parts whenever it can. After a lost
//! connection the browser names the last revision that it has, and gets what changed since.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::sync::mpsc;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

use super::answer::person_of;
use super::codes::is_same;
use super::keeper::{Views, now_s};
use super::pages;
use super::parts::Part;
use super::shared::Shared;
use crate::exercise::action::PersonId;

/// Shortest time between two sets of changes on one feed.
const EVERY: Duration = Duration::from_millis(100);
/// Comments keep proxies and the limit on idle connections from closing a quiet feed.
const ALIVE_EVERY: Duration = Duration::from_secs(15);
/// Wait of browsers before they connect again, in milliseconds.
const RETRY: Duration = Duration::from_millis(1_500);
/// Pieces on the way to one browser; a feed whose browser takes no more waits. All feeds share the bytes of a part, which
/// are its copy in the memory: axum's own events are a copy for each feed.
const ON_THE_WAY_MAX: usize = 8;

/// The revision of the page, `START-REVISION`.
#[derive(serde::Deserialize)]
pub struct Since {
    #[serde(default)]
    since: String,
}

/// The feed of a person's page.
pub async fn of_person(State(shared): State<Arc<Shared>>, headers: HeaderMap, since: Query<Since>) -> Response {
    let Some(person) = person_of(&shared, &headers) else {
        return (StatusCode::UNAUTHORIZED, "This page has no chair").into_response();
    };
    if !shared.open_feed(person) {
        return (StatusCode::TOO_MANY_REQUESTS, "This person has too many open pages").into_response();
    }
    let since = since_revision(&shared, &headers, &since.0);
    let open = Open { shared: shared.clone(), person };
    let parts = move |views: &Views| pages::parts(&open.shared, views, open.person);
    stream(&shared, since, parts)
}

/// The feed of the wall.
pub async fn of_wall(
    State(shared): State<Arc<Shared>>,
    Path(key): Path<String>,
    headers: HeaderMap,
    since: Query<Since>,
) -> Response {
    if !is_same(&key, &shared.codes().wall_key) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let since = since_revision(&shared, &headers, &since.0);
    let for_parts = shared.clone();
    stream(&shared, since, move |views| Some(pages::wall::parts(&for_parts, views)))
}

/// A feed counts as open as long as this lives.
struct Open {
    shared: Arc<Shared>,
    person: PersonId,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.shared.close_feed(self.person);
    }
}

/// The revision that a browser has; 0 if it has none of this start of the program.
fn since_revision(shared: &Shared, headers: &HeaderMap, page: &Since) -> u64 {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()).unwrap_or(&page.since);
    let revision = last.split_once('-').filter(|(start, _)| *start == shared.start);
    revision.and_then(|(_, revision)| revision.parse().ok()).unwrap_or(0)
}

/// Sends the parts that changed since a revision, and then every change. Ends when `parts` gives none: the person was
/// removed.
fn stream(shared: &Arc<Shared>, since: u64, parts: impl Fn(&Views) -> Option<Vec<Part>> + Send + 'static) -> Response {
    let (sender, receiver) = mpsc::channel::<Bytes>(ON_THE_WAY_MAX);
    let (published, start) = (shared.published.clone(), shared.start.clone());
    tokio::spawn(async move {
        let first = Bytes::from(format!(": open\nretry: {}\n\n", RETRY.as_millis()));
        if sender.send(first).await.is_err() {
            return;
        }
        let (mut revisions, mut sent) = (published.revisions.clone(), since);
        let mut shown: BTreeMap<&str, Arc<str>> = BTreeMap::new();
        loop {
            revisions.borrow_and_update();
            let views = published.views();
            let Some(parts) = parts(&views) else {
                // An error means that the browser went away by itself.
                let _ = sender.send(Bytes::from_static(b"event: gone\ndata: removed\n\n")).await;
                return;
            };
            let revision = views.revision;
            drop(views);
            let end = Bytes::from(format!("id: {start}-{sent}\n\n"));
            for part in parts {
                let is_on_page = match shown.get(part.name) {
                    Some(html) => *html == part.html,
                    // The first time, the page has what did not change since it was made.
                    None => part.changed <= since && !part.is_personal,
                };
                shown.insert(part.name, part.html);
                if is_on_page {
                    continue;
                }
                if sender.send(part.event).await.is_err() || sender.send(end.clone()).await.is_err() {
                    return;
                }
            }
            if sent < revision {
                sent = revision;
                let event = format!("event: revision\ndata: {}\nid: {start}-{sent}\n\n", now_s());
                if sender.send(event.into()).await.is_err() {
                    return;
                }
            }
            tokio::time::sleep(EVERY).await;
            tokio::select! {
                changed = revisions.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(ALIVE_EVERY) => if sender.send(Bytes::from_static(b":\n\n")).await.is_err() { return },
                () = sender.closed() => return,
            }
        }
    });
    let events = Body::from_stream(ReceiverStream::new(receiver).map(Ok::<Bytes, Infallible>));
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-cache")];
    (headers, events).into_response()
}
