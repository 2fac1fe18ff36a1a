//! Signatures over records, and time stamps in them: a byte changed anywhere is found; keys that cannot be used are told.

use std::path::{Path, PathBuf};
use std::process::Command;

use duixian::pipeline::{PublicKey, Sealed, SecretKey, beside};

use crate::support::Folder;

/// What openssl made: a key, and its signature of [`SIGNED`].
const SECRET: &str = "MC4CAQAwBQYDK2VwBCIEII4JQZrGsFInHt5/QTHKOiumB0V+vWATeBb/xgbHyQsH";
const PUBLIC: &str = "MCowBQYDK2VwAyEAkpiA612ykV7kdMLa8xda/cwKd3Z2WRd/+Zx+XDflJqs=";
const SIGNED: &str = "{\"schema\": \"示例\"}\n";
const SIGNATURE: &str = "100e95bff7b889fdcc94957a0f83b7ce6b71efccb1091df9528276c159d99fe3215657d6\
                         6689fabf22d8e3bc2b4a4f051eede95a0fcf486d88557451f5f1c404";

/// A key's file; the words around it are put together here, since a file that begins with them is taken for a leaked key.
fn pem(label: &str, content: &str) -> String {
    format!("-----BEGIN {label}-----\n{content}\n-----END {label}-----\n")
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<char> = hex.chars().filter(|c| c.is_ascii_hexdigit()).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap()).collect()
}

/// A suite, its data, and a pair of keys.
struct Office {
    folder: Folder,
}

impl Office {
    fn new() -> Self {
        let folder = Folder::new();
        folder.write("suite/suite.toml", "name = \"signed\"\nperiod = 2021\n");
        folder.write("suite/rules.rule", "指标 收入: 亿元\n规则 D1\n    要求 收入 增长 ≥ 10%\n");
        folder.write("data/指标.csv", "指标,期间,数值\n收入,2020,100\n收入,2021,109\n");
        folder.write("inbox/甲/指标.csv", "指标,期间,数值\n收入,2020,100\n收入,2021,109\n");
        folder.write("inbox/乙/指标.csv", "指标,期间,数值\n收入,2020,100\n收入,2021,110\n");
        let office = Office { folder };
        assert_eq!(office.duixian(&["keygen", "bureau.key"]).0, 0);
        office
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn duixian(&self, args: &[&str]) -> (i32, String) {
        self.duixian_in("en", args)
    }

    fn duixian_in(&self, lang: &str, args: &[&str]) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_duixian"));
        command.args(args).args(["--lang", lang]).current_dir(self.folder.path()).env_clear();
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout) + &text(output.stderr))
    }

    fn run(&self, more: &[&str]) -> (i32, String) {
        self.duixian(&[&["run", "suite", "--data", "data"], more].concat())
    }

    fn seal(&self, record: &str) -> (i32, String) {
        self.duixian(&["verify", record, "--key", "bureau.key.pub"])
    }
}

/// Places to change: the first and the last, and as many between as are wanted, never the same from file to file.
fn places(length: usize, wanted: usize) -> Vec<usize> {
    let mut state = length as u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % length
    };
    let mut places: Vec<usize> = (0..wanted).map(|_| next()).collect();
    places.extend([0, length - 1]);
    places
}

fn change(path: &Path, at: usize, by: u8) -> Vec<u8> {
    let original = std::fs::read(path).unwrap();
    let mut bytes = original.clone();
    bytes[at] ^= by;
    std::fs::write(path, bytes).unwrap();
    original
}

