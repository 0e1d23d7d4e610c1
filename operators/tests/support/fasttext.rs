//! Models of fastText with numbers made up, written as fastText writes them.

/// What a model is like.
#[derive(Clone)]
pub(crate) struct Sketch {
    /// 1 hierarchical softmax, 2 negative sampling, 3 softmax, 4 one-vs-all.
    pub(crate) loss: i32,
    pub(crate) words: Vec<String>,
    /// Labels with how often they were seen, the most frequent first.
    pub(crate) labels: Vec<(String, i64)>,
    pub(crate) columns: usize,
    pub(crate) buckets: usize,
    pub(crate) word_ngrams: i32,
    pub(crate) characters: (i32, i32),
    pub(crate) quantised: Option<Quantised>,
}

/// How the rows of a model are made shorter.
#[derive(Clone, Copy)]
pub(crate) struct Quantised {
    pub(crate) width: usize,
    pub(crate) norms: bool,
    pub(crate) output: bool,
    /// Every so many buckets one was kept; all if 0.
    pub(crate) kept: usize,
}

/// A model in the file and as plain numbers.
pub(crate) struct Written {
    pub(crate) bytes: Vec<u8>,
    pub(crate) input: Vec<Vec<f32>>,
    pub(crate) output: Vec<Vec<f32>>,
    /// Row of each bucket, behind the words.
    pub(crate) row_of: Vec<Option<usize>>,
}

/// Numbers that look like chance (`SplitMix64`).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    fn float(&mut self) -> f32 {
        let unit = f32::from(u16::try_from(self.next() >> 48).unwrap()) / 65_536.0;
        unit * 4.0 - 2.0
    }

    fn floats(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| self.float()).collect()
    }
}

impl Sketch {
    pub(crate) fn write(&self, seed: u64) -> Written {
        let mut numbers = Numbers(seed);
        let mut bytes = Vec::new();
        let header = [793_712_314, 12, int(self.columns), 5, 5, 1, 5, self.word_ngrams, self.loss];
        ints(&mut bytes, &header);
        ints(&mut bytes, &[3, int(self.buckets), self.characters.0, self.characters.1, 100]);
        bytes.extend(1e-4_f64.to_le_bytes());
        let kept: Vec<usize> = match self.quantised {
            Some(Quantised { kept, .. }) if 0 < kept => (0..self.buckets).step_by(kept).collect(),
            _ => (0..self.buckets).collect(),
        };
        let is_pruned = kept.len() < self.buckets;
        let size = self.words.len() + self.labels.len();
        ints(&mut bytes, &[int(size), int(self.words.len()), int(self.labels.len())]);
        bytes.extend(1_000_i64.to_le_bytes());
        bytes.extend(if is_pruned { i64::from(int(kept.len())) } else { -1 }.to_le_bytes());
        let words = self.words.iter().map(|word| (word, 9, 0));
        let labels = self.labels.iter().map(|(label, count)| (label, *count, 1));
        for (name, count, kind) in words.chain(labels) {
            bytes.extend(name.as_bytes());
            bytes.push(0);
            bytes.extend(i64::to_le_bytes(count));
            bytes.push(kind);
        }
        let mut row_of = vec![None; self.buckets];
        for (row, bucket) in kept.iter().enumerate() {
            row_of[*bucket] = Some(self.words.len() + row);
            if is_pruned {
                ints(&mut bytes, &[int(*bucket), int(row)]);
            }
        }
        let rows = self.words.len() + kept.len();
        bytes.push(self.quantised.is_some().into());
        let input = self.matrix(rows, self.quantised, &mut numbers, &mut bytes);
        let output = self.quantised.filter(|quantised| quantised.output);
        bytes.push(output.is_some().into());
        let output = self.matrix(self.labels.len(), output, &mut numbers, &mut bytes);
        Written { bytes, input, output, row_of }
    }

    fn matrix(
        &self,
        rows: usize,
        quantised: Option<Quantised>,
        numbers: &mut Numbers,
        out: &mut Vec<u8>,
    ) -> Vec<Vec<f32>> {
        let columns = self.columns;
        let size = |out: &mut Vec<u8>| {
            out.extend(i64::from(int(rows)).to_le_bytes());
            out.extend(i64::from(int(columns)).to_le_bytes());
        };
        let Some(Quantised { width, norms, .. }) = quantised else {
            size(out);
            let all: Vec<Vec<f32>> = (0..rows).map(|_| numbers.floats(columns)).collect();
            floats(out, &all.concat());
            return all;
        };
        let parts = columns.div_ceil(width);
        let last = columns - (parts - 1) * width;
        out.push(norms.into());
        size(out);
        ints(out, &[int(rows * parts)]);
        let codes: Vec<u8> = (0..rows * parts).map(|_| numbers.next().to_le_bytes()[0]).collect();
        out.extend(&codes);
        ints(out, &[int(columns), int(parts), int(width), int(last)]);
        let centroids = numbers.floats(256 * columns);
        floats(out, &centroids);
        let norm_codes: Vec<u8> = (0..rows).map(|_| numbers.next().to_le_bytes()[0]).collect();
        let norm_numbers = numbers.floats(256);
        if norms {
            out.extend(&norm_codes);
            ints(out, &[1, 1, 1, 1]);
            floats(out, &norm_numbers);
        }
        let row = |row: usize| {
            let norm = if norms { norm_numbers[usize::from(norm_codes[row])] } else { 1.0 };
            let part = |part: usize| {
                let table = &centroids[256 * part * width..];
                let width = if part + 1 == parts { last } else { width };
                let code = usize::from(codes[row * parts + part]);
                table[code * width..][..width].iter().map(move |number| number * norm)
            };
            (0..parts).flat_map(part).collect()
        };
        (0..rows).map(row).collect()
    }
}

fn int(number: usize) -> i32 {
    i32::try_from(number).unwrap()
}

fn ints(out: &mut Vec<u8>, numbers: &[i32]) {
    out.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
}

fn floats(out: &mut Vec<u8>, numbers: &[f32]) {
    out.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
}
