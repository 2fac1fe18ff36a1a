//! What is wrong with a command line, in the user's language.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::exit;
use super::terminal::Terminal;
use crate::base::Lang;

/// Draws what clap has to say: help and version on standard output, errors on standard error.
pub fn report(error: &clap::Error, terminal: &mut Terminal) -> u8 {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            terminal.result(&error.render().to_string());
            exit::OK
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            terminal.error(&error.render().to_string());
            exit::USAGE
        }
        _ => {
            match (terminal.lang(), chinese(error)) {
                (Lang::Zh, Some(text)) => {
                    terminal.complain(&text);
                    let hint = "用 `duixian --help` 或 `duixian 命令 --help` 查看用法。\n";
                    terminal.error(hint);
                }
                _ => terminal.error(&error.render().to_string()),
            }
            exit::USAGE
        }
    }
}

/// The error in Chinese, where we know how to say it.
fn chinese(error: &clap::Error) -> Option<String> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) => Some(texts.join("、")),
        _ => None,
    };
    let argument = text(ContextKind::InvalidArg).unwrap_or_default();
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
        .into_iter()
        .find_map(text)
        .map(|near| format!("是不是 `{near}`？"))
        .unwrap_or_default();
    Some(match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!("没有命令 `{}`。{near}", text(ContextKind::InvalidSubcommand)?)
        }
        ErrorKind::UnknownArgument => format!("没有选项 `{argument}`，或者它不能写在这里。{near}"),
        ErrorKind::MissingRequiredArgument => format!("缺少：{argument}。"),
        ErrorKind::MissingSubcommand => "没有说明要执行哪个命令。".to_owned(),
        ErrorKind::InvalidValue => {
            let allowed = text(ContextKind::ValidValue).map(|values| format!("，可以是：{values}")).unwrap_or_default();
            match text(ContextKind::InvalidValue).filter(|value| !value.is_empty()) {
                Some(value) => format!("`{argument}` 的值 `{value}` 不对{allowed}。{near}"),
                None => format!("`{argument}` 后面缺少值{allowed}。"),
            }
        }
        ErrorKind::ValueValidation => {
            let value = text(ContextKind::InvalidValue).unwrap_or_default();
            let form = std::error::Error::source(error).map(|form| format!("，应写作：{form}")).unwrap_or_default();
            format!("`{argument}` 的值 `{value}` 不对{form}。")
        }
        ErrorKind::ArgumentConflict => format!("`{argument}` 不能重复，也不能与别的选项同用。"),
        ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues | ErrorKind::TooManyValues => {
            format!("`{argument}` 的值的个数不对。")
        }
        _ => return None,
    })
}
