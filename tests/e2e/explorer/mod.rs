//! The pages, their sheet for paper, and their copy as plain files.

mod accessibility;
mod answers;
mod dataset_pages;
mod forms;
mod languages;
mod mirror;
mod pages;
mod print;
mod snippets;
mod start;
mod start_screens;
mod statute_history;
mod words;
