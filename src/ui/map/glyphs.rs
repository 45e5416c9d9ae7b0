//! A sign for each kind of organisation, simple enough to read at the size of a letter.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2};

use crate::scenario::schema::Glyph;

/// Draws a sign within a circle of `radius`.
pub fn paint_glyph(painter: &Painter, glyph: Glyph, center: Pos2, radius: f32, color: Color32) {
    let pen = Pen { painter, center, radius, color };
    match glyph {
        Glyph::Hospital | Glyph::Practice | Glyph::Pharmacy | Glyph::Emergency => care(&pen, glyph),
        Glyph::Airline | Glyph::Airport | Glyph::Transport => travel(&pen, glyph),
        Glyph::Bank | Glyph::Market | Glyph::Retail | Glyph::Industry => trade(&pen, glyph),
        Glyph::Broadcaster | Glyph::Government | Glyph::Education | Glyph::ItSupplier => public(&pen, glyph),
    }
}

struct Pen<'a> {
    painter: &'a Painter,
    center: Pos2,
    radius: f32,
    color: Color32,
}

impl Pen<'_> {
    fn place(&self, x: f32, y: f32) -> Pos2 {
        self.center + Vec2::new(x, y) * self.radius
    }

    fn stroke(&self) -> Stroke {
        Stroke::new((self.radius * 0.28).max(1.1), self.color)
    }

    fn open(&self, points: &[(f32, f32)]) {
        let points = points.iter().map(|(x, y)| self.place(*x, *y)).collect();
        self.painter.line(points, self.stroke());
    }

    fn solid(&self, points: &[(f32, f32)]) {
        let points = points.iter().map(|(x, y)| self.place(*x, *y)).collect();
        self.painter.add(Shape::convex_polygon(points, self.color, Stroke::NONE));
    }

    fn rect(&self, x: f32, y: f32, width: f32, height: f32) {
        let rect = Rect::from_center_size(self.place(x, y), Vec2::new(width, height) * self.radius);
        self.painter.rect_filled(rect, self.radius * 0.1, self.color);
    }

    fn frame(&self, x: f32, y: f32, width: f32, height: f32) {
        let rect = Rect::from_center_size(self.place(x, y), Vec2::new(width, height) * self.radius);
        self.painter.rect_stroke(rect, self.radius * 0.15, self.stroke(), StrokeKind::Middle);
    }
}

fn care(pen: &Pen<'_>, glyph: Glyph) {
    match glyph {
        Glyph::Hospital => {
            pen.rect(0.0, 0.0, 0.62, 1.9);
            pen.rect(0.0, 0.0, 1.9, 0.62);
        }
        Glyph::Practice => {
            pen.painter.circle_filled(pen.place(0.0, -0.5), pen.radius * 0.42, pen.color);
            pen.solid(&[(-0.8, 0.95), (-0.55, 0.2), (0.0, 0.05), (0.55, 0.2), (0.8, 0.95)]);
        }
        Glyph::Pharmacy => {
            pen.open(&[(-0.65, 0.65), (0.65, -0.65)]);
            pen.painter.circle_filled(pen.place(-0.5, 0.5), pen.radius * 0.42, pen.color);
            pen.painter.circle_filled(pen.place(0.5, -0.5), pen.radius * 0.42, pen.color);
        }
        _ => {
            pen.rect(0.0, -0.3, 0.5, 1.3);
            pen.painter.circle_filled(pen.place(0.0, 0.8), pen.radius * 0.3, pen.color);
        }
    }
}

fn travel(pen: &Pen<'_>, glyph: Glyph) {
    match glyph {
        Glyph::Airline => {
            pen.solid(&[(0.0, -1.05), (0.2, -0.7), (0.2, 0.8), (-0.2, 0.8), (-0.2, -0.7)]);
            pen.solid(&[(0.15, -0.3), (1.05, 0.35), (1.05, 0.6), (0.15, 0.25)]);
            pen.solid(&[(-0.15, -0.3), (-0.15, 0.25), (-1.05, 0.6), (-1.05, 0.35)]);
            pen.solid(&[(0.0, 0.5), (0.5, 0.9), (0.5, 1.05), (-0.5, 1.05), (-0.5, 0.9)]);
        }
        Glyph::Airport => {
            pen.solid(&[(-0.75, -0.8), (0.75, -0.8), (0.45, -0.1), (-0.45, -0.1)]);
            pen.rect(0.0, 0.4, 0.45, 1.2);
            pen.rect(0.0, 0.95, 1.3, 0.2);
        }
        _ => {
            pen.frame(0.0, -0.15, 1.2, 1.4);
            pen.open(&[(-0.6, 0.0), (0.6, 0.0)]);
            pen.open(&[(-0.55, 0.95), (-0.3, 0.6)]);
            pen.open(&[(0.55, 0.95), (0.3, 0.6)]);
        }
    }
}

fn trade(pen: &Pen<'_>, glyph: Glyph) {
    match glyph {
        Glyph::Bank => {
            pen.solid(&[(0.0, -1.0), (0.95, -0.4), (-0.95, -0.4)]);
            for x in [-0.6, 0.0, 0.6] {
                pen.rect(x, 0.2, 0.26, 0.85);
            }
            pen.rect(0.0, 0.85, 1.8, 0.26);
        }
        Glyph::Market => pen.open(&[(-0.95, 0.6), (-0.35, -0.05), (0.1, 0.35), (0.9, -0.65)]),
        Glyph::Retail => {
            pen.solid(&[(-0.85, -0.2), (0.85, -0.2), (0.6, 0.85), (-0.6, 0.85)]);
            pen.open(&[(-0.45, -0.2), (-0.3, -0.8), (0.3, -0.8), (0.45, -0.2)]);
        }
        _ => {
            pen.solid(&[(-0.95, -0.1), (-0.3, -0.6), (-0.3, 0.85), (-0.95, 0.85)]);
            pen.solid(&[(-0.3, -0.1), (0.35, -0.6), (0.35, 0.85), (-0.3, 0.85)]);
            pen.rect(0.65, 0.0, 0.45, 1.7);
        }
    }
}

fn public(pen: &Pen<'_>, glyph: Glyph) {
    match glyph {
        Glyph::Broadcaster => {
            pen.painter.circle_filled(pen.place(0.0, -0.35), pen.radius * 0.24, pen.color);
            pen.open(&[(-0.4, 0.9), (0.0, -0.3), (0.4, 0.9)]);
            pen.open(&[(-0.5, -0.9), (-0.72, -0.35), (-0.5, 0.2)]);
            pen.open(&[(0.5, -0.9), (0.72, -0.35), (0.5, 0.2)]);
        }
        Glyph::Government => {
            pen.open(&[(-0.6, 0.95), (-0.6, -0.95)]);
            pen.solid(&[(-0.6, -0.9), (0.85, -0.75), (0.85, 0.1), (-0.6, 0.0)]);
        }
        Glyph::Education => {
            pen.solid(&[(0.0, -0.75), (1.05, -0.2), (0.0, 0.35), (-1.05, -0.2)]);
            pen.open(&[(-0.55, 0.15), (-0.55, 0.65), (0.0, 0.9), (0.55, 0.65), (0.55, 0.15)]);
        }
        _ => {
            pen.frame(0.0, -0.45, 1.7, 0.6);
            pen.frame(0.0, 0.45, 1.7, 0.6);
            pen.painter.circle_filled(pen.place(-0.5, -0.45), pen.radius * 0.16, pen.color);
            pen.painter.circle_filled(pen.place(-0.5, 0.45), pen.radius * 0.16, pen.color);
        }
    }
}