#[test]
fn a_signature_holds_until_a_byte_changes() {
    let office = Office::new();
    assert_eq!(office.run(&["--record", "r.json", "--sign", "bureau.key"]).0, 1);
    let held = office.seal("r.json");
    assert_eq!(held.0, 0, "{}", held.1);
    assert!(held.1.starts_with("The signature holds"), "{}", held.1);
    for file in ["r.json", "r.json.sig"] {
        let path = office.path(file);
        let length = std::fs::read(&path).unwrap().len();
        for (count, at) in places(length, 40).into_iter().enumerate() {
            let original = change(&path, at, 1 << (count % 8));
            let (code, said) = office.seal("r.json");
            let again = ["--suite", "suite", "--data", "data"];
            let both = office.duixian(&[&["verify", "r.json", "--key", "bureau.key.pub"], &again[..]].concat());
            std::fs::write(&path, original).unwrap();
            assert_eq!(code, 5, "{file}, byte {at}: {said}");
            assert!(said.starts_with("The signature does not hold"), "{file}, byte {at}: {said}");
            assert_eq!(both.0, 5, "{file}, byte {at}: {}", both.1);
        }
    }
    let whole = std::fs::read(office.path("r.json.sig")).unwrap();
    for wrong in [&whole[..63], &[&whole[..], b"\n"].concat(), b""] {
        std::fs::write(office.path("r.json.sig"), wrong).unwrap();
        let (code, said) = office.seal("r.json");
        assert_eq!(code, 5, "{said}");
        assert!(said.contains("is no signature"), "{said}");
    }
    std::fs::remove_file(office.path("r.json.sig")).unwrap();
    let (code, said) = office.seal("r.json");
    assert_eq!(code, 5);
    assert!(said.contains("not signed"), "{said}");
    // Whoever changes a record cannot sign it again without the key.
    assert_eq!(office.duixian(&["keygen", "other.key"]).0, 0);
    assert_eq!(office.run(&["--record", "r.json", "--sign", "other.key"]).0, 1);
    assert_eq!(office.seal("r.json").0, 5);
}

#[test]
fn a_signed_record_is_judged_again_as_well() {
    let office = Office::new();
    office.run(&["--record", "r.json", "--sign", "bureau.key"]);
    let verify =
        || office.duixian(&["verify", "r.json", "--key", "bureau.key.pub", "--suite", "suite", "--data", "data"]);
    let held = verify();
    assert_eq!(held.0, 0, "{}", held.1);
    insta::assert_snapshot!("holds", held.1.replace(&print(&office), "FINGERPRINT"));
    office.folder.write("data/指标.csv", "指标,期间,数值\n收入,2020,100\n收入,2021,119\n");
    let (code, said) = verify();
    assert_eq!(code, 5, "the signature holds, the data is other: {said}");
    assert!(said.contains("The signature holds") && said.contains("指标.csv"), "{said}");
    assert_eq!(office.duixian(&["verify", "r.json"]).0, 2, "neither rules nor a key");
    assert_eq!(office.duixian(&["verify", "r.json", "--key", "bureau.key.pub", "--data", "data"]).0, 2);
    assert_eq!(office.duixian(&["verify", "none.json", "--key", "bureau.key.pub"]).0, 2);
}

fn print(office: &Office) -> String {
    PublicKey::load(&office.path("bureau.key.pub")).unwrap().fingerprint()
}

#[test]
fn what_many_submissions_came_to_is_signed_too() {
    let office = Office::new();
    let args = ["run", "suite", "--submissions", "inbox/*", "--record", "all.json", "--records", "single"];
    assert_eq!(office.duixian(&[&args[..], &["--sign", "bureau.key", "--stamp"]].concat()).0, 1);
    for record in ["all.json", "single/甲.json", "single/乙.json"] {
        let held = office.seal(record);
        assert_eq!(held.0, 0, "{record}: {}", held.1);
        let path = office.path(record);
        for at in places(std::fs::read(&path).unwrap().len(), 8) {
            let original = change(&path, at, 4);
            assert_eq!(office.seal(record).0, 5, "{record}, byte {at}");
            std::fs::write(&path, original).unwrap();
        }
        assert!(std::fs::read_to_string(&path).unwrap().contains("\"stamp\": \"20"), "{record}");
    }
    // The records of single submissions can be judged again as they are.
    let args = ["verify", "single/乙.json", "--suite", "suite", "--data", "inbox/乙", "--key", "bureau.key.pub"];
    let held = office.duixian(&args);
    assert_eq!(held.0, 0, "{}", held.1);
    let left = std::fs::read_dir(office.path("single")).unwrap();
    assert_eq!(left.count(), 4, "nothing but the records and their signatures");
}

