//! Panels: an observable that several targets share, over time or by day, with the published numbers
//! marked on it.

use super::PanelValues;
use super::marks::{band_style, median, tolerance_bar, unjudged, verdict, wide_band_style};
use crate::base::Tick;
use crate::report::axis::Axis;
use crate::report::svg::{
    CARD, Canvas, EDGE, HAIRLINE, OUTLINE, TEXT, TEXT_MUTED, TEXT_SOFT, WIDTH, shortened, text_width,
};
use crate::scenario::compile::Scenario;
use crate::scenario::schema::{Measure, Statement, Target};
use crate::study::hindcast::{Hindcast, Row, unweighted_quantile};

const GAP: f64 = 24.0;
const PANEL: (f64, f64) = ((WIDTH - 2.0 * EDGE - GAP) / 2.0, 300.0);
/// Approximate number of points in a curve.
const POINTS: u32 = 240;
/// Pixels by which the band with drawn figures is wider than that of luck, on each side of a day.
const WIDE_BY: f64 = 4.0;
/// The most days that a panel shows.
const DAYS_MAX: usize = 12;

/// The panels of a picture and the measures that they need.
#[derive(Debug, Default)]
pub struct Panels {
    panels: Vec<Panel>,
    measures: Vec<Measure>,
}

#[derive(Debug)]
struct Panel {
    title: String,
    under: String,
    unit: String,
    shows: Shows,
    /// Ids of targets, and the place of each on the horizontal axis.
    published: Vec<(String, f64)>,
    /// Index of its first measure.
    first: usize,
    /// The place of each of its values on the horizontal axis.
    places: Vec<f64>,
}

#[derive(Clone, Debug)]
enum Shows {
    /// Values at ticks.
    Curve,
    /// Changes over days, with their names.
    Days(Vec<String>),
}

impl Panels {
    /// One panel for each observable that two or more targets measure at single times or by day.
    pub fn from_targets(scenario: &Scenario, targets: &[Target]) -> Self {
        let mut panels = Self::default();
        let mut done: Vec<(&str, Option<&str>)> = Vec::new();
        for target in targets {
            let Some(key) = key(&target.measure) else { continue };
            let sharing: Vec<&Target> = targets.iter().filter(|other| self::key(&other.measure) == Some(key)).collect();
            if sharing.len() < 2 || done.contains(&key) {
                continue;
            }
            done.push(key);
            match key {
                (observable, None) => panels.add_curve(scenario, observable, &sharing),
                (observable, Some(region)) => panels.add_days(scenario, observable, region, &sharing),
            }
        }
        panels
    }

    /// Is there no panel, because targets share no observable?
    pub fn is_empty(&self) -> bool {
        self.panels.is_empty()
    }

    /// The measures that runs must take for the panels, each with the id of the panel's first target.
    pub fn measures(&self) -> impl Iterator<Item = (&str, &Measure)> {
        self.panels.iter().flat_map(|panel| {
            let measures = &self.measures[panel.first..panel.first + panel.places.len()];
            measures.iter().map(|measure| (panel.published[0].0.as_str(), measure))
        })
    }

    fn add_curve(&mut self, scenario: &Scenario, observable: &str, targets: &[&Target]) {
        let horizon = scenario.horizon.0;
        let every = horizon.div_ceil(POINTS).next_multiple_of(5);
        let ticks: Vec<u32> = (0..horizon).step_by(every as usize).chain([horizon]).collect();
        let published = targets.iter().filter_map(|target| match &target.measure {
            Measure::At(_, time) => {
                let tick = scenario.start.tick_of(time).expect("checked time");
                Some((target.id.clone(), f64::from(tick.0)))
            }
            _ => None,
        });
        self.panels.push(Panel {
            title: common_title(targets),
            under: observable.to_owned(),
            unit: targets[0].unit.clone(),
            shows: Shows::Curve,
            published: published.collect(),
            first: self.measures.len(),
            places: ticks.iter().map(|&tick| f64::from(tick)).collect(),
        });
        let at = |&tick: &u32| Measure::At(observable.to_owned(), scenario.start.iso(Tick(tick)));
        self.measures.extend(ticks.iter().map(at));
    }

