//! Key files in, signatures over the exact bytes of a record out, and whether one holds.
//!
//! Keys are ed25519 in PEM, as openssl writes them; a signature is its 64 bytes and nothing else, in a file beside the
//! record, so that `openssl pkeyutl -verify -rawin` judges it as well. What a record says is not looked at here.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey, KeypairBytes};
use ed25519_dalek::{SECRET_KEY_LENGTH, Signature, Signer, SigningKey, VerifyingKey};

use super::Stopped;
use crate::base::codes::suite as codes;
use crate::base::{Bi, Diagnostic, Place};
use crate::data::sha256;

/// A key that signs.
pub struct SecretKey(SigningKey);

/// A key that tells whether a signature holds.
pub struct PublicKey(VerifyingKey);

/// What a public key makes of a file and its signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealed {
    /// Not a byte of the file has changed since it was signed with this key.
    Holds,
    /// There is no signature.
    Unsigned,
    /// What is given as the signature is none: it has another length.
    NoSignature,
    /// The file has changed, or the signature has, or it was made with another key.
    Broken,
}

/// Where the signature of a file lies: `record.json.sig`.
pub fn beside(path: &Path) -> PathBuf {
    with_ending(path, ".sig")
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    PathBuf::from(name)
}

impl SecretKey {
    /// A new key, from what the operating system gives as random.
    ///
    /// # Errors
    /// It gives nothing.
    pub fn random() -> Result<SecretKey, getrandom::Error> {
        let mut seed = [0; SECRET_KEY_LENGTH];
        getrandom::fill(&mut seed)?;
        Ok(SecretKey(SigningKey::from_bytes(&seed)))
    }

    /// Reads a key's file.
    ///
    /// # Errors
    /// It cannot be opened, or is not a secret ed25519 key.
    pub fn load(path: &Path) -> Result<SecretKey, Box<Stopped>> {
        let text = Text::read(path, Part::Secret)?;
        SigningKey::from_pkcs8_pem(&text.content).map(SecretKey).map_err(|_| text.broken())
    }

    /// The key's file.
    ///
    /// # Errors
    /// None that is known of.
    pub fn to_pem(&self) -> Result<String, ed25519_dalek::pkcs8::Error> {
        // Without the public key: openssl does not read the form that holds both.
        let bytes = KeypairBytes { secret_key: self.0.to_bytes(), public_key: None };
        bytes.to_pkcs8_pem(LineEnding::LF).map(|text| text.as_str().to_owned())
    }

    /// The key that goes with it.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Signs bytes. The same key and bytes give the same signature.
    pub fn sign(&self, bytes: &[u8]) -> [u8; Signature::BYTE_SIZE] {
        self.0.sign(bytes).to_bytes()
    }
}

impl PublicKey {
    /// Where the public key of a secret key's file is put.
    pub fn beside(secret: &Path) -> PathBuf {
        with_ending(secret, ".pub")
    }

    /// Reads a key's file.
    ///
    /// # Errors
    /// It cannot be opened, or is not a public ed25519 key.
    pub fn load(path: &Path) -> Result<PublicKey, Box<Stopped>> {
        let text = Text::read(path, Part::Public)?;
        let key = VerifyingKey::from_public_key_pem(&text.content).ok().filter(|key| !key.is_weak());
        key.map(PublicKey).ok_or_else(|| text.broken())
    }

    /// The key's file.
    ///
    /// # Errors
    /// None that is known of.
    pub fn to_pem(&self) -> Result<String, ed25519_dalek::pkcs8::spki::Error> {
        self.0.to_public_key_pem(LineEnding::LF)
    }

    /// What a person may read out to another, to be sure that both have the same key: the first sixteen digits of the
    /// SHA-256 of its 32 bytes, by fours.
    pub fn fingerprint(&self) -> String {
        let hash = sha256(self.0.as_bytes());
        let digits: Vec<char> = hash.chars().take(16).collect();
        digits.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<String>>().join(" ")
    }

    /// Does a signature hold for a file's bytes?
    pub fn verify(&self, bytes: &[u8], signature: Option<&[u8]>) -> Sealed {
        let Some(signature) = signature else { return Sealed::Unsigned };
        match Signature::from_slice(signature) {
            Ok(signature) if self.0.verify_strict(bytes, &signature).is_ok() => Sealed::Holds,
            Ok(_) => Sealed::Broken,
            Err(_) => Sealed::NoSignature,
        }
    }
}

