//! Screenshots, judged by their pixels, with the labels that were on the screen.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

use serde_json::Value;

/// A decoded screenshot.
pub struct Picture {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl Picture {
    pub fn read(path: &Path) -> Self {
        let file = File::open(path).unwrap_or_else(|error| panic!("{error}: {}", path.display()));
        let mut reader = png::Decoder::new(BufReader::new(file)).read_info().expect("a PNG file");
        let mut rgb = vec![0; reader.output_buffer_size().expect("a size")];
        let info = reader.next_frame(&mut rgb).expect("a picture");
        assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Rgb, png::BitDepth::Eight));
        Self { width: info.width as usize, height: info.height as usize, rgb }
    }

    fn pixels(&self) -> impl Iterator<Item = [u8; 3]> + '_ {
        self.rgb.chunks_exact(3).map(|pixel| [pixel[0], pixel[1], pixel[2]])
    }

    pub fn share(&self, is_counted: impl Fn([u8; 3]) -> bool) -> f64 {
        self.pixels().filter(|pixel| is_counted(*pixel)).count() as f64 / (self.width * self.height) as f64
    }

    pub fn share_different(&self, other: &Self) -> f64 {
        assert_eq!((self.width, self.height), (other.width, other.height));
        let far = |a: [u8; 3], b: [u8; 3]| (0..3).any(|channel| 8 < a[channel].abs_diff(b[channel]));
        let count = self.pixels().zip(other.pixels()).filter(|(a, b)| far(*a, *b)).count();
        count as f64 / (self.width * self.height) as f64
    }

    /// The colours in a rectangle (left, top, right, bottom), each once.
    fn colours(&self, [left, top, right, bottom]: [usize; 4]) -> Vec<[u8; 3]> {
        let row = |y: usize| self.rgb[3 * (y * self.width + left)..3 * (y * self.width + right)].chunks_exact(3);
        let mut colours: Vec<[u8; 3]> =
            (top..bottom).flat_map(row).map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
        colours.sort_unstable();
        colours.dedup();
        colours
    }

    /// Asserts that the picture is not empty and has letters.
    pub fn assert_drawn(&self, name: &str, size: [u32; 2]) {
        assert_eq!([self.width as u32, self.height as u32], size, "{name}");
        let colours = self.colours([0, 0, self.width, self.height]);
        assert!(60 < colours.len(), "{name} has {} colours", colours.len());
        let text = self.share(|[r, g, b]| 200 < r && 200 < g && 200 < b);
        assert!(0.0005 < text, "{name} has {text} of its pixels as bright as text");
        let dark = self.share(|[r, g, b]| r < 60 && g < 70 && b < 90);
        assert!(0.4 < dark, "{name} is not on a dark ground: {dark}");
    }

    /// Asserts that a part of the screen has a place within the picture and is not empty.
    pub fn assert_part(&self, name: &str, labels: &Labels, part: &str) {
        let rect = labels.rect(part).unwrap_or_else(|| panic!("{name} lacks `{part}`; it has {}", labels.names()));
        let [left, top, right, bottom] = rect;
        let is_within = 0 <= left && 0 <= top && right <= self.width as i64 && bottom <= self.height as i64;
        assert!(is_within && left < right && top < bottom, "`{part}` is at {rect:?} in {name}");
        let colours = self.colours(rect.map(|edge| edge as usize)).len();
        assert!(3 < colours, "`{part}` has {colours} colours at {rect:?} in {name}: nothing is drawn there");
    }
}

/// Labels with their places in window pixels, from the file of the automation.
pub struct Labels(Vec<Value>);

impl Labels {
    pub fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{error}: {}", path.display()));
        Self(serde_json::from_str(&text).expect("a list in JSON"))
    }

    /// Left, top, right and bottom of the label that equals the given text, or of the uppermost one that begins with it.
    pub fn rect(&self, label: &str) -> Option<[i64; 4]> {
        let text = |entry: &Value| entry["text"].as_str().map(str::to_owned).unwrap_or_default();
        let exact = self.0.iter().find(|entry| text(entry) == label);
        let top = |entry: &&Value| entry["rect_px"][1].as_i64();
        let beginning = self.0.iter().filter(|entry| text(entry).starts_with(label)).min_by_key(top);
        let entry = exact.or(beginning)?;
        let edges: Vec<i64> = entry["rect_px"].as_array()?.iter().filter_map(Value::as_i64).collect();
        edges.try_into().ok()
    }

    fn names(&self) -> String {
        self.0.iter().filter_map(|entry| entry["text"].as_str()).collect::<Vec<_>>().join(" | ")
    }
}
