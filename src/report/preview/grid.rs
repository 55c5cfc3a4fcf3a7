//! Plain aligned columns.

use comfy_table::{ColumnConstraint, Table, presets};

/// Returns a table without borders, its columns two blanks apart and indented; columns without a text are left out.
pub(super) fn grid<const N: usize>(rows: impl Iterator<Item = [String; N]>) -> Table {
    let mut grid = Table::new();
    grid.load_preset(presets::NOTHING);
    let mut is_empty = [true; N];
    for row in rows {
        is_empty.iter_mut().zip(&row).for_each(|(is_empty, cell)| *is_empty &= cell.is_empty());
        grid.add_row(row);
    }
    for (column, is_empty) in grid.column_iter_mut().zip(is_empty) {
        column.set_padding((2, 0));
        if is_empty {
            column.set_constraint(ColumnConstraint::Hidden);
        }
    }
    grid
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aligns_columns_and_leaves_out_the_empty_ones() {
        let rows = [["a", "", "x"], ["名前", "", ""]].map(|row| row.map(str::to_owned));
        assert_eq!(grid(rows.into_iter()).trim_fmt(), "  a     x\n  名前");
    }
}