/// Which key of a pair.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Secret,
    Public,
}

/// The text of a key's file, and where in it the key begins.
struct Text<'p> {
    path: &'p Path,
    part: Part,
    content: String,
    line: u64,
}

/// What begins a block of PEM.
const BEGIN: &str = "-----BEGIN ";

impl<'p> Text<'p> {
    /// Reads a file; what it holds must say that it is this part of a pair.
    fn read(path: &'p Path, part: Part) -> Result<Self, Box<Stopped>> {
        let shown = path.display();
        let bytes = std::fs::read(path).map_err(|error| {
            let message = Bi::new(
                format!("打不开密钥文件 `{shown}`：{error}"),
                format!("cannot open the key file `{shown}`: {error}"),
            );
            refused(path, None, message, part)
        })?;
        let content = String::from_utf8(bytes).unwrap_or_default();
        let begins = |line: &str| {
            line.trim_start_matches('\u{feff}')
                .strip_prefix(BEGIN)
                .and_then(|rest| rest.trim_end().strip_suffix("-----").map(str::to_owned))
        };
        let found = (1..).zip(content.lines()).find_map(|(line, text)| Some((line, begins(text)?)));
        let Some((line, label)) = found else {
            let message = Bi::new(format!("`{shown}` 不是密钥文件"), format!("`{shown}` holds no key in PEM"));
            return Err(refused(path, None, message, part));
        };
        let message = match (part, label.as_str()) {
            (Part::Secret, "PRIVATE KEY") | (Part::Public, "PUBLIC KEY") => {
                // The format allows text around the block, but its readers do not.
                let mut block = String::new();
                for text in content.lines().skip_while(|text| begins(text).is_none()) {
                    block.push_str(text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}'));
                    block.push('\n');
                    if text.starts_with("-----END ") {
                        break;
                    }
                }
                return Ok(Text { path, part, content: block, line });
            }
            (Part::Secret, "PUBLIC KEY") => Bi::new(
                format!("`{shown}` 是公钥；签名要用私钥"),
                format!("`{shown}` is a public key; signing takes the secret one"),
            ),
            (Part::Public, "PRIVATE KEY") => Bi::new(
                format!("`{shown}` 是私钥；核验只用公钥，私钥不要交给别人"),
                format!(
                    "`{shown}` is a secret key; verifying takes the public one, and the secret one is not to be given away"
                ),
            ),
            (_, "ENCRYPTED PRIVATE KEY") => Bi::new(
                format!("`{shown}` 是有口令保护的私钥，本程序打不开"),
                format!("`{shown}` is a secret key behind a password, which this program does not open"),
            ),
            (_, other) => Bi::new(
                format!("`{shown}` 里是 `{other}`，不是 PEM 格式的{}", part.name().zh),
                format!("`{shown}` holds `{other}`, which is not the form of a {} in PEM", part.name().en),
            ),
        };
        Err(refused(path, Some(line), message, part))
    }

    /// That it says what it is, but is not.
    fn broken(&self) -> Box<Stopped> {
        let shown = self.path.display();
        let name = self.part.name();
        let message = Bi::new(
            format!("`{shown}` 不是 ed25519 的{}，或者已经损坏", name.zh),
            format!("`{shown}` is no {} of ed25519, or is damaged", name.en),
        );
        refused(self.path, Some(self.line), message, self.part)
    }
}

impl Part {
    fn name(self) -> Bi {
        match self {
            Part::Secret => Bi::new("私钥", "secret key"),
            Part::Public => Bi::new("公钥", "public key"),
        }
    }
}

fn refused(path: &Path, row: Option<u64>, message: Bi, part: Part) -> Box<Stopped> {
    let path = path.to_string_lossy().replace('\\', "/");
    let place = Place::Data { path, sheet: None, row, column: None, cell: None };
    let help = match part {
        Part::Secret => Bi::new(
            "私钥用 `duixian keygen 文件` 生成；openssl 生成的、没有口令的 ed25519 私钥也可以",
            "make a key with `duixian keygen FILE`; a secret ed25519 key of openssl without a password will do as well",
        ),
        Part::Public => Bi::new(
            "公钥是 `duixian keygen` 生成的 .pub 文件，向签名的一方索取",
            "the public key is the .pub file that `duixian keygen` makes; ask whoever signed for it",
        ),
    };
    Stopped::configuration(vec![Diagnostic::at(&codes::BAD_KEY, place, message).help(help)])
}
