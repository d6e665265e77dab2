//! Passwords: argon2id off the async threads, a few at a time, and the refusal of weak ones.

use std::sync::Arc;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;
use weft_kernel::{Env, Fault, FaultKind};

/// Fewest characters.
pub(crate) const MIN_CHARS: usize = 10;
/// Most characters; more would only be work for us.
pub(crate) const MAX_CHARS: usize = 256;
/// Hashes computed at once. Each takes 19 MiB and tens of milliseconds of one core: two leave
/// the rest of the machine to messages.
const AT_ONCE: usize = 2;
/// Requests that may wait for a turn; beyond, callers are told to come back.
const WAITING: usize = 64;

/// A hash of no one's password, with the parameters of real ones: verifying against it takes as
/// long as against a real one.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$d2VmdC1ub2JvZHktc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Computes and checks password hashes.
#[derive(Clone)]
pub(crate) struct Hasher {
    turns: Arc<Semaphore>,
    queue: Arc<Semaphore>,
}

impl Hasher {
    pub(crate) fn new() -> Self {
        Hasher { turns: Arc::new(Semaphore::new(AT_ONCE)), queue: Arc::new(Semaphore::new(WAITING)) }
    }

    /// The PHC string to store for `password`.
    ///
    /// # Errors
    /// `unavailable` when too many wait.
    pub(crate) async fn hash(&self, env: &Env, password: &str) -> Result<String, Fault> {
        let (password, salt) = (password.to_owned(), env.random::<16>());
        self.run(move || hash_now(&password, &salt)).await?
    }

    /// Whether `password` is the one of `stored`. Takes as long when there is none.
    ///
    /// # Errors
    /// `unavailable` when too many wait.
    pub(crate) async fn verify(&self, password: &str, stored: Option<String>) -> Result<bool, Fault> {
        let password = password.to_owned();
        self.run(move || {
            let text = stored.as_deref().unwrap_or(NOBODY);
            let matches = PasswordHash::new(text)
                .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
            matches && stored.is_some()
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
        let busy = || {
            Fault::unavailable(
                "Too many people are signing in right now. Try again shortly.",
                "hash queue full",
            )
        };
        let _place = self.queue.clone().try_acquire_owned().map_err(|_| busy())?;
        let turn = self.turns.clone().acquire_owned().await.map_err(|_| busy())?;
        // The turn moves into the work: a caller that goes away does not free the core early.
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        })
        .await
        .map_err(Fault::internal)
    }
}

/// Hashes on this thread (for the command line).
pub(crate) fn hash_now(password: &str, salt: &[u8; 16]) -> Result<String, Fault> {
    // `Params::default()` is OWASP's first choice: 19 MiB, 2 passes, 1 lane.
    Argon2::default()
        .hash_password_with_salt(password.as_bytes(), salt)
        .map(|hash| hash.to_string())
        .map_err(Fault::internal)
}

/// Words that weak passwords are made of, once digits and signs are taken away.
const COMMON_CORES: &[&str] = &[
    "",
    "a",
    "aa",
    "aaa",
    "abc",
    "abcd",
    "abcdef",
    "abcdefg",
    "abcdefgh",
    "abcdefghij",
    "access",
    "admin",
    "administrator",
    "aini",
    "asdf",
    "asdfgh",
    "asdfghjkl",
    "baseball",
    "changeme",
    "chen",
    "company",
    "computer",
    "default",
    "demo",
    "dragon",
    "football",
    "guest",
    "hello",
    "helloworld",
    "huang",
    "iloveyou",
    "letmein",
    "liang",
    "login",
    "love",
    "loveyou",
    "manager",
    "master",
    "michael",
    "mima",
    "monkey",
    "mypassword",
    "nihao",
    "office",
    "pass",
    "passpass",
    "passw",
    "passwd",
    "password",
    "passwordpassword",
    "princess",
    "qaz",
    "qazwsx",
    "qazwsxeedc",
    "qazwsxedc",
    "qazwsxeedc",
    "qq",
    "qwe",
    "qweasd",
    "qweasdzxc",
    "qwer",
    "qwert",
    "qwerty",
    "qwertyuiop",
    "root",
    "secret",
    "server",
    "shadow",
    "summer",
    "sunshine",
    "superman",
    "system",
    "temp",
    "temporary",
    "test",
    "testing",
    "testtest",
    "trustno",
    "user",
    "wang",
    "weft",
    "welcome",
    "welcometo",
    "winter",
    "woaini",
    "woainima",
    "wode",
    "wodemima",
    "www",
    "xxx",
    "zhang",
    "zhao",
    "zxc",
    "zxcvbn",
    "zxcvbnm",
];

