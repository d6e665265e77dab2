//! What goes wrong outside.

use std::error::Error;

use weft_kernel::{Fault, FaultKind};

/// Why there is no answer. The sentences are for people; [`OutboundError::code`] is for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// It leads into a network that the server's owner has not allowed, or to a port that is not
    /// for the web.
    #[error("This address leads to a network or a port that this server does not call.")]
    RefusedAddress,
    /// It is no `https://` or `http://` address, or it holds a name and a password.
    #[error("This is not a web address. Write https://, a host, and no password.")]
    NotWeb,
    /// It took too long.
    #[error("The other side took too long to answer.")]
    Timeout,
    /// The answer, or its headers, are larger than what was asked for.
    #[error("The other side's answer is too large.")]
    TooLarge,
    /// The other side could not prove who it is.
    #[error("No secure connection: the other side's certificate is not trusted.")]
    Tls,
    /// There is no such name, or nobody answers there.
    #[error("Nobody could be reached at this address.")]
    Unreachable,
    /// It leads on and on.
    #[error("This address leads on too many times.")]
    TooManyRedirects,
    /// A redirect leads from `https` to `http` with what is secret.
    #[error("This address leads on to one that is not secure.")]
    Downgrade,
    /// What came back is no answer that can be read.
    #[error("The other side's answer cannot be read.")]
    Unreadable,
}

impl OutboundError {
    /// Stable, for programs.
    pub fn code(self) -> &'static str {
        match self {
            OutboundError::RefusedAddress => "refused_address",
            OutboundError::NotWeb => "not_a_web_address",
            OutboundError::Timeout => "outbound_timeout",
            OutboundError::TooLarge => "outbound_too_large",
            OutboundError::Tls => "outbound_tls",
            OutboundError::Unreachable => "outbound_unreachable",
            OutboundError::TooManyRedirects => "too_many_redirects",
            OutboundError::Downgrade => "outbound_downgrade",
            OutboundError::Unreadable => "outbound_unreadable",
        }
    }

    /// Whether another try may end otherwise.
    pub fn is_passing(self) -> bool {
        matches!(self, OutboundError::Timeout | OutboundError::Unreachable | OutboundError::Tls)
    }
}

impl From<OutboundError> for Fault {
    /// For a caller who asked for it: a conflict with what is out there, under its own code.
    fn from(error: OutboundError) -> Fault {
        Fault::new(FaultKind::Conflict, error.to_string()).code(error.code())
    }
}

/// What a failed request was, from what it was caused by.
pub(crate) fn understand(error: &reqwest::Error) -> OutboundError {
    match known(error) {
        Some(known) => known,
        None if error.is_timeout() => OutboundError::Timeout,
        None if error.is_body() || error.is_decode() => OutboundError::Unreadable,
        None => OutboundError::Unreachable,
    }
}

/// The first cause of those that have a name here.
fn known(error: &(dyn Error + 'static)) -> Option<OutboundError> {
    let mut cause = Some(error);
    while let Some(one) = cause {
        if let Some(ours) = one.downcast_ref::<OutboundError>() {
            return Some(*ours);
        }
        if one.is::<rustls::Error>() {
            return Some(OutboundError::Tls);
        }
        // An I/O error hides what it wraps from `source`.
        let wrapped = one.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if let Some(found) = wrapped.and_then(|wrapped| known(wrapped)) {
            return Some(found);
        }
        cause = one.source();
    }
    None
}
