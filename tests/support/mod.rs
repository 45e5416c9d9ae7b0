//! Helpers of both test programs: the scenarios under test, each compiled once in each program.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use blackstart::scenario::compile::Scenario;
use blackstart::scenario::library;
use blackstart::scenario::load::{self, Documents};
use blackstart::scenario::validate;

/// Three organisations for two days: the smallest scenario with nearly every mechanism in it.
pub const TINY: &str = "tests/data/tiny";
/// The scenario of 19 July 2024 as shipped with the program.
pub const REPLAY: &str = "scenarios/2024-07-19";

/// The scenario of 19 July 2024 with a twentieth of the simulated members of its populations: the same seats, events
/// and orders, for laws that do not depend on the size of the world.
pub const THIN_REPLAY: &str = "19 July 2024, thin";

/// The documents of a scenario folder of this repository, for a test that changes them.
pub fn documents(folder: &str) -> Documents {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = library::find(&root.display().to_string()).unwrap_or_else(|problems| panic!("{problems}"));
    load::load(&files).unwrap_or_else(|problems| panic!("{problems}")).into_inner()
}

/// Compiles documents that a test or a program made, after checking them.
pub fn compiled(docs: Documents) -> Scenario {
    Scenario::compile(validate::check(docs).unwrap_or_else(|problems| panic!("{problems}")))
}

/// A scenario folder of this repository, compiled. The two scenarios above are compiled once per program.
pub fn scenario(folder: &str) -> Arc<Scenario> {
    static COMPILED_TINY: OnceLock<Arc<Scenario>> = OnceLock::new();
    static COMPILED_REPLAY: OnceLock<Arc<Scenario>> = OnceLock::new();
    static COMPILED_THIN_REPLAY: OnceLock<Arc<Scenario>> = OnceLock::new();
    let compile = || Arc::new(compiled(documents(folder)));
    match folder {
        TINY => COMPILED_TINY.get_or_init(compile).clone(),
        REPLAY => COMPILED_REPLAY.get_or_init(compile).clone(),
        THIN_REPLAY => COMPILED_THIN_REPLAY.get_or_init(|| Arc::new(compiled(thin_replay()))).clone(),
        _ => compile(),
    }
}

/// The documents of `THIN_REPLAY`.
pub fn thin_replay() -> Documents {
    let mut docs = documents(REPLAY);
    for population in &mut docs.populations {
        population.one_in = (population.one_in * 20).min(*population.count.value());
    }
    docs
}