/// Refuses a password that is guessed early: too short, of too few different characters, a
/// common word with digits and signs around it, or made of the person's own name or address.
///
/// # Errors
/// `weak_password`, or `invalid` when it is too long.
pub(crate) fn check_strength(password: &str, personal: &[&str]) -> Result<(), Fault> {
    let weak = |why: String| Err(Fault::new(FaultKind::Invalid, why).code("weak_password"));
    let chars = password.chars().count();
    if chars < MIN_CHARS {
        return weak(format!("The password needs at least {MIN_CHARS} characters."));
    }
    if chars > MAX_CHARS {
        return Err(Fault::invalid("password", format!("It may have at most {MAX_CHARS} characters.")));
    }
    let lower = password.to_lowercase();
    let mut distinct: Vec<char> = lower.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < 5 {
        return weak("The password repeats too few different characters.".into());
    }
    let core = core_of(&lower);
    if COMMON_CORES.contains(&core.as_str()) {
        return weak(
            "The password is a common one. Take several unrelated words, or more characters.".into(),
        );
    }
    if personal.iter().any(|own| is_made_of(&lower, &core, own)) {
        return weak("The password is made of your own name or e-mail address.".into());
    }
    Ok(())
}

/// The letters of a password, after undoing the usual disguises (`p@ssw0rd`).
fn core_of(lower: &str) -> String {
    let trimmed = lower.trim_matches(|c: char| !c.is_alphabetic());
    let undone: String = trimmed
        .chars()
        .map(|c| match c {
            '@' | '4' => 'a',
            '0' => 'o',
            '1' | '!' => 'i',
            '3' => 'e',
            '$' | '5' => 's',
            other => other,
        })
        .collect();
    undone.chars().filter(|c| c.is_alphabetic()).collect()
}

fn is_made_of(lower: &str, core: &str, own: &str) -> bool {
    let own = own.to_lowercase();
    let local = own.split('@').next().unwrap_or_default();
    let letters: String = local.chars().filter(|c| c.is_alphabetic()).collect();
    lower == own || lower == local || (letters.chars().count() >= 3 && core == letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused() {
        for weak in [
            "short",
            "1234567890",
            "0123456789123",
            "aaaaaaaaaaaa",
            "Password123!",
            "p@ssw0rd2024",
            "qwertyuiop",
            "1qaz2wsx3edc",
            "Welcome2026!",
            "li.lei@example.com",
            "lilei1234567",
            "woaini1314520",
        ] {
            let result = check_strength(weak, &["Li Lei", "li.lei@example.com"]);
            assert_eq!(result.unwrap_err().code_str(), "weak_password", "{weak}");
        }
        for good in ["correct horse battery", "蓝色的山坡上有两只羊", "tr4ctor-Olive-91"] {
            assert!(check_strength(good, &["Li Lei", "li.lei@example.com"]).is_ok(), "{good}");
        }
        assert!(check_strength(&"ab3d5".repeat(60), &[]).is_err());
    }

    #[tokio::test]
    async fn only_the_right_password_verifies() {
        let (env, hasher) = (Env::system(), Hasher::new());
        let stored = hasher.hash(&env, "correct horse battery").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(hasher.verify("correct horse battery", Some(stored.clone())).await.unwrap());
        assert!(!hasher.verify("correct horse batterz", Some(stored)).await.unwrap());
        assert!(!hasher.verify("anything", None).await.unwrap());
        assert!(PasswordHash::new(NOBODY).is_ok(), "the dummy must be as much work as a real one");
    }
}
