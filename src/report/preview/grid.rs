//! Plain aligned columns.

use super::super::width::{columns, padded};

/// Lays rows out in columns, two blanks apart and indented; the columns `right` are aligned to the right, and
/// columns without a text are left out.
///
/// A list of targets can have a million rows: a table of comfy-table would need several times the memory.
#[must_use]
pub fn grid<const N: usize>(rows: &[[String; N]], right: &[usize]) -> String {
    let mut widths = [0; N];
    for row in rows {
        widths.iter_mut().zip(row).for_each(|(width, cell)| *width = columns(cell).max(*width));
    }
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(widths).enumerate().filter(|(_, (_, width))| *width > 0);
        let cells = cells.map(|(column, (cell, width))| match right.contains(&column) {
            true => format!("  {}{cell}", " ".repeat(width - columns(cell))),
            false => format!("  {}", padded(cell, width)),
        });
        cells.collect::<String>().trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aligns_columns_and_leaves_out_the_empty_ones() {
        let rows = [["a", "", "x", "10"], ["名前", "", "", "5"]].map(|row| row.map(str::to_owned));
        assert_eq!(grid(&rows, &[3]), "  a     x  10\n  名前      5\n");
    }
}
