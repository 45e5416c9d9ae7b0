//! The look: colours, typefaces, type scale and spacing, installed once into egui's context.
//!
//! Colours of states are Okabe and Ito's categories (Color Universal Design, 2008), lightened a
//! little for a dark ground; colour alone never shows a state, see `widgets::shapes`.

use std::sync::Arc;

use egui::{
    Color32, Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Id, Margin, RichText, Stroke,
    TextStyle, Theme, Vec2,
};

use skrifa::{FontRef, MetadataProvider};

use crate::base::palette::{self, Rgb};
use crate::exercise::view::LevelState;
use crate::scenario::schema::Standing;

/// A colour of the palette as egui has it.
const fn color(Rgb(red, green, blue): Rgb) -> Color32 {
    Color32::from_rgb(red, green, blue)
}

/// The background of the window.
pub const GROUND: Color32 = color(palette::GROUND);
/// Side panels and bars.
pub const PANEL: Color32 = color(palette::PANEL);
/// Cards and rows on a panel.
pub const CARD: Color32 = Color32::from_rgb(0x15, 0x21, 0x30);
/// A card under the pointer, a quiet button.
pub const RAISED: Color32 = color(palette::RAISED);
/// A quiet button under the pointer.
pub const RAISED_HOVER: Color32 = Color32::from_rgb(0x27, 0x3a, 0x50);
pub const HAIRLINE: Color32 = color(palette::HAIRLINE);
pub const OUTLINE: Color32 = color(palette::OUTLINE);

pub const TEXT: Color32 = color(palette::TEXT);
pub const TEXT_SOFT: Color32 = color(palette::TEXT_SOFT);
pub const TEXT_MUTED: Color32 = color(palette::TEXT_MUTED);
pub const TEXT_ON_ACCENT: Color32 = Color32::from_rgb(0x06, 0x17, 0x24);

pub const ACCENT: Color32 = color(palette::ACCENT);
pub const ACCENT_HOVER: Color32 = Color32::from_rgb(0x7a, 0xc6, 0xf1);
/// The background of a selected item.
pub const ACCENT_DIM: Color32 = Color32::from_rgb(0x17, 0x37, 0x4d);
/// The EXERCISE mark.
pub const EXERCISE: Color32 = color(palette::EXERCISE);
pub const EXERCISE_INK: Color32 = color(palette::EXERCISE_INK);

pub const WORKING: Color32 = color(palette::WORKING);
pub const DEGRADED: Color32 = color(palette::DEGRADED);
pub const SEVERE: Color32 = color(palette::SEVERE);
pub const FAILED: Color32 = color(palette::FAILED);
pub const UNTOUCHED: Color32 = color(palette::UNTOUCHED);

/// Colours of curves, in order.
pub const CURVES: [Color32; 6] = [
    ACCENT,
    Color32::from_rgb(0xf0, 0xb4, 0x2a),
    Color32::from_rgb(0x16, 0xb0, 0x86),
    Color32::from_rgb(0xd5, 0x8a, 0xb8),
    Color32::from_rgb(0xe8, 0x67, 0x1b),
    Color32::from_rgb(0xc9, 0xc0, 0x5a),
];

/// Colours of runs in one plot: yours, do nothing, history, par, the run before.
pub const RUNS: [Color32; 5] = [
    ACCENT,
    Color32::from_rgb(0xd5, 0x8a, 0xb8),
    Color32::from_rgb(0xf0, 0xb4, 0x2a),
    WORKING,
    Color32::from_rgb(0xa9, 0xae, 0xea),
];

/// Colours of host states, in the order of `view::HOST_STATES`.
pub const HOSTS: [Color32; 6] = [WORKING, DEGRADED, FAILED, ACCENT, Color32::from_rgb(0x8b, 0x93, 0xd6), SEVERE];

pub const STANDINGS_IN_ORDER: [Standing; 3] = [Standing::Documented, Standing::Estimated, Standing::Invented];

/// Words and colours of the standings, in the order of the figures.
pub const STANDINGS: [(&str, Color32); 3] =
    [("documented", WORKING), ("estimated", ACCENT), ("invented", Color32::from_rgb(0x8a, 0x96, 0xa5))];

