//! The program: everything is in the library's `cli`.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    blackstart::cli::run(std::env::args_os())
}