    fn add_days(&mut self, scenario: &Scenario, observable: &str, region: &str, targets: &[&Target]) {
        let regions = &scenario.docs.world.regions;
        let region_doc = regions.iter().find(|entry| entry.id == region).expect("checked region");
        let local = |tick: u32, pattern: &str| scenario.start.format(Tick(tick), region_doc.utc_offset_min, pattern);
        let mut days: Vec<(String, String)> = Vec::new();
        let mut add = |tick: u32| {
            let date = local(tick, "%Y-%m-%d");
            if days.last().is_none_or(|(last, _)| *last != date) {
                days.push((date, local(tick, "%a %-d %b")));
            }
        };
        (0..scenario.horizon.0).step_by(60).for_each(&mut add);
        add(scenario.horizon.0.saturating_sub(1));
        let day_of_target = |target: &&Target| match &target.measure {
            Measure::OnDay(_, date, _) => days.iter().position(|(day, _)| day == date),
            _ => None,
        };
        let wanted: Vec<usize> = targets.iter().filter_map(day_of_target).collect();
        // A long run has more days than a panel: the published days and their neighbours are shown.
        let last = wanted.iter().max().map_or(0, |last| last + 2).min(days.len());
        let first = wanted.iter().min().map_or(0, |first| first.saturating_sub(1)).max(last.saturating_sub(DAYS_MAX));
        let place = |target: &&&Target| day_of_target(target).filter(|day| (first..last).contains(day));
        let published = targets.iter().filter_map(|target| Some((target.id.clone(), (place(&target)? - first) as f64)));
        self.panels.push(Panel {
            title: common_title(targets),
            under: format!("{observable}, by day in {}", region_doc.name),
            unit: targets[0].unit.clone(),
            published: published.collect(),
            shows: Shows::Days(days[first..last].iter().map(|(_, name)| name.clone()).collect()),
            first: self.measures.len(),
            places: (0..last - first).map(|day| day as f64).collect(),
        });
        let on = |(date, _): &(String, String)| Measure::OnDay(observable.to_owned(), date.clone(), region.to_owned());
        self.measures.extend(days[first..last].iter().map(on));
    }

    /// Draws all panels, two in a row; returns the height at which they end.
    pub(super) fn draw(
        &self,
        canvas: &mut Canvas,
        top: f64,
        scenario: &Scenario,
        found: &Hindcast,
        values: PanelValues,
    ) -> f64 {
        assert_eq!(values.luck.len(), self.measures.len(), "values of every measure of the panels");
        for (index, panel) in self.panels.iter().enumerate() {
            let corner = (EDGE + (index % 2) as f64 * (PANEL.0 + GAP), top + (index / 2) as f64 * (PANEL.1 + GAP));
            let is_alone = index.is_multiple_of(2) && index + 1 == self.panels.len();
            let width = if is_alone { WIDTH - 2.0 * EDGE } else { PANEL.0 };
            let of_panel = |values: &[Vec<f64>]| {
                let values = &values[panel.first..panel.first + panel.places.len()];
                let shares = |samples: &Vec<f64>| [0.05, 0.5, 0.95].map(|share| unweighted_quantile(samples, share));
                values.iter().map(shares).collect::<Vec<[f64; 3]>>()
            };
            let quantiles = Quantiles { luck: of_panel(values.luck), drawn: values.drawn.map(of_panel) };
            panel.draw(canvas, (corner, width), scenario, found, &quantiles);
        }
        top + self.panels.len().div_ceil(2) as f64 * (PANEL.1 + GAP) - GAP
    }
}

/// The 5th percentile, the median and the 95th percentile of each measure of a panel.
struct Quantiles {
    luck: Vec<[f64; 3]>,
    /// The same with drawn figures.
    drawn: Option<Vec<[f64; 3]>>,
}

