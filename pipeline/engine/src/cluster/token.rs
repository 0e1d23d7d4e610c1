//! The secret that members of a cluster share.
//!
//! Plans say which files to read and write, so whoever may send one acts as the user who
//! started the executors. Ballista has no hook for a header between all of its members,
//! but every connection of theirs can be given a user agent; the token travels there.

use std::{
    fs,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use ballista_core::extension::EndpointOverrideFn;
use tonic::{Request, Status};

use crate::EngineError;

/// The secret that members of a cluster share.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Arc<str>);

impl Token {
    /// Reads the token in `path`, by default `assay/cluster-token` in the user's
    /// configuration folder, which is made with a new one if it is not there.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or made, or holds less than 16 characters.
    pub fn load(path: Option<&Path>) -> Result<Self, EngineError> {
        let path = match path {
            Some(path) => path.to_owned(),
            None => made(usual_path())?,
        };
        let text = fs::read_to_string(&path).map_err(EngineError::io("read", &path))?;
        let secret = text.trim();
        if secret.len() < 16 || !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(EngineError::input(
                path.display().to_string(),
                "does not hold a token",
                "a token is at least 16 ASCII characters without white space",
            ));
        }
        Ok(Self(secret.into()))
    }

    /// Puts the token on connections.
    pub(super) fn endpoint(&self) -> EndpointOverrideFn {
        let agent = format!("assay {}", self.0);
        Arc::new(move |endpoint| Ok(endpoint.user_agent(agent.clone())?))
    }

    /// Refuses calls without the token.
    pub(super) fn check(
        &self,
    ) -> impl Fn(Request<()>) -> Result<Request<()>, Status> + Clone + Send + Sync + 'static {
        let secret = self.0.clone();
        move |request| {
            let agent = request.metadata().get("user-agent").and_then(|it| it.to_str().ok());
            let given = agent.and_then(|agent| agent.split(' ').nth(1)).unwrap_or_default();
            if same(given.as_bytes(), secret.as_bytes()) {
                Ok(request)
            } else {
                Err(Status::unauthenticated("the token is not that of this cluster"))
            }
        }
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Compares in a time that does not depend on where they differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |seen, (a, b)| seen | (a ^ b)) == 0
}

fn usual_path() -> PathBuf {
    let set = |name: &str| std::env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    let home = || set("HOME").unwrap_or_default().join(".config");
    set("XDG_CONFIG_HOME").unwrap_or_else(home).join("assay/cluster-token")
}

/// Makes a token that only the user can read, unless there is one.
fn made(path: PathBuf) -> Result<PathBuf, EngineError> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(EngineError::io("created", parent))?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = match options.open(&path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(path),
        other => other.map_err(EngineError::io("created", &path))?,
    };
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random)
        .map_err(|error| EngineError::Broken(format!("no random bytes: {error}")))?;
    let secret = format!("{:032x}{:032x}", half(&random, 0), half(&random, 16));
    writeln!(file, "{secret}").map_err(EngineError::io("written", &path))?;
    Ok(path)
}

fn half(random: &[u8; 32], from: usize) -> u128 {
    random[from..from + 16].iter().fold(0, |number, byte| number << 8 | u128::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(token: &Token, agent: &str) -> bool {
        let mut request = Request::new(());
        request.metadata_mut().insert("user-agent", agent.parse().unwrap());
        token.check()(request).is_ok()
    }

    #[test]
    fn only_the_token_opens() {
        let token = Token("0123456789abcdef".into());
        assert!(answer(&token, "assay 0123456789abcdef tonic/0.14"));
        for wrong in ["assay 0123456789abcdee tonic/0.14", "assay", "tonic/0.14 0123456789abcde"] {
            assert!(!answer(&token, wrong), "{wrong}");
        }
        assert!(token.check()(Request::new(())).is_err());
    }

    #[test]
    fn a_token_file_that_holds_none_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        fs::write(&path, "short\n").unwrap();
        assert!(Token::load(Some(&path)).is_err());
    }

    #[test]
    fn a_token_is_made_once_and_for_the_user_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = made(folder.path().join("a/token")).unwrap();
        let first = Token::load(Some(&path)).unwrap();
        assert_eq!(Token::load(Some(&made(path.clone()).unwrap())).unwrap(), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