/// Sea, land, coasts and borders under the panels.
pub mod ground {
    use egui::Color32;

    use super::{color, palette};

    /// The sea: a little lighter than the panels, so that the map looks open.
    pub const SEA: Color32 = color(palette::SEA);
    pub const LAND: Color32 = color(palette::LAND);
    pub const COAST: Color32 = Color32::from_rgb(0x55, 0x6f, 0x87);
    pub const BORDER: Color32 = Color32::from_rgba_unmultiplied_const(0x8f, 0xa9, 0xc0, 0x38);
    pub const GRATICULE: Color32 = Color32::from_rgba_unmultiplied_const(0x86, 0xb0, 0xd0, 0x10);
    /// The shade over the repeated maps beyond ±180°, which have no marks.
    pub const VEIL: Color32 = Color32::from_rgba_unmultiplied_const(0x0a, 0x11, 0x1a, 0xa0);
    pub const NIGHT: Color32 = Color32::from_rgb(0x03, 0x05, 0x0b);
}

pub const RADIUS: CornerRadius = CornerRadius::same(8);
pub const RADIUS_SMALL: CornerRadius = CornerRadius::same(5);

/// The colour of a state.
pub fn state_color(state: LevelState) -> Color32 {
    match state {
        LevelState::Working => WORKING,
        LevelState::Degraded => DEGRADED,
        LevelState::Severe => SEVERE,
        LevelState::Failed => FAILED,
        LevelState::Untouched => UNTOUCHED,
    }
}

/// The word for a state, lower case, as in `Delta Air Lines, failed`.
pub fn state_word(state: LevelState) -> &'static str {
    match state {
        LevelState::Working => "working",
        LevelState::Degraded => "degraded",
        LevelState::Severe => "severe",
        LevelState::Failed => "failed",
        LevelState::Untouched => "not affected",
    }
}

/// The type scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Display,
    Title,
    Heading,
    /// Body size with weight.
    Strong,
    Body,
    /// Small size with weight.
    SmallStrong,
    Small,
    Caption,
}

impl Type {
    pub fn font(self) -> FontId {
        let (size, family) = match self {
            Type::Display => (42.0, "semibold"),
            Type::Title => (25.0, "semibold"),
            Type::Heading => (17.0, "semibold"),
            Type::Strong => (14.0, "medium"),
            Type::Body => (14.0, ""),
            Type::SmallStrong => (12.5, "medium"),
            Type::Small => (12.5, ""),
            Type::Caption => (11.5, "medium"),
        };
        let family = if family.is_empty() { FontFamily::Proportional } else { FontFamily::Name(family.into()) };
        FontId::new(size, family)
    }

    pub fn rich(self, text: impl Into<String>, color: Color32) -> RichText {
        RichText::new(text).font(self.font()).color(color)
    }
}

/// Sets typefaces and style at the first call; true once the typefaces are in force, which is from
/// the pass after that.
pub fn install(ctx: &Context) -> bool {
    let key = Id::new("blackstart theme");
    let now = ctx.cumulative_pass_nr();
    match ctx.data(|data| data.get_temp::<u64>(key)) {
        Some(since) => since < now,
        None => {
            ctx.set_fonts(fonts(&[]));
            ctx.set_theme(Theme::Dark);
            ctx.all_styles_mut(style);
            // The size of the text is chosen by `shortcuts` and fitted by `shell`.
            ctx.options_mut(|options| options.zoom_with_keyboard = false);
            ctx.data_mut(|data| data.insert_temp(key, now));
            false
        }
    }
}

const REGULAR: &[u8] = include_bytes!("../../assets/fonts/Inter-Regular.otf");
/// Signs that egui ships where its own fonts are built in.
const SIGNS: [&str; 2] = ["NotoEmoji-Regular", "emoji-icon-font"];