impl Panel {
    fn draw(
        &self,
        canvas: &mut Canvas,
        (corner, width): ((f64, f64), f64),
        scenario: &Scenario,
        found: &Hindcast,
        quantiles: &Quantiles,
    ) {
        let rows: Vec<(&Row, f64)> = self
            .published
            .iter()
            .filter_map(|(id, place)| Some((found.rows.iter().find(|row| row.target.id == *id)?, *place)))
            .filter(|(row, _)| row.target.statement().is_some())
            .collect();
        let (x, y) = corner;
        canvas.rect(corner, (width, PANEL.1), &format!("rx='8' fill='{CARD}' stroke='{HAIRLINE}'"));
        canvas.text(
            x + 18.0,
            y + 28.0,
            &shortened(&self.title, 15.0, width - 36.0),
            "font-size='15' font-weight='600'",
            TEXT,
        );
        canvas.text(x + 18.0, y + 47.0, &shortened(&self.under, 12.0, width - 36.0), "font-size='12'", TEXT_MUTED);
        let row_values = rows.iter().flat_map(|(row, _)| [published(row), row.ends.0, row.ends.1]);
        let bottom = y + PANEL.1 - 36.0;
        let all = quantiles.luck.iter().chain(quantiles.drawn.iter().flatten()).flatten().copied();
        let vertical = Axis::around(all.chain(row_values), (bottom, y + 70.0));
        let labels: Vec<(f64, String)> =
            vertical.ticks().iter().map(|&tick| (vertical.place(tick), vertical.label(tick, &self.unit))).collect();
        let widest = labels.iter().map(|(_, label)| text_width(label, 11.0)).fold(0.0, f64::max);
        let (left, right) = (x + 26.0 + widest, x + width - 18.0);
        for (height, label) in &labels {
            canvas.line((left, *height), (right, *height), &format!("stroke='{HAIRLINE}'"));
            canvas.text(left - 8.0, height + 4.0, label, "font-size='11' text-anchor='end'", TEXT_SOFT);
        }
        canvas.line((left, bottom), (right, bottom), &format!("stroke='{OUTLINE}'"));
        let horizontal = match &self.shows {
            Shows::Curve => self.curve(canvas, scenario, (left, right, bottom), &vertical, quantiles),
            Shows::Days(names) => days(canvas, names, (left, right, bottom), &vertical, quantiles),
        };
        for (row, place) in rows {
            let at = horizontal.place(place);
            tolerance_bar(canvas, at, (vertical.place(row.ends.1), vertical.place(row.ends.0)));
            let place = (at, vertical.place(published(row)));
            if row.target.is_judged() { verdict(canvas, place, row.is_hit) } else { unjudged(canvas, place) }
        }
    }

    fn curve(
        &self,
        canvas: &mut Canvas,
        scenario: &Scenario,
        (left, right, bottom): (f64, f64, f64),
        vertical: &Axis,
        quantiles: &Quantiles,
    ) -> Axis {
        let horizon = scenario.horizon.0;
        let horizontal = Axis { from: 0.0, to: f64::from(horizon.max(1)), ends: (left, right) };
        for (tick, label) in times(scenario, right - left) {
            let at = horizontal.place(f64::from(tick));
            canvas.line((at, bottom), (at, bottom + 5.0), &format!("stroke='{OUTLINE}'"));
            canvas.text(at, bottom + 20.0, &label, "font-size='11' text-anchor='middle'", TEXT_SOFT);
        }
        let along = |quantiles: &[[f64; 3]], which: usize| -> Vec<(f64, f64)> {
            let known =
                self.places.iter().zip(quantiles).filter(|(_, three)| three.iter().all(|value| value.is_finite()));
            known.map(|(&place, three)| (horizontal.place(place), vertical.place(three[which]))).collect()
        };
        let band = |quantiles: &[[f64; 3]]| -> Vec<(f64, f64)> {
            along(quantiles, 0).into_iter().chain(along(quantiles, 2).into_iter().rev()).collect()
        };
        if let Some(drawn) = &quantiles.drawn {
            canvas.polygon(&band(drawn), &wide_band_style());
        }
        canvas.polygon(&band(&quantiles.luck), &band_style());
        canvas.polyline(&along(&quantiles.luck, 1), &median());
        horizontal
    }
}