#[test]
fn a_stamp_is_no_difference() {
    let office = Office::new();
    let record = |name: &str, more: &[&str]| {
        assert_eq!(office.run(&[&["--record", name], more].concat()).0, 1);
        std::fs::read_to_string(office.path(name)).unwrap()
    };
    let plain = record("a.json", &[]);
    assert_eq!(plain, record("b.json", &[]), "no clock unless asked for");
    let stamped = record("c.json", &["--stamp", "--sign", "bureau.key"]);
    let line = stamped.lines().find(|line| line.contains("\"stamp\"")).unwrap();
    // Of the rest, only the hash of what was asked is another.
    let rest = |record: &str| {
        let lines = record.lines().filter(|line| !line.contains("\"stamp\"") && !line.contains("\"request_sha256\""));
        lines.map(str::to_owned).collect::<Vec<String>>()
    };
    assert_eq!(rest(&stamped), rest(&plain), "and nothing else");
    assert_eq!(plain.lines().count(), rest(&plain).len() + 1);
    let time = line.trim().trim_start_matches("\"stamp\": \"").trim_end_matches("\",");
    let made: jiff::Timestamp = time.parse().unwrap();
    assert!(made.duration_until(jiff::Timestamp::now()).as_secs() < 600, "{time}");
    let diff = office.duixian(&["diff", "a.json", "c.json"]);
    assert_eq!(diff.0, 0, "{}", diff.1);
    let verify =
        |more: &[&str]| office.duixian(&[&["verify", "c.json", "--suite", "suite", "--data", "data"], more].concat());
    let held = verify(&[]);
    assert_eq!(held.0, 0, "{}", held.1);
    assert!(held.1.contains("only a signature"), "what the hashes do not cover is said: {}", held.1);
    let held = verify(&["--key", "bureau.key.pub"]);
    assert_eq!(held.0, 0, "{}", held.1);
    assert!(!held.1.contains("only a signature"), "{}", held.1);
    std::fs::write(office.path("c.json"), stamped.replace(time, "2020-01-01T00:00:00Z")).unwrap();
    assert_eq!(verify(&["--key", "bureau.key.pub"]).0, 5, "whoever sets the clock back has no key");
    std::fs::write(office.path("c.json"), stamped.replace(time, "yesterday")).unwrap();
    assert_eq!(verify(&[]).0, 5, "not a time");
}

#[test]
fn every_report_tells_a_stamp() {
    let office = Office::new();
    let mut reports = Vec::new();
    for format in ["text", "html", "md"] {
        reports.extend(["--report".to_owned(), format!("{format}:r.{format}")]);
    }
    let more: Vec<&str> = ["--stamp"].into_iter().chain(reports.iter().map(String::as_str)).collect();
    assert_eq!(office.run(&more).0, 1);
    let many = ["run", "suite", "--submissions", "inbox/*", "--report", "text:m.text", "--report", "html:m.html"];
    assert_eq!(office.duixian(&[&many[..], &["--report", "md:m.md", "--stamp"]].concat()).0, 1);
    for file in ["r.text", "r.html", "r.md", "m.text", "m.html", "m.md"] {
        let text = std::fs::read_to_string(office.path(file)).unwrap();
        assert!(text.contains("made at 20") && text.contains(" UTC"), "{file}");
    }
}

#[test]
fn openssl_and_we_agree() {
    let folder = Folder::new();
    let secret = SecretKey::load(&folder.write("s.pem", pem("PRIVATE KEY", SECRET))).unwrap();
    let public = PublicKey::load(&folder.write("p.pem", pem("PUBLIC KEY", PUBLIC))).unwrap();
    let signature = bytes(SIGNATURE);
    assert_eq!(secret.sign(SIGNED.as_bytes()).to_vec(), signature);
    assert_eq!(public.verify(SIGNED.as_bytes(), Some(&signature)), Sealed::Holds);
    assert_eq!(secret.to_pem().unwrap(), pem("PRIVATE KEY", SECRET));
    assert_eq!(secret.public().to_pem().unwrap(), pem("PUBLIC KEY", PUBLIC));
    // Files come by mail: line ends of another system, words around the key.
    let mailed = format!("财政局的公钥\r\n\r\n{}\r\n此致\r\n", pem("PUBLIC KEY", PUBLIC).replace('\n', "\r\n"));
    let mailed = PublicKey::load(&folder.write("mailed.pem", mailed)).unwrap();
    assert_eq!(mailed.fingerprint(), public.fingerprint());
    let marked = format!("\u{feff}{}", pem("PUBLIC KEY", PUBLIC));
    assert!(PublicKey::load(&folder.write("marked.pem", marked)).is_ok());
}

