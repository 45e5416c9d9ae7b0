//! Axes of pictures: round steps, and the place of a value on a line.

/// Maps values to places on a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    pub from: f64,
    pub to: f64,
    /// The places of `from` and `to`.
    pub ends: (f64, f64),
}

impl Axis {
    /// An axis around values that ends at round numbers. It begins at 0 if the values lie near 0.
    pub fn around(values: impl Iterator<Item = f64>, ends: (f64, f64)) -> Self {
        let finite = values.filter(|value| value.is_finite());
        let (low, high) =
            finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
        // A tolerance around 0 extends slightly below 0; the axis need not show that part.
        let is_near_0 = -0.05 * high <= low && low < 0.6 * high;
        let low = if is_near_0 { 0.0 } else { low };
        let high = if low < high { high } else { low + low.abs().max(1.0) };
        let step = round_step(high - low);
        Self { from: (low / step + 1e-9).floor() * step, to: (high / step - 1e-9).ceil() * step, ends }
    }

    /// The place of a value; a value beyond an end has the place of that end.
    pub fn place(&self, value: f64) -> f64 {
        let part = ((value - self.from) / (self.to - self.from)).clamp(0.0, 1.0);
        self.ends.0 + part * (self.ends.1 - self.ends.0)
    }

    /// Round values along the axis.
    pub fn ticks(&self) -> Vec<f64> {
        let step = round_step(self.to - self.from);
        let count = ((self.to - self.from) / step + 1e-9).floor() as u32;
        (0..=count).map(|at| self.from + f64::from(at) * step).collect()
    }

    /// A tick as text.
    pub fn label(&self, tick: f64, unit: &str) -> String {
        let step = round_step(self.to - self.from);
        if unit == "share" {
            let places = usize::from(step < 0.0099) + usize::from(step < 0.00099);
            return format!("{:.places$}\u{a0}%", tick * 100.0);
        }
        let tick = if tick.abs() < step * 1e-6 { 0.0 } else { tick };
        crate::base::words::figure(tick, unit)
    }
}

/// A round step of about a fifth of a span.
fn round_step(span: f64) -> f64 {
    let rough = span / 5.0;
    let ten = 10f64.powf(rough.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0];
    steps.iter().map(|factor| factor * ten).find(|step| rough <= *step * 1.000_001).unwrap_or(10.0 * ten)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        let check = |values: [f64; 2], unit: &str, expected: &[&str]| {
            let axis = Axis::around(values.into_iter(), (0.0, 1.0));
            let labels: Vec<String> = axis.ticks().iter().map(|&tick| axis.label(tick, unit)).collect();
            assert_eq!(labels, expected, "{values:?}");
        };
        check([3.0, 1207.0], "flights", &["0", "250", "500", "750", "1,000", "1,250"]);
        check([-20.0, 1500.0], "flights", &["0", "500", "1,000", "1,500"]);
        check([0.91, 0.99], "share", &["90\u{a0}%", "92\u{a0}%", "94\u{a0}%", "96\u{a0}%", "98\u{a0}%", "100\u{a0}%"]);
        check([-4.0, 5.0], "h", &["−4", "−2", "0", "2", "4", "6"]);
    }
}