/// The published number, bound, or middle of the interval.
fn published(row: &Row) -> f64 {
    row.target.statement().map_or(f64::NAN, Statement::middle)
}

fn days(
    canvas: &mut Canvas,
    names: &[String],
    (left, right, bottom): (f64, f64, f64),
    vertical: &Axis,
    quantiles: &Quantiles,
) -> Axis {
    let slot = (right - left) / names.len() as f64;
    let ends = (left + slot / 2.0, right - slot / 2.0);
    let horizontal = Axis { from: 0.0, to: (names.len() as f64 - 1.0).max(1.0), ends };
    let half = (slot * 0.32).min(26.0);
    // Names that do not fit side by side lose their weekdays.
    let is_wide_enough = names.iter().all(|name| text_width(name, 11.0) < slot);
    let is_known = |three: &&[f64; 3]| three.iter().all(|value| value.is_finite());
    for (day, name) in names.iter().enumerate() {
        let at = horizontal.place(day as f64);
        let name = if is_wide_enough { name.as_str() } else { name.split_once(' ').map_or("", |(_, rest)| rest) };
        canvas.text(at, bottom + 20.0, name, "font-size='11' text-anchor='middle'", TEXT_SOFT);
        if let Some(drawn) = quantiles.drawn.as_ref().and_then(|drawn| drawn.get(day)).filter(is_known) {
            let [low, _, high] = drawn.map(|value| vertical.place(value));
            let half = half + WIDE_BY;
            canvas.rect((at - half, high), (2.0 * half, (low - high).max(1.0)), &wide_band_style());
        }
        if let Some(luck) = quantiles.luck.get(day).filter(is_known) {
            let [low, middle, high] = luck.map(|value| vertical.place(value));
            canvas.rect((at - half, high), (2.0 * half, (low - high).max(1.0)), &band_style());
            canvas.line((at - half, middle), (at + half, middle), &median());
        }
    }
    horizontal
}

/// The observable and, for days, the region of a measure that a panel can show.
fn key(measure: &Measure) -> Option<(&str, Option<&str>)> {
    match measure {
        Measure::At(observable, _) => Some((observable, None)),
        Measure::OnDay(observable, _, region) => Some((observable, Some(region))),
        _ => None,
    }
}

/// Round times, as many as there is space for their labels.
fn times(scenario: &Scenario, width: f64) -> Vec<(u32, String)> {
    const LABEL_WIDTH: f64 = 66.0;
    let horizon = scenario.horizon.0;
    let count_max = (width / LABEL_WIDTH).floor().max(1.0) as u32;
    let steps = [60, 120, 180, 360, 720, 1440, 2880, 10_080];
    let step = steps.into_iter().find(|step| horizon / step <= count_max).unwrap_or(horizon.max(1));
    let is_round = |tick: &u32| (scenario.start_minute_of_week + tick).is_multiple_of(step);
    let label = |tick: u32| {
        let is_midnight = (scenario.start_minute_of_week + tick).is_multiple_of(1440);
        (tick, scenario.start.format(Tick(tick), 0, if is_midnight { "%a %-d %b" } else { "%H:%M" }))
    };
    (0..=horizon).filter(is_round).map(label).collect()
}

/// The words with which the titles of all targets begin; their topic if the titles share fewer than two words.
fn common_title(targets: &[&Target]) -> String {
    const HANGING: [&str; 14] =
        ["on", "at", "by", "of", "in", "the", "after", "from", "to", "until", "and", "with", "for", "as"];
    let words = |target: &Target| target.title.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let mut common = words(targets[0]);
    for target in targets {
        let same = common.iter().zip(words(target)).take_while(|(one, other)| **one == *other).count();
        common.truncate(same);
    }
    while let Some(last) = common.last_mut() {
        *last = last.trim_end_matches([',', ':', ';', '–', '-']).to_owned();
        if !last.is_empty() && !HANGING.contains(&last.as_str()) {
            break;
        }
        common.pop();
    }
    if common.len() < 2 { targets[0].topic.clone() } else { common.join(" ") }
}
