//! One walk over the documents. It visits every number, text and choice with the steps that lead to it.
//!
//! The walk is a serde serializer, so it needs no change when a document gets a new field or type. Counting,
//! listing and digests of a scenario are visitors of this walk and therefore agree on what a scenario says.
//! The walk must not know any type of the schema but `Tagged`.

use std::fmt;

use serde::ser::{
    Error as _, Impossible, Serialize, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use super::documents::{Documents, Part};
use super::schema::{Measure, Standing};

/// A step from a value to one inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A field of a record.
    Field(&'static str),
    /// An element of a list, from 0.
    Element(usize),
    /// A value of a tuple, from 0.
    Place(usize),
    /// The inside of a choice, such as `Expires(…)`.
    Choice(&'static str),
    /// The inside of a tag: the figure is at place 0, its source at place 1.
    Tag(Standing),
}

/// A value without parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Leaf<'v> {
    /// The figure of a provenance, `()`.
    Unit,
    Flag(bool),
    Whole(u64),
    Negative(i64),
    Number(f64),
    Text(&'v str),
    /// A choice without content, such as `Waits`.
    Choice(&'static str),
}

/// Receives the steps and leaves of a walk in the order of the documents. An optional value that is left out and a
/// list without elements have no leaf.
pub(super) trait Visitor {
    fn enter(&mut self, _step: Step) {}
    fn leaf(&mut self, _leaf: Leaf) {}
    fn leave(&mut self, _step: Step) {}
}

/// Walks one document of a scenario. The first step is the field of `Documents`.
pub(super) fn document(docs: &Documents, part: Part, visitor: &mut dyn Visitor) {
    match part {
        Part::Manifest => value(&docs.manifest, "manifest", visitor),
        Part::World => value(&docs.world, "world", visitor),
        Part::Organisations => value(&docs.organisations, "organisations", visitor),
        Part::Populations => value(&docs.populations, "populations", visitor),
        Part::Mitigations => value(&docs.mitigations, "mitigations", visitor),
        Part::Events => value(&docs.events, "events", visitor),
        Part::Injects => value(&docs.injects, "injects", visitor),
        Part::Seats => value(&docs.seats, "seats", visitor),
        Part::Playbooks => value(&docs.playbooks, "playbooks", visitor),
        Part::Sources => value(&docs.sources, "sources", visitor),
        Part::Targets => value(&docs.targets, "targets", visitor),
        Part::Uncertainty => value(&docs.uncertainty, "uncertainty", visitor),
    }
}

/// Walks a measure of a target.
pub(super) fn measure(measure: &Measure, visitor: &mut dyn Visitor) {
    value(measure, "measure", visitor);
}

fn value(value: &impl Serialize, field: &'static str, visitor: &mut dyn Visitor) {
    let mut walk = Walk { visitor };
    walk.inside(Step::Field(field), value).expect("documents hold neither maps nor bytes");
}

struct Walk<'v> {
    visitor: &'v mut dyn Visitor,
}

impl Walk<'_> {
    fn inside<T: Serialize + ?Sized>(&mut self, step: Step, value: &T) -> Result<(), Unwalkable> {
        self.visitor.enter(step);
        value.serialize(&mut *self)?;
        self.visitor.leave(step);
        Ok(())
    }

    fn leaf(&mut self, leaf: Leaf) -> Result<(), Unwalkable> {
        self.visitor.leaf(leaf);
        Ok(())
    }
}

/// The error for a kind of value that no document has.
#[derive(Debug)]
pub(super) struct Unwalkable(String);

impl fmt::Display for Unwalkable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unwalkable {}

impl serde::ser::Error for Unwalkable {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// The step into a variant with content.
fn step_of_variant(name: &str, variant: &'static str) -> Step {
    match (name, variant) {
        ("Tagged", "Documented") => Step::Tag(Standing::Documented),
        ("Tagged", "Estimated") => Step::Tag(Standing::Estimated),
        ("Tagged", "Invented") => Step::Tag(Standing::Invented),
        _ => Step::Choice(variant),
    }
}

impl<'w, 'v> Serializer for &'w mut Walk<'v> {
    type Ok = ();
    type Error = Unwalkable;
    type SerializeSeq = Inside<'w, 'v>;
    type SerializeTuple = Inside<'w, 'v>;
    type SerializeTupleStruct = Inside<'w, 'v>;
    type SerializeTupleVariant = Inside<'w, 'v>;
    type SerializeMap = Impossible<(), Unwalkable>;
    type SerializeStruct = Inside<'w, 'v>;
    type SerializeStructVariant = Inside<'w, 'v>;

    fn serialize_bool(self, value: bool) -> Result<(), Unwalkable> {
        self.leaf(Leaf::Flag(value))
    }

    fn serialize_i8(self, value: i8) -> Result<(), Unwalkable> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), Unwalkable> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), Unwalkable> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), Unwalkable> {
        // A visitor cannot tell the width or sign of a type, so a field may become wider without a new digest.
        self.leaf(u64::try_from(value).map_or(Leaf::Negative(value), Leaf::Whole))
    }

    fn serialize_u8(self, value: u8) -> Result<(), Unwalkable> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), Unwalkable> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), Unwalkable> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Unwalkable> {
        self.leaf(Leaf::Whole(value))
    }

    fn serialize_f32(self, value: f32) -> Result<(), Unwalkable> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Unwalkable> {
        self.leaf(Leaf::Number(value))
    }

    fn serialize_char(self, value: char) -> Result<(), Unwalkable> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Unwalkable> {
        self.leaf(Leaf::Text(value))
    }

    fn serialize_bytes(self, _value: &[u8]) -> Result<(), Unwalkable> {
        Err(Unwalkable::custom("a document holds bytes"))
    }

    fn serialize_none(self) -> Result<(), Unwalkable> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unwalkable> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Unwalkable> {
        self.leaf(Leaf::Unit)
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<(), Unwalkable> {
        self.leaf(Leaf::Choice(name))
    }

    fn serialize_unit_variant(self, _name: &'static str, _at: u32, variant: &'static str) -> Result<(), Unwalkable> {
        self.leaf(Leaf::Choice(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _name: &'static str, value: &T) -> Result<(), Unwalkable> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _at: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Unwalkable> {
        self.inside(step_of_variant(name, variant), value)
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Inside<'w, 'v>, Unwalkable> {
        Ok(Inside::new(self, None))
    }

    fn serialize_tuple(self, _len: usize) -> Result<Inside<'w, 'v>, Unwalkable> {
        Ok(Inside::new(self, None))
    }

    fn serialize_tuple_struct(self, _name: &'static str, _len: usize) -> Result<Inside<'w, 'v>, Unwalkable> {
        Ok(Inside::new(self, None))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _at: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Inside<'w, 'v>, Unwalkable> {
        Ok(Inside::new(self, Some(step_of_variant(name, variant))))
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Self::SerializeMap, Unwalkable> {
        Err(Unwalkable::custom("a document holds a map"))
    }

    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Inside<'w, 'v>, Unwalkable> {
        Ok(Inside::new(self, None))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _at: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Inside<'w, 'v>, Unwalkable> {
        Ok(Inside::new(self, Some(step_of_variant(name, variant))))
    }
}

/// A value whose parts are walked one after another.
pub(super) struct Inside<'w, 'v> {
    walk: &'w mut Walk<'v>,
    /// Parts walked so far.
    count: usize,
    /// The variant around the parts; the walk leaves it after the last part.
    variant: Option<Step>,
}

impl<'w, 'v> Inside<'w, 'v> {
    fn new(walk: &'w mut Walk<'v>, variant: Option<Step>) -> Self {
        variant.into_iter().for_each(|step| walk.visitor.enter(step));
        Self { walk, count: 0, variant }
    }

    fn part<T: Serialize + ?Sized>(&mut self, step: fn(usize) -> Step, value: &T) -> Result<(), Unwalkable> {
        self.count += 1;
        self.walk.inside(step(self.count - 1), value)
    }

    fn finish(self) -> Result<(), Unwalkable> {
        self.variant.into_iter().for_each(|step| self.walk.visitor.leave(step));
        Ok(())
    }
}

impl SerializeSeq for Inside<'_, '_> {
    type Ok = ();
    type Error = Unwalkable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwalkable> {
        self.part(Step::Element, value)
    }

    fn end(self) -> Result<(), Unwalkable> {
        self.finish()
    }
}

impl SerializeTuple for Inside<'_, '_> {
    type Ok = ();
    type Error = Unwalkable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwalkable> {
        self.part(Step::Place, value)
    }

    fn end(self) -> Result<(), Unwalkable> {
        self.finish()
    }
}

/// Implements the walk over named tuples and over tuples in a variant.
macro_rules! walk_places {
    ($trait:ident) => {
        impl $trait for Inside<'_, '_> {
            type Ok = ();
            type Error = Unwalkable;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwalkable> {
                self.part(Step::Place, value)
            }

            fn end(self) -> Result<(), Unwalkable> {
                self.finish()
            }
        }
    };
}

/// Implements the walk over records and over records in a variant.
macro_rules! walk_fields {
    ($trait:ident) => {
        impl $trait for Inside<'_, '_> {
            type Ok = ();
            type Error = Unwalkable;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), Unwalkable> {
                self.walk.inside(Step::Field(name), value)
            }

            fn end(self) -> Result<(), Unwalkable> {
                self.finish()
            }
        }
    };
}

walk_places!(SerializeTupleStruct);
walk_places!(SerializeTupleVariant);
walk_fields!(SerializeStruct);
walk_fields!(SerializeStructVariant);
