//! What goes wrong, for people and for programs. Only `http` knows status codes.

use std::{borrow::Cow, fmt};

/// The result of anything that can fail for a caller.
pub type Result<T, E = Fault> = std::result::Result<T, E>;

/// The closed list of ways in which a request can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The request cannot be understood.
    BadRequest,
    /// The protocol's version is not the one spoken here.
    UpgradeRequired,
    /// A value is understood but not acceptable; `field` says which.
    Invalid,
    /// Nobody is signed in, or the credentials are wrong.
    Unauthenticated,
    /// The caller may see the thing but not do this.
    Forbidden,
    /// There is no such thing, or the caller may not know of it.
    NotFound,
    /// The present state does not allow it.
    Conflict,
    /// It was there and is spent or expired.
    Gone,
    /// Larger than the limit.
    TooLarge,
    /// Too many requests; `retry_after_s` says when to come back.
    RateLimited,
    /// The server cannot do it now; try again.
    Unavailable,
    /// A bug or a broken part; the details are in the log only.
    Internal,
}

impl FaultKind {
    /// The code used when no more specific one is given.
    pub fn code(self) -> &'static str {
        match self {
            FaultKind::BadRequest => "bad_request",
            FaultKind::UpgradeRequired => "upgrade_required",
            FaultKind::Invalid => "invalid",
            FaultKind::Unauthenticated => "unauthenticated",
            FaultKind::Forbidden => "forbidden",
            FaultKind::NotFound => "not_found",
            FaultKind::Conflict => "conflict",
            FaultKind::Gone => "gone",
            FaultKind::TooLarge => "too_large",
            FaultKind::RateLimited => "rate_limited",
            FaultKind::Unavailable => "unavailable",
            FaultKind::Internal => "internal",
        }
    }
}

/// A failure with two audiences: `code`, `detail`, `field` and `params` go to the caller,
/// `internal` goes to the log.
#[derive(Debug, Clone)]
pub struct Fault(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    kind: FaultKind,
    code: &'static str,
    detail: Cow<'static, str>,
    field: Option<&'static str>,
    params: Vec<(&'static str, i64)>,
    retry_after_s: Option<u32>,
    internal: Option<String>,
}

impl Fault {
    /// A fault of `kind` that tells the caller `detail`: what was wrong and what to do.
    pub fn new(kind: FaultKind, detail: impl Into<Cow<'static, str>>) -> Self {
        Fault(Box::new(Inner {
            kind,
            code: kind.code(),
            detail: detail.into(),
            field: None,
            params: Vec::new(),
            retry_after_s: None,
            internal: None,
        }))
    }

    /// An unacceptable value of `field`.
    pub fn invalid(field: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        let mut fault = Fault::new(FaultKind::Invalid, detail);
        fault.0.field = Some(field);
        fault
    }

    /// No such `what`, or none that the caller may see.
    pub fn not_found(what: &'static str) -> Self {
        Fault::new(FaultKind::NotFound, format!("There is no such {what}, or you cannot see it."))
    }

    /// The caller may not do this.
    pub fn forbidden(detail: impl Into<Cow<'static, str>>) -> Self {
        Fault::new(FaultKind::Forbidden, detail)
    }

    /// The present state does not allow it; `code` is stable.
    pub fn conflict(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Fault::new(FaultKind::Conflict, detail).code(code)
    }

    /// A bug or a broken part: `internal` is logged, the caller learns nothing of it.
    pub fn internal(internal: impl fmt::Display) -> Self {
        let mut fault = Fault::new(
            FaultKind::Internal,
            "The server failed to do this. Try again; if it stays, tell the administrator.",
        );
        fault.0.internal = Some(internal.to_string());
        fault
    }

    /// The server cannot do it now; `internal` is logged.
    pub fn unavailable(detail: impl Into<Cow<'static, str>>, internal: impl fmt::Display) -> Self {
        let mut fault = Fault::new(FaultKind::Unavailable, detail);
        fault.0.internal = Some(internal.to_string());
        fault.0.retry_after_s = Some(1);
        fault
    }

    /// Too many requests.
    pub fn rate_limited(retry_after_s: u32) -> Self {
        let mut fault = Fault::new(
            FaultKind::RateLimited,
            format!("Too many requests. Try again in {retry_after_s} seconds."),
        );
        fault.0.retry_after_s = Some(retry_after_s);
        fault
    }

    /// Replaces the general code by a specific, stable one.
    #[must_use]
    pub fn code(mut self, code: &'static str) -> Self {
        self.0.code = code;
        self
    }

    /// Adds a number that a translated message may show.
    #[must_use]
    pub fn param(mut self, name: &'static str, value: i64) -> Self {
        self.0.params.push((name, value));
        self
    }

    /// How it failed.
    pub fn kind(&self) -> FaultKind {
        self.0.kind
    }
    /// The stable code for programs.
    pub fn code_str(&self) -> &'static str {
        self.0.code
    }
    /// The sentence for people.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }
    /// The offending field, if one is.
    pub fn field(&self) -> Option<&'static str> {
        self.0.field
    }
    /// Numbers for a translated message.
    pub fn params(&self) -> &[(&'static str, i64)] {
        &self.0.params
    }
    /// When to come back.
    pub fn retry_after_s(&self) -> Option<u32> {
        self.0.retry_after_s
    }
    /// What only the log may know.
    pub fn internal_detail(&self) -> Option<&str> {
        self.0.internal.as_deref()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code, self.0.detail)?;
        if let Some(internal) = &self.0.internal {
            write!(f, " ({internal})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Fault {}
