//! A model of two languages, from sentences written here.

use assay_learn::{
    corpus::Row,
    judge::judge,
    recipe::{Recipe, make},
    train::Effort,
};
use assay_operators::linear::language::Languages;

const ENGLISH: [&str; 8] = [
    "The tide went out before dawn and the boats lay in the mud.",
    "Nobody knew when the water would come back to the harbour.",
    "We waited on the wall and watched the lights in the distance.",
    "There was a wind from the sea, and it tasted of salt.",
    "She asked whether they had brought the nets with them.",
    "What the fishermen said about the weather was never wrong.",
    "They would not leave before the others had come home.",
    "The children threw stones into the pools that were left.",
];
const GERMAN: [&str; 8] = [
    "Vor der Dämmerung lief das Wasser ab, und die Boote lagen im Schlick.",
    "Niemand wusste, wann die Flut in den Hafen zurückkehren würde.",
    "Wir warteten auf der Mauer und sahen die Lichter in der Ferne.",
    "Vom Meer her wehte ein Wind, der nach Salz schmeckte.",
    "Sie fragte, ob sie die Netze mitgebracht hätten.",
    "Was die Fischer über das Wetter sagten, war niemals falsch.",
    "Sie wollten nicht gehen, bevor die anderen zu Hause waren.",
    "Die Kinder warfen Steine in die Pfützen, die geblieben waren.",
];

fn corpus() -> Vec<Row> {
    let rows = |lang: &'static str, texts: [&'static str; 8]| {
        texts.into_iter().map(move |text| Row {
            text: text.to_owned(),
            lang: lang.to_owned(),
            source: "harbour".to_owned(),
        })
    };
    rows("en", ENGLISH).chain(rows("de", GERMAN)).collect()
}

fn recipe(seed: i32) -> Recipe {
    Recipe { samples: 2000, buckets: 256, effort: Effort { epochs: 5, rate: 0.5, seed } }
}

#[test]
fn the_same_corpus_gives_the_same_bytes() {
    let first = make(&corpus(), &[], &recipe(1)).unwrap();
    assert!(first == make(&corpus(), &[], &recipe(1)).unwrap());
    assert!(first != make(&corpus(), &[], &recipe(2)).unwrap(), "the seed does nothing");
}

#[test]
fn what_was_learnt_holds_for_other_sentences() {
    let bytes = make(&corpus(), &[], &recipe(1)).unwrap();
    let model = Languages::parse(&bytes).unwrap();
    let language = |text| model.read(text, 8192).unwrap().verdict.language;
    assert_eq!(language("The water was back before they had come to the wall."), "en");
    assert_eq!(language("Die Boote lagen auf der Seite, und niemand wollte warten."), "de");
    assert_eq!(language("Τα καράβια έμειναν στη λάσπη."), "el");
    assert_eq!(model.read(" \n", 8192), None);
}

#[test]
fn grams_say_for_which_language_they_speak() {
    let bytes = make(&corpus(), &[], &recipe(1)).unwrap();
    let model = Languages::parse(&bytes).unwrap();
    let text = "the und";
    let told = model.contributions(text, "en").unwrap();
    let sum = |word: &str| -> f64 {
        told.iter().filter(|(range, _)| &text[range.clone()] == word).map(|(_, told)| told).sum()
    };
    assert!(sum("und") < 0.0 && 0.0 < sum("the"), "{told:?}");
    assert_eq!(model.contributions(text, "fi"), None);
}

#[test]
fn answers_are_counted_by_source_and_language() {
    let bytes = make(&corpus(), &[], &recipe(1)).unwrap();
    let model = Languages::parse(&bytes).unwrap();
    let scores = judge(&model, &corpus(), 8192);
    let score = &scores[&("harbour".to_owned(), "de".to_owned())];
    assert_eq!((score.count, score.right), (8, 8));
    assert!(score.calibration_error() < 0.5);
}
