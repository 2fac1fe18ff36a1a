//! Which language to speak: `--lang`, or else the locale.

use std::ffi::OsString;

use crate::base::Lang;

/// The language of messages. It must be known before arguments are parsed, for what is wrong with them is said in it.
pub fn choose(args: &[OsString]) -> Lang {
    asked(args).unwrap_or_else(|| {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
        match locale {
            Some(locale) if locale.to_ascii_lowercase().starts_with("zh") => Lang::Zh,
            _ => Lang::En,
        }
    })
}

/// The last `--lang zh` or `--lang=zh` before `--`.
fn asked(args: &[OsString]) -> Option<Lang> {
    let args: Vec<&str> =
        args.iter().skip(1).map(|arg| arg.to_str().unwrap_or("")).take_while(|arg| *arg != "--").collect();
    let mut found = None;
    for (at, arg) in args.iter().enumerate() {
        let value = match arg.strip_prefix("--lang") {
            Some("") => args.get(at + 1).copied(),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        };
        match value {
            Some("zh" | "中文") => found = Some(Lang::Zh),
            Some("en" | "english") => found = Some(Lang::En),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(text: &str) -> Vec<OsString> {
        text.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn the_option_is_found_wherever_it_stands() {
        assert_eq!(asked(&args("duixian --lang zh run x")), Some(Lang::Zh));
        assert_eq!(asked(&args("duixian run x --lang=en")), Some(Lang::En));
        assert_eq!(asked(&args("duixian run x --lang")), None);
        assert_eq!(asked(&args("duixian run -- --lang zh")), None);
    }
}