/// Does a shipped typeface have a glyph for the letter?
pub fn has_letter(letter: char) -> bool {
    let has = |data: &[u8]| FontRef::new(data).is_ok_and(|font| font.charmap().map(letter).is_some());
    let defaults = FontDefinitions::default();
    has(REGULAR) || SIGNS.iter().filter_map(|name| defaults.font_data.get(*name)).any(|font| has(&font.font))
}

/// The typefaces: Inter in three weights, then signs, then fonts of the system in the order given.
pub fn fonts(system: &[(String, Arc<FontData>)]) -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    let mut defaults = FontDefinitions::default();
    let signs = SIGNS.iter().filter_map(|name| Some(((*name).to_owned(), defaults.font_data.remove(*name)?)));
    let others: Vec<(String, Arc<FontData>)> = signs.chain(system.iter().cloned()).collect();
    let chain = |name: &str| -> Vec<String> {
        std::iter::once(name.to_owned()).chain(others.iter().map(|(name, _)| name.clone())).collect()
    };
    let files: [(&str, &'static [u8]); 3] = [
        ("regular", REGULAR),
        ("medium", include_bytes!("../../assets/fonts/Inter-Medium.otf")),
        ("semibold", include_bytes!("../../assets/fonts/Inter-SemiBold.otf")),
    ];
    for (name, bytes) in files {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
        fonts.families.insert(FontFamily::Name(name.into()), chain(name));
    }
    fonts.families.insert(FontFamily::Proportional, chain("regular"));
    fonts.families.insert(FontFamily::Monospace, chain("regular"));
    fonts.font_data.extend(others);
    fonts
}

fn style(style: &mut egui::Style) {
    style.text_styles = [
        (TextStyle::Small, Type::Small.font()),
        (TextStyle::Body, Type::Body.font()),
        (TextStyle::Button, Type::Strong.font()),
        (TextStyle::Heading, Type::Heading.font()),
        (TextStyle::Monospace, Type::Body.font()),
    ]
    .into();
    style.spacing.item_spacing = Vec2::new(8.0, 8.0);
    style.spacing.button_padding = Vec2::new(12.0, 6.0);
    style.spacing.interact_size = Vec2::new(24.0, 18.0);
    style.spacing.slider_width = 220.0;
    style.spacing.slider_rail_height = 6.0;
    style.spacing.tooltip_width = 340.0;
    style.spacing.menu_margin = Margin::same(10);
    style.spacing.scroll.bar_width = 6.0;
    style.spacing.scroll.bar_outer_margin = 2.0;
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.25;
    visuals(&mut style.visuals);
}

fn visuals(visuals: &mut egui::Visuals) {
    *visuals = egui::Visuals::dark();
    visuals.override_text_color = Some(TEXT);
    visuals.panel_fill = PANEL;
    visuals.window_fill = PANEL;
    visuals.window_stroke = Stroke::new(1.0, OUTLINE);
    visuals.window_corner_radius = CornerRadius::same(12);
    visuals.menu_corner_radius = RADIUS;
    visuals.extreme_bg_color = GROUND;
    visuals.text_edit_bg_color = Some(GROUND);
    visuals.faint_bg_color = CARD;
    visuals.hyperlink_color = ACCENT;
    visuals.selection.bg_fill = ACCENT_DIM;
    visuals.selection.stroke = Stroke::new(1.5, ACCENT);
    visuals.slider_trailing_fill = true;
    visuals.popup_shadow.color = Color32::from_black_alpha(120);
    visuals.window_shadow.color = Color32::from_black_alpha(140);
    let widgets = &mut visuals.widgets;
    for (widget, fill, outline) in [
        (&mut widgets.noninteractive, PANEL, HAIRLINE),
        (&mut widgets.inactive, RAISED, OUTLINE),
        (&mut widgets.hovered, RAISED_HOVER, ACCENT),
        (&mut widgets.active, ACCENT_DIM, ACCENT),
        (&mut widgets.open, RAISED, OUTLINE),
    ] {
        widget.bg_fill = fill;
        widget.weak_bg_fill = fill;
        widget.bg_stroke = Stroke::new(1.0, outline);
        widget.corner_radius = RADIUS_SMALL;
        widget.expansion = 0.0;
    }
}
