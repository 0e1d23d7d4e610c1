//! Speed of signing documents by their passages, and of cutting them.

#![expect(clippy::disallowed_methods, reason = "texts may be given")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot start has nothing to report")]

use std::hint::black_box;

use assay_operators::{
    contract::{Cut, Unit, Workspace},
    duplicate::shared::Cutter,
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

use crate::corpora::{bytes, corpora};

#[path = "../tests/support/corpora.rs"]
mod corpora;

criterion_group!(benches, shared_passages);
criterion_main!(benches);

fn shared_passages(criterion: &mut Criterion) {
    for (name, corpus) in corpora() {
        let mut group = criterion.benchmark_group(format!("shared_passages/{name}"));
        group.throughput(Throughput::Bytes(bytes(&corpus)));
        for (unit, length) in
            [(Unit::Paragraphs, 1), (Unit::Lines, 1), (Unit::Sentences, 3), (Unit::Words, 50)]
        {
            let cut = Cut { unit, length, characters: 40 };
            let (mut workspace, mut cutter) = (Workspace::new(), Cutter::default());
            let mut numbers = Vec::new();
            group.bench_function(format!("sign {unit:?}"), |b| {
                b.iter(|| {
                    for text in &corpus {
                        numbers.clear();
                        cutter.sign(&cut, &workspace.open_text(text), &mut numbers);
                        black_box(numbers.len());
                    }
                });
            });
            group.bench_function(format!("sign and cut {unit:?}"), |b| {
                b.iter(|| {
                    for text in &corpus {
                        numbers.clear();
                        let document = workspace.open_text(text);
                        cutter.sign(&cut, &document, &mut numbers);
                        black_box(cutter.shared(&cut, &document, &numbers).len());
                    }
                });
            });
        }
        group.finish();
    }
}
