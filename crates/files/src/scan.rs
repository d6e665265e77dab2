//! Asking a scanner for viruses: clamd, by its INSTREAM command, before a file becomes readable.

use std::{path::Path, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncSeekExt, AsyncWrite, AsyncWriteExt},
    net::{TcpStream, UnixStream},
};
use weft_kernel::{Fault, FaultKind};
use weft_storage::Envelope;

use crate::store::unwritable;

/// Until a connection stands.
const CONNECT: Duration = Duration::from_secs(5);
/// How long it may be silent.
const SILENCE: Duration = Duration::from_secs(120);
/// Bytes sent at once.
const CHUNK: usize = 128 << 10;
/// Longest answer that is read, in bytes.
const ANSWER: u64 = 1024;

/// A scanner, and what holds while it does not answer.
#[derive(Debug, Clone)]
pub struct Scanner {
    place: Place,
    /// Takes files unseen when the scanner cannot say.
    pub lenient: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Tcp(String),
    Unix(String),
}

/// Why a scanner has not said.
enum Silent {
    /// It cannot be reached, or breaks off.
    Gone(String),
    /// It does not look at files of this size.
    TooLarge,
}

impl Scanner {
    /// The scanner at `HOST:PORT` or `unix:PATH`.
    ///
    /// # Errors
    /// A sentence for the terminal.
    pub fn at(place: &str, lenient: bool) -> Result<Scanner, String> {
        let wrong = || format!("--clamav: {place} is neither HOST:PORT nor unix:PATH.");
        let place = match place.strip_prefix("unix:") {
            Some("") => return Err(wrong()),
            Some(path) => Place::Unix(path.to_owned()),
            None => {
                let (host, port) = place.rsplit_once(':').ok_or_else(wrong)?;
                port.parse::<u16>().ok().filter(|_| !host.is_empty()).ok_or_else(wrong)?;
                Place::Tcp(place.to_owned())
            }
        };
        Ok(Scanner { place, lenient })
    }

    /// Lets a staged file pass.
    ///
    /// # Errors
    /// `file_infected`; `scanner_unavailable` and `file_not_scanned` when it cannot say, unless it is
    /// lenient.
    pub(crate) async fn pass(&self, staged: &Path) -> Result<(), Fault> {
        let asked = match &self.place {
            Place::Tcp(to) => match tokio::time::timeout(CONNECT, TcpStream::connect(to)).await {
                Ok(Ok(stream)) => ask(stream, staged).await,
                Ok(Err(error)) => Err(Silent::Gone(error.to_string())),
                Err(_) => Err(Silent::Gone("it does not answer".into())),
            },
            Place::Unix(path) => match UnixStream::connect(path).await {
                Ok(stream) => ask(stream, staged).await,
                Err(error) => Err(Silent::Gone(error.to_string())),
            },
        };
        match asked {
            Ok(None) => Ok(()),
            Ok(Some(name)) => {
                tracing::warn!(virus = %name, "an upload was refused");
                let text = format!("The file holds a virus ({name}) and was not saved.");
                Err(Fault::new(FaultKind::Invalid, text).code("file_infected"))
            }
            Err(_) if self.lenient => {
                tracing::warn!("a file was taken although the virus scanner could not say anything of it");
                Ok(())
            }
            Err(Silent::Gone(why)) => {
                let text = "Files cannot be checked for viruses now, so none is taken. Try again shortly.";
                Err(Fault::unavailable(text, why).code("scanner_unavailable"))
            }
            Err(Silent::TooLarge) => {
                let text = "The file is too large to be checked for viruses, so it was not saved.";
                Err(Fault::new(FaultKind::TooLarge, text).code("file_not_scanned"))
            }
        }
    }
}

fn gone(error: std::io::Error) -> Silent {
    Silent::Gone(error.to_string())
}

/// The name of what was found in a staged file, if something was.
async fn ask<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    staged: &Path,
) -> Result<Option<String>, Silent> {
    let fault = |error| Silent::Gone(unwritable(error).to_string());
    let mut file = tokio::fs::File::open(staged).await.map_err(fault)?;
    let head = Envelope::STREAM.len() as u64;
    file.seek(std::io::SeekFrom::Start(head)).await.map_err(fault)?;
    let sent = async {
        stream.write_all(b"zINSTREAM\0").await?;
        let mut buffer = vec![0; CHUNK];
        loop {
            let read = file.read(&mut buffer).await?;
            stream.write_all(&(read as u32).to_be_bytes()).await?;
            if read == 0 {
                return stream.flush().await;
            }
            let write = stream.write_all(&buffer[..read]);
            tokio::time::timeout(SILENCE, write).await.map_err(|_| std::io::ErrorKind::TimedOut)??;
        }
    }
    .await;
    // It may say why before everything was sent: that counts more than the broken pipe.
    let mut answer = Vec::new();
    let mut stream = stream.take(ANSWER);
    let read = tokio::time::timeout(SILENCE, stream.read_to_end(&mut answer)).await;
    let text = String::from_utf8_lossy(&answer);
    if let Some(said) = understood(&text) {
        return said;
    }
    sent.map_err(gone)?;
    match read {
        Ok(Ok(_)) => Err(Silent::Gone(format!("it said {text:?}"))),
        Ok(Err(error)) => Err(gone(error)),
        Err(_) => Err(Silent::Gone("it does not answer".into())),
    }
}

/// What an answer means; none when it is none.
fn understood(answer: &str) -> Option<Result<Option<String>, Silent>> {
    let answer = answer.trim_end_matches(['\0', '\n']).trim();
    if answer.contains("size limit exceeded") {
        return Some(Err(Silent::TooLarge));
    }
    let said = answer.strip_prefix("stream:")?.trim();
    if said == "OK" {
        return Some(Ok(None));
    }
    let name = said.strip_suffix("FOUND")?.trim();
    let plain: String = name.chars().filter(|c| c.is_ascii_graphic()).take(80).collect();
    Some(Ok(Some(if plain.is_empty() { "unnamed".into() } else { plain })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers() {
        let found = |text| match understood(text) {
            Some(Ok(Some(name))) => name,
            Some(Ok(None)) => "clean".into(),
            Some(Err(Silent::TooLarge)) => "too large".into(),
            _ => "nothing".into(),
        };
        assert_eq!(found("stream: OK\0"), "clean");
        assert_eq!(found("stream: Eicar-Test-Signature FOUND\0"), "Eicar-Test-Signature");
        assert_eq!(found("stream:  FOUND"), "unnamed");
        assert_eq!(found("INSTREAM size limit exceeded. ERROR\0"), "too large");
        for text in ["", "PONG", "UNKNOWN COMMAND\0", "stream: lstat failed. ERROR"] {
            assert_eq!(found(text), "nothing", "{text}");
        }
    }

    #[test]
    fn places() {
        assert_eq!(
            Scanner::at("unix:/run/clamd.sock", false).unwrap().place,
            Place::Unix("/run/clamd.sock".into())
        );
        assert_eq!(Scanner::at("localhost:3310", false).unwrap().place, Place::Tcp("localhost:3310".into()));
        assert!(Scanner::at("[::1]:3310", false).is_ok());
        for wrong in ["", "unix:", "localhost", ":3310", "localhost:x", "localhost:99999"] {
            assert!(Scanner::at(wrong, false).is_err(), "{wrong}");
        }
    }
}
