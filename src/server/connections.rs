//! Connections of browsers: their number is bounded, and one over which nothing passes is closed.
//!
//! Must not read what passes.

use std::collections::BTreeMap;
use std::future::Future;
use std::io::{self, IoSlice};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpListener;
use tokio::time::{Instant, Sleep, sleep};
use tokio_rustls::TlsAcceptor;

use super::lock::locked;
use super::tls::Stream;

/// Connections of all and of one address at the same time. A browser opens at most six.
const CONNECTIONS_MAX: usize = 1_000;
const CONNECTIONS_OF_ADDRESS_MAX: usize = 600;
/// A feed passes something at least every 15 seconds.
const IDLE_MAX: Duration = Duration::from_secs(45);
/// Wait after an error of the system, such as too many open files.
const PAUSE: Duration = Duration::from_millis(100);

/// The address of a browser.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

impl Connected<IncomingStream<'_, Bounded>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Bounded>) -> Self {
        Self(*stream.remote_addr())
    }
}

type Counts = Arc<Mutex<BTreeMap<IpAddr, usize>>>;

/// A listener that accepts so many connections and no more.
pub struct Bounded {
    listener: TcpListener,
    /// None for plain HTTP.
    tls: Option<TlsAcceptor>,
    counts: Counts,
}

impl Bounded {
    pub fn new(listener: TcpListener, tls: Option<TlsAcceptor>) -> Self {
        Self { listener, tls, counts: Counts::default() }
    }

    /// Counts a connection; none if there are too many.
    fn admit(&self, ip: IpAddr) -> Option<Place> {
        let mut counts = locked(&self.counts);
        let all: usize = counts.values().sum();
        let count = counts.entry(ip).or_default();
        if CONNECTIONS_MAX <= all || CONNECTIONS_OF_ADDRESS_MAX <= *count {
            return None;
        }
        *count += 1;
        Some(Place { counts: self.counts.clone(), ip })
    }
}

impl Listener for Bounded {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        loop {
            match self.listener.accept().await {
                Ok((stream, address)) => {
                    if let Some(place) = self.admit(address.ip()) {
                        // Small answers must not wait for more; an error here only makes them slower.
                        let _ = stream.set_nodelay(true);
                        return (Connection::new(Stream::new(stream, self.tls.as_ref()), place), address);
                    }
                }
                Err(_) => sleep(PAUSE).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A place among the connections; it becomes free when it is dropped.
struct Place {
    counts: Counts,
    ip: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = locked(&self.counts);
        if let Some(count) = counts.get_mut(&self.ip) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.ip);
            }
        }
    }
}

/// A connection that fails after some time in which nothing passed.
pub struct Connection {
    stream: Stream,
    idle: Pin<Box<Sleep>>,
    _place: Place,
}

impl Connection {
    fn new(stream: Stream, place: Place) -> Self {
        Self { stream, idle: Box::pin(sleep(IDLE_MAX)), _place: place }
    }

    /// Notes that something passed, or fails if nothing has for too long.
    fn watch<T>(&mut self, context: &mut Context<'_>, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.idle.as_mut().reset(Instant::now() + IDLE_MAX);
            return polled;
        }
        match self.idle.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        self.watch(context, polled)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(context, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.watch(context, polled)
    }

    /// Without it, what all feeds share is copied for each of them before it is written.
    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
