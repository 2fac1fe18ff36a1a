//! `keygen`: a pair of keys, to sign records with and to verify them.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::base::Lang;
use crate::pipeline::{PublicKey, SecretKey};

use super::exit;
use super::files::unwritten;
use super::run::fault;
use super::terminal::Terminal;

#[derive(clap::Args)]
pub struct Args {
    #[arg(id = "secret", value_name = "FILE")]
    secret: PathBuf,
}

/// Runs the command.
pub fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    let secret = match SecretKey::random() {
        Ok(secret) => secret,
        Err(error) => return fault(&error, terminal),
    };
    let public = secret.public();
    let (secret_text, public_text) = match (secret.to_pem(), public.to_pem()) {
        (Ok(secret), Ok(public)) => (secret, public),
        (Err(error), _) => return fault(&error, terminal),
        (_, Err(error)) => return fault(&error, terminal),
    };
    let secret_path = args.secret.as_path();
    let public_path = PublicKey::beside(secret_path);
    // A key that is there may have signed something: neither file of a pair is ever overwritten.
    let occupied = [secret_path, &public_path].into_iter().find(|path| path.symlink_metadata().is_ok());
    if let Some(path) = occupied {
        let shown = path.display();
        let text = match terminal.lang() {
            Lang::Zh => format!("`{shown}` 已经存在，没有改动；请换一个文件名"),
            Lang::En => format!("`{shown}` is there already and was not changed; name another file"),
        };
        terminal.complain(&text);
        return exit::USAGE;
    }
    for (path, text, private) in [(secret_path, secret_text, true), (&public_path, public_text, false)] {
        if let Err(error) = create(path, &text, private) {
            return unwritten(path, &error, terminal);
        }
    }
    let (secret, public, print) = (secret_path.display(), public_path.display(), public.fingerprint());
    let text = match terminal.lang() {
        Lang::Zh => format!(
            "私钥  {secret}（自己保管，不要外传；谁拿到它谁就能冒名签名，丢了就要换一对）\n\
             公钥  {public}（交给核验的人）\n\
             指纹  {print}（交接公钥时当面或电话核对）\n\n\
             签名：duixian run 套件 --data 数据 --record 记录.json --sign {secret}\n\
             核验：duixian verify 记录.json --key {public}\n"
        ),
        Lang::En => format!(
            "secret key   {secret} (keep it to yourself: whoever has it can sign in your name; if it is lost, make a new pair)\n\
             public key   {public} (give it to whoever verifies)\n\
             fingerprint  {print} (compare it when you hand the public key over)\n\n\
             to sign:     duixian run SUITE --data DATA --record record.json --sign {secret}\n\
             to verify:   duixian verify record.json --key {public}\n"
        ),
    };
    terminal.result(&text);
    exit::OK
}

/// Writes a new file; where the system knows of owners, a private one is its owner's alone.
fn create(path: &Path, text: &str, private: bool) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if private {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = private;
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
