//! The guard at the door: every request passes it, whatever its page.
//!
//! It refuses unknown hosts, forms of other sites and floods, and adds the headers that keep scripts of others out.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::connections::Peer;
use super::shared::Shared;

/// No script, style or picture from elsewhere, and none inside a page. `same-origin` below, because with `no-referrer`
/// browsers send `Origin: null` with forms.
const HEADERS: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; connect-src 'self'; form-action 'self'; style-src 'self'; \
         img-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
    ("x-robots-tag", "noindex"),
];

pub async fn guard(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(Peer(address)): ConnectInfo<Peer>,
    request: Request<Body>,
    next: Next,
) -> Response {
    let mut response = match refusal(&shared, request.method(), request.headers()) {
        Some(refused) => refused.into_response(),
        None if !shared.may_request(address.ip()) => {
            (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "1")], "Too many requests: wait a second")
                .into_response()
        }
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The reason why a request is not even looked at.
fn refusal(shared: &Shared, method: &Method, headers: &HeaderMap) -> Option<(StatusCode, &'static str)> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(header::HOST).unwrap_or_default().to_lowercase();
    if !shared.hosts.contains(&host) {
        return Some((StatusCode::MISDIRECTED_REQUEST, "This server does not have that name"));
    }
    match method {
        &Method::GET | &Method::HEAD => None,
        &Method::POST => {
            // Browsers name the origin of every form; programs without one are not tricked by other sites.
            let origin = text(header::ORIGIN);
            let is_own = origin.is_none_or(|origin| origin.split_once("://").is_some_and(|(_, from)| from == host));
            (!is_own).then_some((StatusCode::FORBIDDEN, "This form comes from another site"))
        }
        _ => Some((StatusCode::METHOD_NOT_ALLOWED, "Only GET and POST are possible")),
    }
}