#[test]
fn keys_that_cannot_be_used_are_told() {
    let office = Office::new();
    let ed448 = "MEcCAQAwBQYDK2VxBDsEObOeotixKOiuY5kzwYKQcveCqkdCU1wB+B4zqAzgSYiDTYcWxfLJVNVN0VzMad4gbtZfKHs1gTU1tA==";
    let cut = &SECRET[..60];
    let wrong = SECRET.replace("HKOi", "HK!i");
    // All its bytes zero: a point of small order, for which anybody can make signatures that hold.
    let weak = "MCowBQYDK2VwAyEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let files = [
        ("none", None),
        ("empty", Some(String::new())),
        ("prose", Some("这不是密钥\n".to_owned())),
        ("password", Some(pem("ENCRYPTED PRIVATE KEY", "MIGb"))),
        ("ssh", Some(pem("OPENSSH PRIVATE KEY", "b3BlbnNz"))),
        ("ed448", Some(pem("PRIVATE KEY", ed448))),
        ("cut", Some(pem("PRIVATE KEY", cut))),
        ("wrong", Some(format!("\n\n{}", pem("PRIVATE KEY", &wrong)))),
        ("unended", Some(format!("-----BEGIN PRIVATE KEY-----\n{SECRET}\n"))),
        ("secret", Some(pem("PRIVATE KEY", SECRET))),
        ("public", Some(pem("PUBLIC KEY", PUBLIC))),
        ("weak", Some(pem("PUBLIC KEY", weak))),
    ];
    office.run(&["--record", "r.json", "--sign", "bureau.key"]);
    let before = std::fs::read(office.path("r.json")).unwrap();
    for lang in ["zh", "en"] {
        let mut told = String::new();
        for (name, content) in &files {
            if let Some(content) = content {
                office.folder.write(name, content);
            }
            let sign = ["run", "suite", "--data", "data", "--record", "r.json", "--sign", name];
            let verify = ["verify", "r.json", "--key", name];
            for (good, args) in [("secret", &sign[..]), ("public", &verify[..])] {
                if *name != good {
                    let (code, said) = office.duixian_in(lang, args);
                    assert_eq!(code, 2, "{name}: {said}");
                    told.push_str(&said);
                }
            }
        }
        insta::assert_snapshot!(format!("keys-{lang}"), told);
    }
    assert_eq!(std::fs::read(office.path("r.json")).unwrap(), before, "a key is read before anything is written");
    for args in [&["--sign", "bureau.key"][..], &["--sign", "bureau.key", "--record", "-"]] {
        let (code, said) = office.run(args);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains("--record FILE"), "{said}");
    }
}

#[test]
fn keys_are_never_overwritten_and_their_owners_alone() {
    let office = Office::new();
    let before = std::fs::read(office.path("bureau.key")).unwrap();
    assert_eq!(office.duixian(&["keygen", "bureau.key"]).0, 2);
    std::fs::remove_file(office.path("bureau.key")).unwrap();
    assert_eq!(office.duixian(&["keygen", "bureau.key"]).0, 2, "its public key is still there");
    assert!(!office.path("bureau.key").exists());
    assert_eq!(office.duixian(&["keygen", "nowhere/bureau.key"]).0, 2);
    let made = office.duixian(&["keygen", "second.key"]);
    assert_eq!(made.0, 0, "{}", made.1);
    assert_ne!(std::fs::read(office.path("second.key")).unwrap(), before);
    let print = PublicKey::load(&office.path("second.key.pub")).unwrap().fingerprint();
    assert!(made.1.contains(&print), "{}", made.1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |name: &str| std::fs::metadata(office.path(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode("second.key"), 0o600);
    }
}

#[test]
fn what_cannot_be_written_leaves_record_and_signature() {
    let office = Office::new();
    assert_eq!(office.run(&["--record", "r.json", "--sign", "bureau.key"]).0, 1);
    let both = || ["r.json", "r.json.sig"].map(|name| std::fs::read(office.path(name)).ok());
    let before = both();
    office.folder.write("data/指标.csv", "指标,期间,数值\n收入,2020,100\n收入,2021,119\n");
    // A folder that stands where the signature is to go.
    std::fs::create_dir(office.path("s.json.sig")).unwrap();
    let (code, said) = office.run(&["--record", "s.json", "--sign", "bureau.key"]);
    assert_eq!(code, 2, "{said}");
    assert!(!office.path("s.json").exists(), "no record without its signature");
    assert_eq!(both(), before);
    let hidden = |entry: &std::fs::DirEntry| entry.file_name().to_string_lossy().starts_with('.');
    let left = std::fs::read_dir(office.folder.path()).unwrap().map(Result::unwrap).filter(hidden);
    assert_eq!(left.count(), 0, "nothing half written is left");
    assert_eq!(beside(Path::new("a/r.json")), Path::new("a/r.json.sig"));
}
