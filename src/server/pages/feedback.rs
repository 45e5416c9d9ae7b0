//! After the exercise: questions of the hot wash, and the feedback form.

use maud::{Markup, html};

use super::common::hidden;
use crate::exercise::view::{FEEDBACK_STATEMENTS, HOT_WASH_QUESTIONS, StaffView, TeamView};

/// The questions about the own objectives, and the form until it is handed in.
pub fn after(team: &TeamView, has_fed_back: bool) -> Markup {
    html! {
        @if team.common.hot_wash {
            section.after aria-labelledby="h-wash" {
                h2 #h-wash { "Hot wash" }
                p.small { @if team.common.is_hot_wash_anonymous { "Answers are anonymous" } @else { "Answers have your name" } }
                @for (id, name) in &team.objectives {
                    details id={ "wash-" (id) } {
                        summary { (name) }
                        @for (number, question) in HOT_WASH_QUESTIONS.iter().enumerate() {
                            form method="post" action="/me/act" {
                                (hidden("do", "answer")) (hidden("part", "after")) (hidden("question", number))
                                (hidden("objective", format!("{}/{id}", team.seat_id)))
                                label for={ "a-" (id) "-" (number) } { (question) }
                                textarea id={ "a-" (id) "-" (number) } name="text" rows="2" maxlength="2000" required {}
                                button { "Send answer" }
                            }
                        }
                    }
                }
            }
        }
        @if (team.common.hot_wash || team.common.is_over) && !has_fed_back { (form()) }
        @if has_fed_back { p { "Thank you for your feedback" } }
    }
}

fn form() -> Markup {
    html! {
        section.after aria-labelledby="h-feedback" {
            h2 #h-feedback { "Feedback" }
            p.small { "The form is kept without your name. 1: I do not agree, 5: I agree" }
            form method="post" action="/me/act" {
                (hidden("do", "feedback")) (hidden("part", "after"))
                @for (number, statement) in FEEDBACK_STATEMENTS.iter().enumerate() {
                    fieldset { legend { (statement) }
                        @for mark in 1..=5 { label.mark { input type="radio" name={ "mark" (number) } value=(mark) required; " " (mark) } }
                    }
                }
                label for="feedback-text" { "Anything else" }
                textarea id="feedback-text" name="text" rows="2" maxlength="2000" {}
                button { "Hand in" }
            }
        }
    }
}

/// Answers by objective and question, for the wall and for staff.
pub fn answers(staff: &StaffView) -> Markup {
    let mut objectives: Vec<&str> = staff.answers.iter().map(|answer| answer.objective.as_str()).collect();
    objectives.dedup();
    html! {
        @if staff.answers.is_empty() { p.empty { "Answers appear here" } }
        @for objective in objectives {
            h3 { (objective) }
            @for (number, question) in HOT_WASH_QUESTIONS.iter().enumerate() {
                @let of_question = staff.answers.iter().filter(|answer| answer.objective == objective && usize::from(answer.question) == number);
                p.small { (question) }
                ul { @for answer in of_question { li { (answer.text) @if !answer.by.is_empty() { span.small { " " (answer.by) } } } } }
            }
        }
    }
}

/// The forms that were handed in, as means and texts.
pub fn summary(staff: &StaffView) -> Markup {
    html! {
        p { (staff.feedback.forms) " forms handed in" }
        @if !staff.feedback.means.is_empty() {
            ul { @for (statement, mean) in FEEDBACK_STATEMENTS.iter().zip(&staff.feedback.means) { li { (statement) ": " (format!("{mean:.1}")) " of 5" } } }
            ul { @for text in &staff.feedback.texts { li { (text) } } }
        }
    }
}
