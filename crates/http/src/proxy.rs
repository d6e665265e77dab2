//! Where a request comes from, through the reverse proxies that this server's operator trusts.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::extract::{ConnectInfo, FromRequestParts};
use http::{HeaderMap, request::Parts};
use ipnet::IpNet;

use crate::problem::Reject;

/// Who is believed about whom a request comes from; put into every request's extensions.
#[derive(Debug, Clone)]
pub struct TrustedProxies(Arc<[IpNet]>);

impl Default for TrustedProxies {
    /// This machine.
    fn default() -> Self {
        let loopback = [IpAddr::from([127, 0, 0, 0]), IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])];
        let [v4, v6] = loopback.map(IpNet::from);
        let v4 = IpNet::new(v4.addr(), 8).unwrap_or(v4);
        TrustedProxies([v4, v6].into())
    }
}

impl TrustedProxies {
    /// Reads addresses and networks: `10.0.0.0/8`, `192.0.2.7`, `fd00::/8`.
    ///
    /// # Errors
    /// The first that is none.
    pub fn read<'a>(list: impl IntoIterator<Item = &'a str>) -> Result<Self, &'a str> {
        let texts = list.into_iter().map(str::trim).filter(|text| !text.is_empty());
        let nets = texts.map(|text| {
            let net = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
            net.map_err(|_| text)
        });
        nets.collect::<Result<Vec<_>, _>>().map(|nets| TrustedProxies(nets.into()))
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|net| net.contains(&address))
    }
}

/// The client behind a request. A proxy that is trusted appends whom it speaks for to
/// `X-Forwarded-For`, and says in `X-Forwarded-Proto` how that one came; what anybody else writes
/// there is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress {
    /// The last address on the way here that is no trusted proxy.
    pub ip: IpAddr,
    /// Whether they came by HTTPS, as far as a proxy says.
    pub https: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Reject;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Reject> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |c| c.0.ip().to_canonical());
        let trusted = parts.extensions.get::<TrustedProxies>().cloned().unwrap_or_default();
        Ok(ClientAddress::behind(peer, &trusted, &parts.headers))
    }
}

impl ClientAddress {
    fn behind(peer: IpAddr, trusted: &TrustedProxies, headers: &HeaderMap) -> Self {
        if !trusted.trusts(peer) {
            return ClientAddress { ip: peer, https: false };
        }
        let https = last(headers, "x-forwarded-proto").is_some_and(|p| p.eq_ignore_ascii_case("https"));
        let mut ip = peer;
        for hop in listed(headers, "x-forwarded-for") {
            // What cannot be read was not written by a proxy of ours: as far as it, no further.
            let Some(hop) = address(hop) else { break };
            ip = hop;
            if !trusted.trusts(hop) {
                break;
            }
        }
        ClientAddress { ip, https }
    }
}

/// The items of a header that is a list, the last one first.
fn listed<'a>(headers: &'a HeaderMap, name: &'static str) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).iter().rev();
    values.flat_map(|v| v.to_str().unwrap_or_default().rsplit(',')).map(str::trim)
}

fn last<'a>(headers: &'a HeaderMap, name: &'static str) -> Option<&'a str> {
    listed(headers, name).next()
}

/// An address, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']').parse().ok();
    bare.or_else(|| text.parse::<SocketAddr>().ok().map(|a| a.ip())).map(|ip: IpAddr| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(trusted: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let trusted = match trusted {
            [] => TrustedProxies::default(),
            list => TrustedProxies::read(list.iter().copied()).unwrap(),
        };
        let peer = peer.parse::<IpAddr>().unwrap().to_canonical();
        ClientAddress::behind(peer, &trusted, &headers).ip.to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(seen(&[], "203.0.113.7", &["198.51.100.1"]), "203.0.113.7");
        assert_eq!(seen(&[], "127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(seen(&[], "::ffff:127.0.0.1", &["6.6.6.6, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen(&[], "::1", &["6.6.6.6", "198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen(&[], "127.0.0.1", &["nonsense"]), "127.0.0.1");
        let ours = ["10.0.0.0/8", "192.0.2.7", "fd00::/8"];
        assert_eq!(seen(&ours, "127.0.0.1", &["198.51.100.1"]), "127.0.0.1");
        assert_eq!(seen(&ours, "10.1.2.3", &["6.6.6.6, 198.51.100.1, 192.0.2.7"]), "198.51.100.1");
        assert_eq!(seen(&ours, "10.1.2.3", &["198.51.100.1", "fd00::5, 10.9.9.9"]), "198.51.100.1");
        assert_eq!(seen(&ours, "10.1.2.3", &["6.6.6.6, nonsense, 192.0.2.7"]), "192.0.2.7");
        assert_eq!(seen(&ours, "10.1.2.3", &["10.4.4.4, 192.0.2.7"]), "10.4.4.4");
        assert_eq!(seen(&ours, "10.1.2.3", &["[2001:db8::1]:4711"]), "2001:db8::1");
        assert_eq!(seen(&ours, "10.1.2.3", &["198.51.100.1:4711"]), "198.51.100.1");
    }

    #[test]
    fn https_is_what_the_nearest_proxy_says() {
        let https = |peer: &str, value: &'static str| {
            let headers = HeaderMap::from_iter([(
                http::HeaderName::from_static("x-forwarded-proto"),
                http::HeaderValue::from_static(value),
            )]);
            ClientAddress::behind(peer.parse().unwrap(), &TrustedProxies::default(), &headers).https
        };
        assert!(https("127.0.0.1", "https") && https("127.0.0.1", "http, HTTPS"));
        assert!(!https("127.0.0.1", "https, http") && !https("203.0.113.7", "https"));
    }

    #[test]
    fn what_is_no_network_is_named() {
        assert_eq!(TrustedProxies::read(["10.0.0.0/8", "10.0.0.0/40"]).unwrap_err(), "10.0.0.0/40");
        assert_eq!(TrustedProxies::read(["proxy.local"]).unwrap_err(), "proxy.local");
    }
}
