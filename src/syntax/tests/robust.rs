//! No text makes the parser panic, overflow its stack, or take long.

use crate::base::FileId;
use crate::syntax::parse;

/// A small generator of pseudo-random numbers, the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).unwrap()
    }
}

const SEED: &str = include_str!("sample.rule");

#[test]
fn the_sample_is_correct() {
    super::tree(SEED);
}

#[test]
fn line_ends_and_byte_order_marks_do_not_matter() {
    let windows = format!("\u{feff}{}", SEED.replace('\n', "\r\n"));
    assert_eq!(super::shape(SEED), super::shape(&windows));
}

#[test]
fn mutated_files_do_not_panic() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let pieces = [
        "(", ")", "[", "]", "\"", "`", "|", "#", "\n", "当", "要求", "2021-3", "1,0", "规则", "。", "増", "\u{200b}",
        "-", "..", "非 ",
    ];
    for _ in 0..3000 {
        let mut bytes = SEED.as_bytes().to_vec();
        let from = random.below(bytes.len());
        let length = random.below(400);
        bytes = bytes.into_iter().skip(from).take(length).collect();
        for _ in 0..random.below(8) {
            let at = random.below(bytes.len() + 1);
            match random.below(4) {
                0 if at < bytes.len() => bytes[at] = u8::try_from(random.below(256)).unwrap(),
                1 if at < bytes.len() => {
                    bytes.remove(at);
                }
                _ => {
                    let piece = pieces[random.below(pieces.len())];
                    bytes.splice(at..at, piece.bytes());
                }
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        let (_, found) = parse(FileId(0), &text);
        for diagnostic in found {
            let crate::base::Place::Rule(span) = diagnostic.place else { panic!() };
            assert!(text.get(span.range()).is_some(), "{text}");
        }
    }
}

#[test]
fn deep_nesting_is_refused() {
    for (open, close) in [
        ("(", ")"),
        ("非 ", ""),
        ("- ", ""),
        ("如果 a 则 ", ""),
        ("如果1则 ", ""),
        ("每个 期间 2021 要求 ", ""),
        ("连续 3 次 ", ""),
        ("10 in a row ", ""),
        ("f(", ")"),
        ("合计(a 当 ", ")"),
        ("(合计 a 当 ", ")"),
        ("(a 且 (b 或 非 ", "))"),
        ("a + ", ""),
        ("a / ", ""),
        ("a - (", ")"),
    ] {
        for count in [40, 190, 1000, 100_000] {
            let text = format!("规则 R 要求 {}x{} > 1", open.repeat(count), close.repeat(count));
            let (_, found) = parse(FileId(0), &text);
            if count >= 1000 {
                assert_eq!(found.first().map(|d| d.code.code), Some("E0104"), "{open} {count}");
            }
        }
        let (_, found) = parse(FileId(0), &format!("规则 R 要求 {}", open.repeat(100_000)));
        assert_eq!(found.first().map(|d| d.code.code), Some("E0104"), "{open}");
    }
    let (_, found) = parse(FileId(0), &format!("规则 R 要求 x{} > 1", "[2020]".repeat(100_000)));
    assert_eq!(found.first().map(|d| d.code.code), Some("E0104"));
}

#[test]
fn long_lists_and_tables_are_not_deep() {
    let list = (0..5000).map(|n| format!("\"c-{n}\"")).collect::<Vec<_>>().join(", ");
    let rows = "教育局 | (1 + 2) - 3\n".repeat(5000);
    let expect = "期望 R[a, 2021] 合格\n".repeat(3000);
    let and = "且 a - 1 ≥ 0 ".repeat(60);
    super::tree(&format!(
        "数据集 d 维度 a: 文本 属于 {{{list}}}\n测试 \"t\" 给定 d\na | b\n{rows}{expect}\n规则 R 要求 a {and}"
    ));
}

#[test]
fn long_words_do_not_take_long() {
    for word in ["增长", "a", "1", "1,", "2021", "`", "\"", "Ⅳ", "…", "｜", "要求 ", "规则\n"] {
        for text in [
            word.repeat(50_000),
            format!("规则 R 要求 x {}", word.repeat(50_000)),
            format!("规则 R\n{}", word.repeat(50_000)),
        ] {
            parse(FileId(0), &text);
        }
    }
}
