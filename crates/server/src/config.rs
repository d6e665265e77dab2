//! Settings: command line, then environment (`WEFT_…`), then a TOML file, then defaults.

use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use clap::Args;
use ipnet::IpNet;
use serde::Deserialize;
use weft_files::{Office, Scanner, Store};
use weft_http::TrustedProxies;
use weft_letters::ReplyAddress;
use weft_outbound::Outbound;
use weft_storage::DbConfig;

/// Shortest secret of a relay.
const SECRET: usize = 16;

/// Where the data are; what every command needs.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct DataOptions {
    /// Folder of the embedded database and of files [default: ./data]
    #[arg(long, env = "WEFT_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// PostgreSQL instead of the embedded database: postgres://user:password@host/database
    #[arg(long, env = "WEFT_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub(crate) database_url: Option<String>,
    /// TOML file with the same names as these options
    #[arg(long, env = "WEFT_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    pub(crate) config: Option<PathBuf>,
}

/// What `serve` needs besides.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ServeOptions {
    /// Address to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "WEFT_LISTEN", value_name = "ADDR")]
    pub(crate) listen: Option<SocketAddr>,
    /// Where people reach this server, for links in mails: https://chat.example.com
    #[arg(long, env = "WEFT_PUBLIC_URL", value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// Mail server: smtp://user:password@host:587, smtps://…, or smtp://host:25 for a plain relay
    #[arg(long, env = "WEFT_SMTP_URL", value_name = "URL", hide_env_values = true)]
    pub(crate) smtp_url: Option<String>,
    /// Sender of mails: Weft <weft@example.com>
    #[arg(long, env = "WEFT_MAIL_FROM", value_name = "ADDRESS")]
    pub(crate) mail_from: Option<String>,
    /// Address that mails of missed messages are answered to: reply@example.com. Mail to
    /// reply+ANYTHING@example.com must be handed to this server, see --mail-inbound-secret
    #[arg(long, env = "WEFT_MAIL_REPLY_ADDRESS", value_name = "ADDRESS")]
    pub(crate) mail_reply_address: Option<String>,
    /// Secret that a relay shows when it hands over mail, at least 16 characters
    #[arg(long, env = "WEFT_MAIL_INBOUND_SECRET", value_name = "SECRET", hide_env_values = true)]
    pub(crate) mail_inbound_secret: Option<String>,
    /// Keep files in a bucket instead of the data folder: s3://bucket/prefix?endpoint=https://…&region=….
    /// Credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
    #[arg(long, env = "WEFT_S3", value_name = "URL")]
    pub(crate) s3: Option<String>,
    /// Sockets at once [default: 15000]
    #[arg(long, env = "WEFT_MAX_SOCKETS", value_name = "N")]
    pub(crate) max_sockets: Option<usize>,
    /// Reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, as addresses or
    /// networks, separated by commas [default: 127.0.0.0/8,::1]
    #[arg(long, env = "WEFT_TRUSTED_PROXY", value_name = "CIDR,…", value_delimiter = ',')]
    pub(crate) trusted_proxy: Option<Vec<String>>,
    /// Networks besides the internet that link previews, webhooks and gateways may call, as
    /// addresses or networks, separated by commas: 10.20.0.0/16 [default: none]
    #[arg(long, env = "WEFT_OUTBOUND_ALLOW", value_name = "CIDR,…", value_delimiter = ',')]
    pub(crate) outbound_allow: Option<Vec<String>>,
    /// Virus scanner (clamd) that sees every upload first: HOST:PORT or unix:PATH
    #[arg(long, env = "WEFT_CLAMAV", value_name = "PLACE")]
    pub(crate) clamav: Option<String>,
    /// What happens to uploads while the scanner does not answer: refuse or allow [default: refuse]
    #[arg(long, env = "WEFT_CLAMAV_UNREACHABLE", value_name = "POLICY")]
    pub(crate) clamav_unreachable: Option<String>,
    /// LibreOffice, which lays Office documents out for whoever opens one: a path to its soffice, off,
    /// or auto: if PATH has it and the kernel can keep documents from the server's files [default: auto]
    #[arg(long, env = "WEFT_SOFFICE", value_name = "PATH")]
    pub(crate) soffice: Option<String>,
    /// How long LibreOffice may take for a document, in seconds [default: 60]
    #[arg(long, env = "WEFT_SOFFICE_SECONDS", value_name = "N")]
    pub(crate) soffice_seconds: Option<u64>,
    /// Write the log as JSON lines
    #[arg(long, env = "WEFT_LOG_JSON", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub(crate) log_json: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct FileOptions {
    data: Option<PathBuf>,
    database_url: Option<String>,
    listen: Option<SocketAddr>,
    public_url: Option<String>,
    smtp_url: Option<String>,
    mail_from: Option<String>,
    mail_reply_address: Option<String>,
    mail_inbound_secret: Option<String>,
    s3: Option<String>,
    max_sockets: Option<usize>,
    trusted_proxy: Option<Vec<String>>,
    outbound_allow: Option<Vec<String>>,
    clamav: Option<String>,
    clamav_unreachable: Option<String>,
    soffice: Option<String>,
    soffice_seconds: Option<u64>,
    log_json: Option<bool>,
}

fn read_file(path: &Path) -> Result<FileOptions, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| format!("The configuration file {} cannot be read: {e}.", path.display()))?;
    toml::from_str(&text)
        .map_err(|e| format!("The configuration file {} is not understood:\n{e}", path.display()))
}

