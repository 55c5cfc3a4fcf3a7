//! Plain aligned columns, and numbers and times as people read them.

use std::time::Duration;

use unicode_width::UnicodeWidthStr;

/// Draws rows of cells, two blanks apart and indented; the column `right` is aligned to the right, and columns without
/// a text are left out.
pub(super) fn draw<const N: usize>(rows: impl Iterator<Item = [String; N]>, right: usize) -> String {
    let rows: Vec<_> = rows.collect();
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0);
    let widths: Vec<_> = (0..N).map(width).collect();
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            if *width == 0 {
                continue;
            }
            let blanks = " ".repeat(width - cell.width().min(*width));
            let (before, behind) = if column == right { (&*blanks, "") } else { ("", &*blanks) };
            line.push_str(&format!("  {before}{cell}{behind}"));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Writes a number with commas between thousands.
pub(super) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Writes a count and its noun.
pub(super) fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", number(count))
}

/// Writes a time in its two largest units, rounded up to whole seconds.
pub(super) fn time(time: Duration) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    let units = [("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)];
    let largest = units.iter().position(|(_, length)| seconds >= *length).unwrap_or(units.len() - 1);
    let mut rest = seconds;
    let parts = units.iter().enumerate().filter_map(|(index, (unit, length))| {
        let count = rest / length;
        rest %= length;
        ((largest..=largest + 1).contains(&index) && (count > 0 || index == largest)).then(|| format!("{count} {unit}"))
    });
    parts.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_numbers_and_times() {
        assert_eq!([0, 999, 1000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
        let times = [0, 59, 60, 495, 3600, 90_061].map(|seconds| time(Duration::from_secs(seconds)));
        assert_eq!(times, ["0 s", "59 s", "1 min", "8 min 15 s", "1 h", "1 d 1 h"]);
        assert_eq!(time(Duration::from_millis(1001)), "2 s");
    }

    #[test]
    fn aligns_columns() {
        let rows = [["a".to_owned(), "stops".into()], ["long".into(), "5".into()]];
        assert_eq!(draw(rows.into_iter(), 1), "  a     stops\n  long      5\n");
        let wide = [["名前".to_owned(), "1".into()], ["ab".into(), "2".into()]];
        assert_eq!(draw(wide.into_iter(), 2), "  名前  1\n  ab    2\n");
    }
}
