//! Gauges: rules that put numbers on one document.

use std::{fmt, marker::PhantomData};

use super::{
    Assets, Card, Derived, Document, Fingerprint, Judgement, OptionSet, OptionsError, Span,
    Support, Value,
    bound::merged_schema,
    options::{self, keys_of},
};

/// A rule that puts numbers on one document.
///
/// The two halves are separate on purpose: `measure` is slow and never sees a
/// limit, `judge` is instant and never sees the text. Measurements kept in the
/// ledger can therefore be judged again under new limits without the corpus.
pub trait Gauge: Sized + fmt::Debug + Send + Sync + 'static {
    /// Options that change what is measured.
    type Measuring: OptionSet;
    /// Options that only change the judgement. No key may also be a measuring key.
    type Limits: OptionSet;

    /// Identity, fields, source and guide.
    const CARD: &'static Card;

    /// Checks what the types of the options cannot express.
    fn new(measuring: Self::Measuring, limits: Self::Limits) -> Result<Self, OptionsError>;

    /// Documents it can speak about with its options.
    fn support(&self) -> Support {
        Self::CARD.support
    }

    /// Takes what it needs from the files that its options name. Called once, before
    /// anything is measured; a gauge that only judges is not given any.
    fn load(&mut self, _assets: &Assets) -> Result<(), OptionsError> {
        Ok(())
    }

    /// Where its one value comes from, if not from the text; `measure` is then never asked.
    fn derived(&self) -> Option<Derived> {
        None
    }

    /// Fills `out`, one slot per field of the card, all [`Value::Missing`] on entry.
    /// Must not depend on anything but the document and the measuring options.
    fn measure(&self, document: &Document<'_>, out: &mut [Value]);

    /// Compares measured values, in the order of the card's fields, with the limits.
    fn judge(&self, measured: &[Value]) -> Judgement;

    /// Appends the places in the text that were counted, in order.
    fn locate(&self, _document: &Document<'_>, _spans: &mut Vec<Span>) {}
}

/// A gauge whose option types are hidden, as the registry holds it.
pub trait AnyGauge: Send + Sync {
    /// Identity, fields, source and guide.
    fn card(&self) -> &'static Card;
    /// Schema of the option table.
    fn options_schema(&self) -> serde_json::Value;
    /// Makes the gauge ready to judge, and to measure if its options name no file; or reports
    /// every option that cannot be used.
    fn bind(&self, options: &toml::Table) -> Result<BoundGauge, Vec<OptionsError>>;
}

/// Makes a registry entry out of a [`Gauge`] type; holds nothing itself.
pub struct GaugeKind<G>(PhantomData<fn() -> G>);

impl<G> GaugeKind<G> {
    /// The entry.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "only used in constants")]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<G: Gauge> AnyGauge for GaugeKind<G> {
    fn card(&self) -> &'static Card {
        G::CARD
    }

    fn options_schema(&self) -> serde_json::Value {
        merged_schema(vec![schemars::schema_for!(G::Measuring), schemars::schema_for!(G::Limits)])
    }

    fn bind(&self, table: &toml::Table) -> Result<BoundGauge, Vec<OptionsError>> {
        let known = [keys_of::<G::Measuring>(), keys_of::<G::Limits>()].concat();
        let mut errors = options::unknown(table, &known);
        let measuring = options::read::<G::Measuring>(table).map_err(|e| errors.extend(e));
        let limits = options::read::<G::Limits>(table).map_err(|e| errors.extend(e));
        let (Ok(measuring), Ok(limits)) = (measuring, limits) else { return Err(errors) };
        if !errors.is_empty() {
            return Err(errors);
        }
        let measuring_fingerprint = Fingerprint::of(G::CARD, &measuring);
        let limits_fingerprint = Fingerprint::of(G::CARD, &limits);
        let gauge = G::new(measuring, limits).map_err(|error| vec![error])?;
        Ok(BoundGauge {
            card: G::CARD,
            measuring: measuring_fingerprint,
            limits: limits_fingerprint,
            gauge: Box::new(gauge),
        })
    }
}

/// A gauge with its options, ready to measure and judge.
#[derive(Debug)]
pub struct BoundGauge {
    card: &'static Card,
    measuring: Fingerprint,
    limits: Fingerprint,
    gauge: Box<dyn DynGauge>,
}

impl BoundGauge {
    /// Identity, fields, source and guide.
    #[must_use]
    pub fn card(&self) -> &'static Card {
        self.card
    }

    /// What decides the measured values.
    #[must_use]
    pub fn measuring(&self) -> &Fingerprint {
        &self.measuring
    }

    /// What decides the judgement, given the measured values.
    #[must_use]
    pub fn limits(&self) -> &Fingerprint {
        &self.limits
    }

    /// Makes a gauge whose options name files ready to measure.
    pub fn load(&mut self, assets: &Assets) -> Result<(), OptionsError> {
        self.gauge.load(assets)
    }

    /// See [`Gauge::derived`].
    #[must_use]
    pub fn derived(&self) -> Option<Derived> {
        self.gauge.derived()
    }

    /// See [`Gauge::measure`].
    pub fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        self.gauge.measure(document, out);
    }

    /// See [`Gauge::judge`].
    #[must_use]
    pub fn judge(&self, measured: &[Value]) -> Judgement {
        self.gauge.judge(measured)
    }

    /// See [`Gauge::locate`].
    #[must_use]
    pub fn locate(&self, document: &Document<'_>) -> Vec<Span> {
        let mut spans = Vec::new();
        self.gauge.locate(document, &mut spans);
        spans
    }
}

/// [`Gauge`] without its associated types.
trait DynGauge: fmt::Debug + Send + Sync {
    fn load(&mut self, assets: &Assets) -> Result<(), OptionsError>;
    fn derived(&self) -> Option<Derived>;
    fn measure(&self, document: &Document<'_>, out: &mut [Value]);
    fn judge(&self, measured: &[Value]) -> Judgement;
    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>);
}

impl<G: Gauge> DynGauge for G {
    fn load(&mut self, assets: &Assets) -> Result<(), OptionsError> {
        Gauge::load(self, assets)
    }

    fn derived(&self) -> Option<Derived> {
        Gauge::derived(self)
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        if document.supports(Gauge::support(self)) {
            Gauge::measure(self, document, out);
        }
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Gauge::judge(self, measured)
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        if document.supports(Gauge::support(self)) {
            Gauge::locate(self, document, spans);
        }
    }
}
