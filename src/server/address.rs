//! Addresses of this machine, and the host names that requests may name.

use std::collections::BTreeSet;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};

/// Networks towards which the system is asked for its own address; nothing is sent.
const TOWARDS: [Ipv4Addr; 4] = [
    Ipv4Addr::new(192, 168, 0, 1),
    Ipv4Addr::new(10, 0, 0, 1),
    Ipv4Addr::new(172, 16, 0, 1),
    Ipv4Addr::new(192, 0, 2, 1),
];

/// Addresses of this machine that others can reach, as far as the system tells; without loopback.
pub fn local_addresses() -> Vec<IpAddr> {
    let address = |towards: Ipv4Addr| {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
        // Connecting a UDP socket only chooses a route.
        socket.connect((towards, 9)).ok()?;
        Some(socket.local_addr().ok()?.ip())
    };
    let found: BTreeSet<IpAddr> = TOWARDS.into_iter().filter_map(address).collect();
    found.into_iter().filter(|ip| !ip.is_loopback() && !ip.is_unspecified()).collect()
}

/// The address for browsers, without a slash at its end. A server on all addresses names the first that others reach; with
/// a certificate the first name counts, because certificates are made out to names.
pub fn web_address(bound: SocketAddr, names: &[String], is_secure: bool) -> String {
    if let (true, Some(name)) = (is_secure, names.first()) {
        return format!("https://{}:{}", name.to_lowercase(), bound.port());
    }
    let ip = match bound.ip() {
        ip if ip.is_unspecified() => local_addresses().first().copied().unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        ip => ip,
    };
    format!("{}://{}", if is_secure { "https" } else { "http" }, SocketAddr::new(ip, bound.port()))
}

/// Values of `Host` that are accepted: a page of another site, or a name that leads here by trickery, is none of them.
pub fn allowed_hosts(bound: SocketAddr, names: &[String]) -> BTreeSet<String> {
    let port = bound.port();
    let mut hosts = BTreeSet::new();
    let mut add = |host: String| {
        hosts.insert(format!("{host}:{port}"));
        // Browsers leave out the ports of their protocols.
        if matches!(port, 80 | 443) {
            hosts.insert(host);
        }
    };
    let is_everywhere = bound.ip().is_unspecified();
    if is_everywhere || bound.ip().is_loopback() {
        ["localhost", "127.0.0.1", "[::1]"].iter().for_each(|host| add((*host).to_owned()));
    }
    let addresses = if is_everywhere { local_addresses() } else { vec![bound.ip()] };
    addresses.into_iter().for_each(|ip| match ip {
        IpAddr::V4(ip) => add(ip.to_string()),
        IpAddr::V6(ip) => add(format!("[{ip}]")),
    });
    names.iter().for_each(|name| add(name.to_lowercase()));
    hosts
}

/// The reason why an address cannot be used, with advice.
pub fn bind_problem(address: SocketAddr, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("port {} is taken by another program; choose another one with --port", address.port())
        }
        io::ErrorKind::AddrNotAvailable => {
            let found = local_addresses().iter().map(IpAddr::to_string).collect::<Vec<_>>().join(", ");
            let found =
                if found.is_empty() { "it has none but 127.0.0.1".to_owned() } else { format!("it has {found}") };
            format!("this machine does not have the address {}; {found}", address.ip())
        }
        io::ErrorKind::PermissionDenied => {
            format!("the system does not allow port {}; choose one above 1023 with --port", address.port())
        }
        _ => format!("the address {address} cannot be used: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_names_are_accepted() {
        let hosts = allowed_hosts("127.0.0.1:7190".parse().unwrap(), &["Room.local".to_owned()]);
        assert!(hosts.contains("127.0.0.1:7190") && hosts.contains("localhost:7190"));
        assert!(hosts.contains("room.local:7190"));
        assert!(!hosts.contains("127.0.0.1") && !hosts.contains("evil.example:7190"));
    }
}
