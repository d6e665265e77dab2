//! Names to addresses. What is handed to the connector has been checked here, so that a name which
//! changes its address in between gains nothing.

use std::{
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
};

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::{
    error::OutboundError,
    place::{is_allowed, is_open},
};

/// Addresses of one name.
pub(crate) type Looking = Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>>;
/// Who knows the addresses of names.
pub(crate) type Lookup = Arc<dyn Fn(String) -> Looking + Send + Sync>;

/// Whoever the machine asks.
pub(crate) fn system() -> Lookup {
    Arc::new(|name| {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    })
}

/// Which addresses may be connected to.
#[derive(Clone)]
pub(crate) struct Gate {
    pub(crate) allow: Arc<[IpNet]>,
    /// Only what the owner allowed, not the open internet.
    pub(crate) only_allowed: bool,
}

impl Gate {
    /// Whether a request may go there.
    pub(crate) fn admits(&self, address: IpAddr) -> bool {
        is_allowed(address, &self.allow) || (!self.only_allowed && is_open(address))
    }
}

/// The resolver of a client.
pub(crate) struct Guarded {
    pub(crate) gate: Gate,
    pub(crate) lookup: Lookup,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let looking = (self.lookup)(name.as_str().to_owned());
        let gate = self.gate.clone();
        Box::pin(async move {
            let found = looking.await?;
            // All of them: which one is connected to is the connector's choice.
            if !found.iter().all(|address| gate.admits(*address)) {
                return Err(OutboundError::RefusedAddress.into());
            }
            let addresses: Addrs = Box::new(found.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(addresses)
        })
    }
}
