//! `weft mail deliver`: a mail server pipes a mail here, and it is handed to the running server.
//!
//! The exit codes are those of `sysexits.h`, by which Postfix, Exim and others decide: 0 it was
//! taken; 65, 67 and 77 it is sent back; 75 it is tried again later.

use std::{io::Read, net::SocketAddr, process::ExitCode, time::Duration};

use bytes::Bytes;
use clap::{Args, Subcommand};
use http::{Request, StatusCode, header};
use ipnet::IpNet;
use weft_http::{API, limits};
use weft_outbound::{Limits, Outbound};

use crate::config::{DataOptions, ServeOptions};

/// The mail cannot be understood, or is too large.
const DATA: u8 = 65;
/// Nobody answers at the address.
const NO_USER: u8 = 67;
/// To be tried again later.
const LATER: u8 = 75;
/// Its sender may not.
const NOT_ALLOWED: u8 = 77;
/// Longest wait for the server.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Subcommand)]
pub(crate) enum Mail {
    /// Read a mail from standard input and hand it to the server that runs on this machine
    Deliver(Deliver),
}

#[derive(Args)]
pub(crate) struct Deliver {
    /// The address that the mail is delivered to, where its headers do not name it
    #[arg(long, value_name = "ADDRESS")]
    to: Option<String>,
    /// Where the server is [default: where it listens, from the environment or the configuration file]
    #[arg(long, env = "WEFT_MAIL_SERVER", value_name = "URL")]
    server: Option<String>,
    #[command(flatten)]
    data: DataOptions,
    #[command(flatten)]
    serve: ServeOptions,
}

/// Hands a mail over, and tells the mail server what became of it.
pub(crate) async fn run(Mail::Deliver(deliver): Mail) -> ExitCode {
    match hand_over(deliver).await {
        Ok(()) => ExitCode::SUCCESS,
        Err((code, message)) => {
            eprintln!("weft: {message}");
            ExitCode::from(code)
        }
    }
}

async fn hand_over(deliver: Deliver) -> Result<(), (u8, String)> {
    let Deliver { to, server, data, serve } = deliver;
    // A mistake of the owner's must not send anybody's mail back.
    let later = |message: String| (LATER, message);
    let (_, serve) = data.complete(serve).map_err(later)?;
    let secret = serve.mail_inbound_secret.clone();
    let secret =
        secret.ok_or_else(|| later("Set WEFT_MAIL_INBOUND_SECRET to the server's secret.".into()))?;
    let server = server.unwrap_or_else(|| here(serve.address()));
    let mail = read().map_err(|error| later(format!("The mail cannot be read: {error}.")))?;
    if mail.len() > limits::MAIL {
        return Err((DATA, "The mail is larger than 25 MB.".into()));
    }
    let mut url = format!("{}{API}/mail/inbound", server.trim_end_matches('/'));
    if let Some(to) = to {
        let to = percent_encoding::utf8_percent_encode(&to, percent_encoding::NON_ALPHANUMERIC);
        url = format!("{url}?to={to}");
    }
    let request = Request::post(url)
        .header(header::AUTHORIZATION, format!("Bearer {secret}"))
        .header(header::CONTENT_TYPE, "message/rfc822")
        .body(Bytes::from(mail))
        .map_err(|error| later(format!("The server's address is not understood: {error}.")))?;
    // The owner names the server: any network will do.
    let everywhere = ["0.0.0.0/0", "::/0"].into_iter().filter_map(|net| net.parse::<IpNet>().ok());
    let outbound = Outbound::new(weft_outbound::Config {
        allow: everywhere.collect(),
        user_agent: format!("Weft/{}", env!("CARGO_PKG_VERSION")),
    });
    let answer = outbound.send(request, Limits { timeout: PATIENCE, ..Limits::default() }).await;
    let answer =
        answer.map_err(|error| later(format!("The server at {server} does not answer: {error}.")))?;
    verdict(answer.status, &answer.body)
}

/// Where a server on this machine is that listens at `address`.
fn here(address: SocketAddr) -> String {
    let mut near = address;
    if address.ip().is_unspecified() {
        let loopback: std::net::IpAddr =
            if address.is_ipv4() { [127, 0, 0, 1].into() } else { std::net::Ipv6Addr::LOCALHOST.into() };
        near.set_ip(loopback);
    }
    format!("http://{near}")
}

fn read() -> std::io::Result<Vec<u8>> {
    let mut mail = Vec::new();
    // One byte more than is taken tells that it is too large.
    std::io::stdin().lock().take(limits::MAIL as u64 + 1).read_to_end(&mut mail)?;
    Ok(mail)
}

/// What the server's answer means for the mail server.
fn verdict(status: StatusCode, body: &[u8]) -> Result<(), (u8, String)> {
    if status.is_success() {
        return Ok(());
    }
    let problem: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let detail = problem["detail"].as_str().unwrap_or("The server refused the mail.").to_owned();
    let code = match problem["code"].as_str().unwrap_or_default() {
        "mail_address" => NO_USER,
        "mail_forged" => NOT_ALLOWED,
        "mail_unreadable" | "too_large" => DATA,
        _ => LATER,
    };
    Err((code, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_listens_everywhere_is_here() {
        let here = |text: &str| here(text.parse().expect("an address"));
        assert_eq!(here("0.0.0.0:8080"), "http://127.0.0.1:8080");
        assert_eq!(here("[::]:8080"), "http://[::1]:8080");
        assert_eq!(here("10.0.0.5:80"), "http://10.0.0.5:80");
    }

    #[test]
    fn what_may_pass_is_tried_again() {
        let code = |status: u16, body: &str| {
            verdict(StatusCode::from_u16(status).expect("a status"), body.as_bytes())
                .map_err(|(code, _)| code)
        };
        assert_eq!(code(200, "{}"), Ok(()));
        assert_eq!(code(404, r#"{"code": "mail_address"}"#), Err(NO_USER));
        assert_eq!(code(403, r#"{"code": "mail_forged"}"#), Err(NOT_ALLOWED));
        assert_eq!(code(413, r#"{"code": "too_large"}"#), Err(DATA));
        for (status, body) in
            [(401, r#"{"code": "unauthenticated"}"#), (404, "<html>"), (503, ""), (429, "{}")]
        {
            assert_eq!(code(status, body), Err(LATER), "{status}");
        }
    }
}