impl DataOptions {
    /// Fills what the command line and the environment left open from the file.
    pub(crate) fn complete(mut self, mut serve: ServeOptions) -> Result<(Self, ServeOptions), String> {
        let Some(path) = &self.config else { return Ok((self, serve)) };
        let file = read_file(path)?;
        self.data = self.data.or(file.data);
        self.database_url = self.database_url.or(file.database_url);
        serve.listen = serve.listen.or(file.listen);
        serve.public_url = serve.public_url.or(file.public_url);
        serve.smtp_url = serve.smtp_url.or(file.smtp_url);
        serve.mail_from = serve.mail_from.or(file.mail_from);
        serve.mail_reply_address = serve.mail_reply_address.or(file.mail_reply_address);
        serve.mail_inbound_secret = serve.mail_inbound_secret.or(file.mail_inbound_secret);
        serve.s3 = serve.s3.or(file.s3);
        serve.max_sockets = serve.max_sockets.or(file.max_sockets);
        serve.trusted_proxy = serve.trusted_proxy.or(file.trusted_proxy);
        serve.outbound_allow = serve.outbound_allow.or(file.outbound_allow);
        serve.clamav = serve.clamav.or(file.clamav);
        serve.clamav_unreachable = serve.clamav_unreachable.or(file.clamav_unreachable);
        serve.soffice = serve.soffice.or(file.soffice);
        serve.soffice_seconds = serve.soffice_seconds.or(file.soffice_seconds);
        serve.log_json = serve.log_json.or(file.log_json);
        Ok((self, serve))
    }

    /// The folder of the data.
    pub(crate) fn folder(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(|| PathBuf::from("data"))
    }

    /// The database, its folder made.
    pub(crate) fn database(&self) -> Result<DbConfig, String> {
        let folder = self.folder();
        std::fs::create_dir_all(&folder)
            .map_err(|e| format!("The data folder {} cannot be made: {e}.", folder.display()))?;
        Ok(match &self.database_url {
            Some(url) => DbConfig::Postgres(url.clone()),
            None => DbConfig::Sqlite(folder.join("weft.db")),
        })
    }
}

/// Where files lie: what commands need that read or write them.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct FilesOptions {
    /// The bucket of the server's files, if it runs with --s3
    #[arg(long, env = "WEFT_S3", value_name = "URL")]
    pub(crate) s3: Option<String>,
}

/// The store of files below `folder`, or in a bucket.
///
/// # Errors
/// A sentence for the terminal.
pub(crate) fn store(s3: Option<&str>, folder: &Path) -> Result<Store, String> {
    match s3 {
        Some(url) => Store::s3(url),
        None => Store::folder(&folder.join("files")),
    }
}

impl ServeOptions {
    /// The address to listen on.
    pub(crate) fn address(&self) -> SocketAddr {
        self.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)))
    }

    /// The reverse proxies in front.
    pub(crate) fn proxies(&self) -> Result<TrustedProxies, String> {
        let Some(list) = &self.trusted_proxy else { return Ok(TrustedProxies::default()) };
        TrustedProxies::read(list.iter().map(String::as_str)).map_err(|wrong| {
            format!("--trusted-proxy: {wrong} is neither an address nor a network such as 10.0.0.0/8.")
        })
    }

    /// Who looks at uploads.
    pub(crate) fn scanner(&self) -> Result<Option<Scanner>, String> {
        let lenient = match self.clamav_unreachable.as_deref() {
            None | Some("refuse") => false,
            Some("allow") => true,
            Some(other) => return Err(format!("--clamav-unreachable is refuse or allow, not {other}.")),
        };
        self.clamav.as_deref().map(|place| Scanner::at(place, lenient)).transpose()
    }

    /// Where mails are answered, and what a relay shows that brings the answers.
    pub(crate) fn answers(&self) -> Result<(Option<ReplyAddress>, Option<String>), String> {
        let reply = self.mail_reply_address.as_deref().map(ReplyAddress::read).transpose()?;
        let secret = self.mail_inbound_secret.clone();
        if secret.as_ref().is_some_and(|secret| secret.len() < SECRET) {
            return Err(format!("--mail-inbound-secret needs at least {SECRET} characters."));
        }
        if reply.is_some() && secret.is_none() {
            return Err(
                "--mail-reply-address needs --mail-inbound-secret, with which the answers come.".into()
            );
        }
        Ok((reply, secret))
    }

    /// Who lays Office documents out; they lie below `folder` meanwhile.
    pub(crate) fn office(&self, folder: &Path) -> Result<Option<Office>, String> {
        let choice = self.soffice.as_deref().unwrap_or("auto");
        Office::find(choice, self.soffice_seconds, folder.join("layouts"))
    }

    /// How the server calls addresses that people typed.
    pub(crate) fn outbound(&self) -> Result<Outbound, String> {
        let list =
            self.outbound_allow.iter().flatten().map(|text| text.trim()).filter(|text| !text.is_empty());
        let allow = list.map(|text| {
            let net = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
            net.map_err(|_| {
                format!("--outbound-allow: {text} is neither an address nor a network such as 10.0.0.0/8.")
            })
        });
        let user_agent = format!("Weft/{}", env!("CARGO_PKG_VERSION"));
        Ok(Outbound::new(weft_outbound::Config { allow: allow.collect::<Result<_, _>>()?, user_agent }))
    }
}
