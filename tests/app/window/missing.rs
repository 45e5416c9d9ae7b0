//! Displays and drivers that are missing or do not answer.

use std::process::Command;

use super::desktop::{BLACKSTART, Desktop, EXIT_LIMIT};
use super::program::Program;
use super::tiny;

/// Without a window the program continues in the terminal and prints the reason.
fn falls_back(command: &mut Command) {
    let folder = tempfile::tempdir().expect("a folder");
    command.args(["play", &tiny()]).current_dir(folder.path());
    let mut program = Program::start(command.env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET"));
    let said = program.succeeds_within(EXIT_LIMIT);
    assert!(!said.contains("ERROR"), "{said}");
    let reasons = said.lines().filter(|line| line.starts_with("There is no ")).count();
    assert_eq!(reasons, 1, "one sentence says why there is no window: {said}");
}

#[test]
fn without_a_display_the_terminal_takes_over() {
    falls_back(Command::new(BLACKSTART).env_remove("DISPLAY"));
}

#[test]
fn with_a_display_that_is_not_there_the_terminal_takes_over() {
    falls_back(Command::new(BLACKSTART).env("DISPLAY", ":7999"));
}

#[test]
fn without_a_graphics_driver_the_terminal_takes_over() {
    let Some(desktop) = Desktop::open() else { return };
    let mut command = desktop.command(BLACKSTART);
    falls_back(command.env("WGPU_BACKEND", "vulkan").env("VK_DRIVER_FILES", "/none").env("VK_ICD_FILENAMES", "/none"));
}

#[test]
fn a_stale_wayland_display_does_not_hide_the_x_display() {
    let Some(desktop) = Desktop::open() else { return };
    let mut command = desktop.play_command("wait \"Choose a scenario\" 90\nquit\n");
    let said = Program::start(command.env("WAYLAND_DISPLAY", "wayland-left-behind")).succeeds_within(EXIT_LIMIT);
    assert!(said.contains("the Wayland display `wayland-left-behind` does not answer"), "{said}");
}

#[test]
fn a_failing_step_names_its_line_and_exits_with_3() {
    let Some(desktop) = Desktop::open() else { return };
    let mut program = desktop.play("wait \"Choose a scenario\" 90\nexpect \"No such label\"\nquit\n");
    let status = program.ended_within(EXIT_LIMIT).expect("an end");
    let said = program.said();
    assert_eq!(status.code(), Some(3), "{said}");
    assert!(said.contains("automation line 2") && said.contains("No such label"), "{said}");
}
