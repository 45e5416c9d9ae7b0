//! A plain HTTP client for tests and benchmarks of the server: one request on one connection, cookies by hand.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(60);

/// An answer of the server.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// The host with its own name, and a person's cookie.
#[derive(Clone, Debug)]
pub struct Browser {
    pub address: SocketAddr,
    pub cookie: Option<String>,
}

impl Browser {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, cookie: None }
    }

    /// Sends bytes as they are and reads the answer; none if the server hangs up without one.
    pub fn raw(&self, bytes: &[u8]) -> Option<Answer> {
        let mut stream = TcpStream::connect(self.address).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket takes a timeout");
        // A server that refuses a large body may hang up before all of it is sent.
        let _ = stream.write_all(bytes);
        let mut text = Vec::new();
        let _ = stream.read_to_end(&mut text);
        let text = String::from_utf8_lossy(&text).into_owned();
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some(Answer { status, head: head.to_owned(), body: body.to_owned() })
    }

    /// A request with further header lines.
    pub fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let host = self.address;
        let cookie = self.cookie.as_ref().map_or_else(String::new, |cookie| format!("Cookie: {cookie}\r\n"));
        let length = if method == "POST" { format!("Content-Length: {}\r\n", body.len()) } else { String::new() };
        let kind = if method == "POST" { "Content-Type: application/x-www-form-urlencoded\r\n" } else { "" };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{cookie}{length}{kind}{headers}\r\n{body}"
        );
        self.raw(request.as_bytes()).unwrap_or_else(|| panic!("no answer to {method} {path}"))
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "", "")
    }

    /// Posts a form as the script of a page does: a refusal comes back as text.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send("POST", path, "x-by-script: 1\r\n", &form(fields))
    }

    /// Carries out an action of the person's page.
    pub fn act(&self, fields: &[(&str, &str)]) -> Answer {
        self.post("/me/act", fields)
    }

    /// Posts a form and keeps the cookie of the answer.
    pub fn join(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.send("POST", path, "", &form(fields));
        let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next());
        self.cookie = cookie.map(str::to_owned).or(self.cookie.take());
        answer
    }

    /// Opens the feed of the person's page; the lines of its events.
    pub fn feed(&self) -> impl BufRead + use<> {
        let mut stream = TcpStream::connect(self.address).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket takes a timeout");
        let cookie = self.cookie.as_deref().unwrap_or_default();
        let request = format!("GET /me/feed HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\n\r\n", self.address);
        stream.write_all(request.as_bytes()).expect("the server reads");
        BufReader::new(stream)
    }
}

/// Fields as browsers send them.
pub fn form(fields: &[(&str, &str)]) -> String {
    let encoded = |text: &str| -> String {
        let byte = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
            b' ' => "+".to_owned(),
            other => format!("%{other:02X}"),
        };
        text.bytes().map(byte).collect()
    };
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    pairs.join("&")
}

/// A program that hosts an exercise, killed when it is dropped.
pub struct Host {
    pub child: Child,
    pub address: SocketAddr,
    pub pin: String,
    pub code: String,
    /// Paths of the facilitator's link and of the wall.
    pub facilitator: String,
    pub wall: String,
}

impl Host {
    /// Starts `blackstart host` with further arguments and waits until it answers.
    pub fn start(program: &str, arguments: &[&str]) -> Self {
        let mut command = Command::new(program);
        command.arg("host").args(["--no-window", "--bind", "127.0.0.1", "--port", "0"]).args(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let mut text = String::new();
        let mut lines = BufReader::new(child.stdout.take().expect("piped"));
        while !text.contains("goes on.") {
            if lines.read_line(&mut text).expect("text") == 0 {
                let mut trouble = String::new();
                let _ = child.stderr.take().expect("piped").read_to_string(&mut trouble);
                panic!("the host ended: {text}{trouble}");
            }
        }
        let word = |after: &str| {
            let rest = text.split_once(after).unwrap_or_else(|| panic!("no {after} in {text}")).1;
            rest.split_whitespace().next().expect("a word").to_owned()
        };
        let join = word("Participants");
        let base = join.trim_end_matches('/').to_owned();
        let path = |url: String| url.strip_prefix(&base).expect("an address of this server").to_owned();
        // A certificate is made out to a name, and the server listens on this machine.
        let port = base.rsplit(':').next().expect("an address with a port");
        let address = base.strip_prefix("http://").map_or_else(|| format!("127.0.0.1:{port}"), str::to_owned);
        let address = address.parse().expect("an address with a port");
        Self {
            child,
            address,
            pin: word("PIN"),
            code: word("code"),
            facilitator: path(word("Facilitator")),
            wall: path(word("Wall")),
        }
    }

    /// A browser with the facilitator's place.
    pub fn facilitator(&self) -> Browser {
        let mut browser = Browser::new(self.address);
        let answer = browser.get(&self.facilitator);
        let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next());
        browser.cookie = Some(cookie.expect("the link gives a cookie").to_owned());
        browser
    }

    /// A browser with the place of a new participant.
    pub fn participant(&self, name: &str, seat: &str) -> Browser {
        let mut browser = Browser::new(self.address);
        let answer = browser.join("/", &[("pin", &self.pin), ("name", name), ("seat", seat)]);
        assert_eq!(answer.status, 303, "{name}: {}", answer.body);
        browser
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
