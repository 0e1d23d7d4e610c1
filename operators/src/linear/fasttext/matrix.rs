//! The two matrices of a model: dense, or each row as codes of a product quantiser.

use super::reader::{FormatError, Reader, Slice, fits};

/// Numbers that a code of one byte tells apart.
const CODES: usize = 256;
/// Width of a part if fastText is not asked for another; worth its own loop.
const USUAL: usize = 2;
const FLOAT: usize = size_of::<f32>();

/// Rows of 32-bit floats, read where they stand in the file.
#[derive(Debug)]
pub(super) enum Matrix {
    Dense(Dense),
    Product(Product),
}

/// Rows that are written in full.
#[derive(Debug)]
pub(super) struct Dense {
    rows: usize,
    columns: usize,
    numbers: Slice,
}

/// Rows that are written as codes: Jégou et al. 2011, Product Quantization for Nearest
/// Neighbor Search.
#[derive(Debug)]
pub(super) struct Product {
    rows: usize,
    quantiser: Quantiser,
    codes: Slice,
    /// Lengths of the rows, as codes; without them rows are as long as their codes say.
    norms: Option<(Slice, Quantiser)>,
}

/// What codes mean: `parts` runs of `width` numbers, the last may be shorter.
#[derive(Debug)]
struct Quantiser {
    parts: usize,
    width: usize,
    centroids: Slice,
}

impl Matrix {
    /// Reads a matrix of `columns` columns and at least one row.
    pub(super) fn read(
        reader: &mut Reader,
        is_product: bool,
        columns: usize,
    ) -> Result<Self, FormatError> {
        if is_product {
            return Product::read(reader, columns).map(Self::Product);
        }
        let rows = reader.long("the number of rows", 1)?;
        let at = reader.at();
        fits("the number of columns", reader.long("the number of columns", 1)?, columns, at)?;
        let width = columns.saturating_mul(FLOAT);
        Ok(Self::Dense(Dense { rows, columns, numbers: reader.slice(rows, width)? }))
    }

    pub(super) fn rows(&self) -> usize {
        match self {
            Self::Dense(dense) => dense.rows,
            Self::Product(product) => product.rows,
        }
    }

    /// The product of row number `row` with `numbers`, added up from left to right.
    pub(super) fn dot(&self, row: usize, numbers: &[f32]) -> f32 {
        match self {
            Self::Dense(dense) => floats(dense.row(&dense.numbers, row))
                .zip(numbers)
                .fold(0.0, |sum, (a, b)| sum + a * b),
            Self::Product(product) => product.dot(row, numbers),
        }
    }
}

impl Dense {
    /// What adds a row to a sum.
    pub(super) fn adder(&self) -> impl Fn(usize, &mut [f32]) + '_ {
        let numbers: &[u8] = &self.numbers;
        move |row, sum| {
            for (sum, number) in sum.iter_mut().zip(floats(self.row(numbers, row))) {
                *sum += number;
            }
        }
    }

    fn row<'n>(&self, numbers: &'n [u8], row: usize) -> &'n [u8] {
        let width = self.columns * FLOAT;
        &numbers[row * width..][..width]
    }
}

impl Product {
    fn read(reader: &mut Reader, columns: usize) -> Result<Self, FormatError> {
        let has_norms = reader.u8()? != 0;
        let rows = reader.long("the number of rows", 1)?;
        let at = reader.at();
        fits("the number of columns", reader.long("the number of columns", 1)?, columns, at)?;
        let at = reader.at();
        let bytes = reader.count("the number of codes", 1, usize::MAX)?;
        let codes = reader.slice(bytes, 1)?;
        let quantiser = Quantiser::read(reader, columns)?;
        fits("the number of codes", bytes, rows.saturating_mul(quantiser.parts), at)?;
        let norms = if has_norms {
            let codes = reader.slice(rows, 1)?;
            Some((codes, Quantiser::read(reader, 1)?))
        } else {
            None
        };
        Ok(Self { rows, quantiser, codes, norms })
    }

    /// What adds a row to a sum.
    pub(super) fn adder(&self) -> impl Fn(usize, &mut [f32]) + '_ {
        let Quantiser { parts, width, .. } = self.quantiser;
        let (codes, centroids): (&[u8], &[u8]) = (&self.codes, &self.quantiser.centroids);
        let norms = self.norms.as_ref().map(|(codes, quantiser)| (&**codes, &*quantiser.centroids));
        move |row, sum| {
            let norm = norm(norms, row);
            let codes = &codes[row * parts..][..parts];
            let tables = centroids.chunks(CODES * width * FLOAT);
            if width == USUAL && sum.len() == parts * USUAL {
                let (sums, _) = sum.as_chunks_mut::<USUAL>();
                for ((sum, table), code) in sums.iter_mut().zip(tables).zip(codes) {
                    let (numbers, _) = table.as_chunks::<{ USUAL * FLOAT }>();
                    let Some(numbers) = numbers.get(usize::from(*code)) else { continue };
                    for (sum, number) in sum.iter_mut().zip(floats(numbers)) {
                        *sum += norm * number;
                    }
                }
                return;
            }
            for ((sum, table), code) in sum.chunks_mut(width).zip(tables).zip(codes) {
                for (sum, number) in sum.iter_mut().zip(centroid(table, *code)) {
                    *sum += norm * number;
                }
            }
        }
    }

    fn dot(&self, row: usize, numbers: &[f32]) -> f32 {
        let Quantiser { parts, width, .. } = self.quantiser;
        let norms = self.norms.as_ref().map(|(codes, quantiser)| (&**codes, &*quantiser.centroids));
        let codes = &self.codes[row * parts..][..parts];
        let tables = self.quantiser.centroids.chunks(CODES * width * FLOAT);
        let mut sum = 0.0;
        for ((numbers, table), code) in numbers.chunks(width).zip(tables).zip(codes) {
            for (a, b) in numbers.iter().zip(centroid(table, *code)) {
                sum += a * b;
            }
        }
        sum * norm(norms, row)
    }
}

impl Quantiser {
    fn read(reader: &mut Reader, columns: usize) -> Result<Self, FormatError> {
        let at = reader.at();
        let found = reader.count("the columns of the quantiser", 1, usize::MAX)?;
        fits("the columns of the quantiser", found, columns, at)?;
        let at = reader.at();
        let parts = reader.count("the parts of the quantiser", 1, columns)?;
        let width = reader.count("the width of a part", 1, columns)?;
        fits("the parts of the quantiser", parts, columns.div_ceil(width), at)?;
        let at = reader.at();
        let last = reader.count("the width of the last part", 1, columns)?;
        fits("the width of the last part", last, columns - (parts - 1) * width, at)?;
        let centroids = reader.slice(columns, CODES * FLOAT)?;
        Ok(Self { parts, width, centroids })
    }
}

/// The numbers behind a code, in the table of its part.
#[inline]
fn centroid(table: &[u8], code: u8) -> impl Iterator<Item = f32> + '_ {
    let width = table.len() / CODES;
    floats(&table[usize::from(code) * width..][..width])
}

#[inline]
fn norm(norms: Option<(&[u8], &[u8])>, row: usize) -> f32 {
    let Some((codes, table)) = norms else { return 1.0 };
    centroid(table, codes[row]).next().unwrap_or(1.0)
}

#[inline]
fn floats(bytes: &[u8]) -> impl Iterator<Item = f32> + '_ {
    bytes.as_chunks().0.iter().map(|number| f32::from_le_bytes(*number))
}
