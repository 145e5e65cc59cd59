//! The turns of a conversation.

use super::refusal::Refusal;
use serde_json::Value;

/// What a picture, a sound or a file costs, in tokens.
pub(super) const MEDIA_COST: u64 = 258;

/// The conversation as far as the mock looks at it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Talk {
    /// The texts of all turns, one a turn.
    pub(super) texts: Vec<String>,
    /// How many pictures, sounds and files there are.
    pub(super) media: u64,
    /// What the user said last; empty when the last turn was the result of a call.
    pub(super) said: String,
}

/// Reads the turns; the refusal names the first that is wrong.
pub(super) fn read(contents: &Value) -> Result<Talk, Refusal> {
    let turns = contents.as_array().map_or(&[][..], Vec::as_slice);
    if turns.is_empty() {
        return Err(Refusal::invalid("* GenerateContentRequest.contents: contents is not specified\n"));
    }
    let mut talk = Talk::default();
    let mut open_calls = None;
    for turn in turns {
        open_calls = one(turn, open_calls, &mut talk)?;
    }
    Ok(talk)
}

/// Adds a turn; the result is how many calls it leaves open.
fn one(turn: &Value, open_calls: Option<usize>, talk: &mut Talk) -> Result<Option<usize>, Refusal> {
    let role = turn["role"].as_str().unwrap_or("user");
    if !matches!(role, "user" | "model" | "function" | "") {
        return Err(Refusal::invalid("Please use a valid role: user, model."));
    }
    let parts = turn["parts"].as_array().map_or(&[][..], Vec::as_slice);
    if parts.is_empty() {
        return Err(Refusal::invalid("* GenerateContentRequest.contents: contents.parts must not be empty.\n"));
    }
    let text: String = parts.iter().filter_map(|part| part["text"].as_str()).collect();
    let count = |name: &str| parts.iter().filter(|part| part[name].is_object()).count();
    let (calls, results) = (count("functionCall"), count("functionResponse"));
    if results > 0 && open_calls != Some(results) {
        return Err(Refusal::invalid(match open_calls {
            Some(_) => {
                "Please ensure that the number of function response parts is equal to the number of function call parts \
                 of the function call turn."
            }
            None => "Please ensure that function response turn comes immediately after a function call turn.",
        }));
    }
    if results == 0 && open_calls.is_some() {
        return Err(Refusal::invalid(
            "Please ensure that function call turn comes immediately after a user turn or after a function response turn.",
        ));
    }
    if let Some(empty) = parts.iter().find(|part| part.as_object().is_none_or(|part| part.values().all(Value::is_null)))
    {
        let _ = empty;
        return Err(Refusal::invalid(
            "* GenerateContentRequest.contents.parts: contents.parts.data: required oneof field 'data' must have one \
             initialized field\n",
        ));
    }
    talk.media += (count("inlineData") + count("fileData")) as u64;
    talk.said = if role == "model" || results > 0 { String::new() } else { text.clone() };
    talk.texts.push(text);
    Ok((calls > 0).then_some(calls))
}
