//! The requests, after Google's description of the API.

use crate::mock::shape::{Object, Shape};

const fn object(name: &'static str, fields: &'static [(&'static str, Shape)]) -> Object {
    Object { name, fields, required: &[], is_union: false }
}

pub(super) static GENERATE: Object = object(
    "GenerateContentRequest",
    &[
        ("model", Shape::Text),
        ("contents", Shape::List(&Shape::Object(&CONTENT))),
        ("systemInstruction", Shape::Object(&CONTENT)),
        ("tools", Shape::List(&Shape::Object(&TOOL))),
        ("toolConfig", Shape::Object(&TOOL_CONFIG)),
        ("safetySettings", Shape::List(&Shape::Object(&SAFETY))),
        ("generationConfig", Shape::Object(&CONFIG)),
        ("cachedContent", Shape::Text),
        ("labels", Shape::Map(&Shape::Text)),
        ("serviceTier", Shape::Text),
        ("store", Shape::Flag),
        ("continuationToken", Shape::Text),
        ("modelArmorConfig", Shape::Any),
        ("outputConfig", Shape::Any),
    ],
);
pub(super) static COUNT: Object = object(
    "CountTokensRequest",
    &[
        ("model", Shape::Text),
        ("contents", Shape::List(&Shape::Object(&CONTENT))),
        ("generateContentRequest", Shape::Object(&GENERATE)),
        ("systemInstruction", Shape::Object(&CONTENT)),
        ("tools", Shape::List(&Shape::Object(&TOOL))),
        ("generationConfig", Shape::Object(&CONFIG)),
        ("instances", Shape::List(&Shape::Any)),
    ],
);
pub(super) static EMBED: Object = object(
    "EmbedContentRequest",
    &[
        ("model", Shape::Text),
        ("content", Shape::Object(&CONTENT)),
        ("taskType", Shape::Text),
        ("title", Shape::Text),
        ("outputDimensionality", Shape::Integer),
        ("autoTruncate", Shape::Flag),
        ("embedContentConfig", Shape::Any),
    ],
);
pub(super) static BATCH: Object =
    object("BatchEmbedContentsRequest", &[("requests", Shape::List(&Shape::Object(&EMBED))), ("model", Shape::Text)]);
pub(super) static CONTENT: Object =
    object("Content", &[("role", Shape::Text), ("parts", Shape::List(&Shape::Object(&PART)))]);
static PART: Object = object(
    "Part",
    &[
        ("text", Shape::Text),
        ("inlineData", Shape::Object(&BLOB)),
        ("fileData", Shape::Object(&FILE)),
        ("functionCall", Shape::Object(&CALL)),
        ("functionResponse", Shape::Object(&RESULT)),
        ("executableCode", Shape::Any),
        ("codeExecutionResult", Shape::Any),
        ("toolCall", Shape::Any),
        ("toolResponse", Shape::Any),
        ("thought", Shape::Flag),
        ("thoughtSignature", Shape::Bytes),
        ("videoMetadata", Shape::Any),
        ("mediaResolution", Shape::Any),
        ("partMetadata", Shape::Any),
        ("audioTranscription", Shape::Any),
        ("speechMetadata", Shape::Any),
    ],
);
static BLOB: Object =
    object("Blob", &[("mimeType", Shape::Text), ("data", Shape::Bytes), ("displayName", Shape::Text)]);
static FILE: Object =
    object("FileData", &[("mimeType", Shape::Text), ("fileUri", Shape::Text), ("displayName", Shape::Text)]);
static CALL: Object = object(
    "FunctionCall",
    &[
        ("id", Shape::Text),
        ("name", Shape::Text),
        ("args", Shape::Map(&Shape::Any)),
        ("partialArgs", Shape::Any),
        ("willContinue", Shape::Flag),
    ],
);
static RESULT: Object = object(
    "FunctionResponse",
    &[
        ("id", Shape::Text),
        ("name", Shape::Text),
        ("response", Shape::Map(&Shape::Any)),
        ("parts", Shape::List(&Shape::Any)),
        ("willContinue", Shape::Flag),
        ("scheduling", Shape::Text),
    ],
);
static TOOL: Object = object(
    "Tool",
    &[
        ("functionDeclarations", Shape::List(&Shape::Object(&FUNCTION))),
        ("googleSearch", Shape::Any),
        ("googleSearchRetrieval", Shape::Any),
        ("codeExecution", Shape::Any),
        ("urlContext", Shape::Any),
        ("computerUse", Shape::Any),
        ("fileSearch", Shape::Any),
        ("googleMaps", Shape::Any),
        ("retrieval", Shape::Any),
        ("enterpriseWebSearch", Shape::Any),
        ("mcpServers", Shape::List(&Shape::Any)),
        ("exaAiSearch", Shape::Any),
        ("parallelAiSearch", Shape::Any),
    ],
);
static FUNCTION: Object = object(
    "FunctionDeclaration",
    &[
        ("name", Shape::Text),
        ("description", Shape::Text),
        ("parameters", Shape::Object(&SCHEMA)),
        ("parametersJsonSchema", Shape::Any),
        ("response", Shape::Object(&SCHEMA)),
        ("responseJsonSchema", Shape::Any),
        ("behavior", Shape::Text),
    ],
);
static TOOL_CONFIG: Object = object(
    "ToolConfig",
    &[
        ("functionCallingConfig", Shape::Object(&CALLING)),
        ("retrievalConfig", Shape::Any),
        ("includeServerSideToolInvocations", Shape::Flag),
    ],
);
static CALLING: Object = object(
    "FunctionCallingConfig",
    &[
        ("mode", Shape::Word("FunctionCallingConfig.Mode", &["MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"])),
        ("allowedFunctionNames", Shape::List(&Shape::Text)),
        ("streamFunctionCallArguments", Shape::Flag),
    ],
);
static SAFETY: Object = object(
    "SafetySetting",
    &[
        ("category", Shape::Word("HarmCategory", HARMS)),
        (
            "threshold",
            Shape::Word(
                "SafetySetting.HarmBlockThreshold",
                &[
                    "HARM_BLOCK_THRESHOLD_UNSPECIFIED",
                    "BLOCK_LOW_AND_ABOVE",
                    "BLOCK_MEDIUM_AND_ABOVE",
                    "BLOCK_ONLY_HIGH",
                    "BLOCK_NONE",
                    "OFF",
                ],
            ),
        ),
        ("method", Shape::Text),
    ],
);
const HARMS: &[&str] = &[
    "HARM_CATEGORY_UNSPECIFIED",
    "HARM_CATEGORY_HARASSMENT",
    "HARM_CATEGORY_HATE_SPEECH",
    "HARM_CATEGORY_SEXUALLY_EXPLICIT",
    "HARM_CATEGORY_DANGEROUS_CONTENT",
    "HARM_CATEGORY_CIVIC_INTEGRITY",
    "HARM_CATEGORY_JAILBREAK",
];
static CONFIG: Object = object(
    "GenerationConfig",
    &[
        ("stopSequences", Shape::List(&Shape::Text)),
        ("responseMimeType", Shape::Text),
        ("responseSchema", Shape::Object(&SCHEMA)),
        ("responseJsonSchema", Shape::Any),
        ("_responseJsonSchema", Shape::Any),
        ("responseModalities", Shape::List(&Shape::Text)),
        ("candidateCount", Shape::Integer),
        ("maxOutputTokens", Shape::Integer),
        ("temperature", Shape::Decimal),
        ("topP", Shape::Decimal),
        ("topK", Shape::Decimal),
        ("seed", Shape::Integer),
        ("presencePenalty", Shape::Decimal),
        ("frequencyPenalty", Shape::Decimal),
        ("responseLogprobs", Shape::Flag),
        ("logprobs", Shape::Integer),
        ("enableEnhancedCivicAnswers", Shape::Flag),
        ("speechConfig", Shape::Any),
        ("thinkingConfig", Shape::Object(&THINKING)),
        ("imageConfig", Shape::Any),
        ("mediaResolution", Shape::Text),
        ("audioTimestamp", Shape::Flag),
        ("routingConfig", Shape::Any),
        ("modelSelectionConfig", Shape::Any),
        ("audioTranscriptionConfig", Shape::Any),
        ("enableAffectiveDialog", Shape::Flag),
        ("responseFormat", Shape::Any),
        ("translationConfig", Shape::Any),
    ],
);
static THINKING: Object = object(
    "ThinkingConfig",
    &[
        ("includeThoughts", Shape::Flag),
        ("thinkingBudget", Shape::Integer),
        ("thinkingLevel", Shape::Word("ThinkingConfig.ThinkingLevel", LEVELS)),
    ],
);
const LEVELS: &[&str] =
    &["THINKING_LEVEL_UNSPECIFIED", "MINIMAL", "LOW", "MEDIUM", "HIGH", "minimal", "low", "medium", "high"];
const TYPES: &[&str] = &[
    "TYPE_UNSPECIFIED",
    "STRING",
    "NUMBER",
    "INTEGER",
    "BOOLEAN",
    "ARRAY",
    "OBJECT",
    "NULL",
    "string",
    "number",
    "integer",
    "boolean",
    "array",
    "object",
    "null",
];
static SCHEMA: Object = object(
    "Schema",
    &[
        ("type", Shape::Word("Type", TYPES)),
        ("format", Shape::Text),
        ("title", Shape::Text),
        ("description", Shape::Text),
        ("nullable", Shape::Flag),
        ("enum", Shape::List(&Shape::Text)),
        ("items", Shape::Object(&SCHEMA)),
        ("maxItems", Shape::Integer),
        ("minItems", Shape::Integer),
        ("properties", Shape::Map(&Shape::Object(&SCHEMA))),
        ("required", Shape::List(&Shape::Text)),
        ("minProperties", Shape::Integer),
        ("maxProperties", Shape::Integer),
        ("minimum", Shape::Decimal),
        ("maximum", Shape::Decimal),
        ("minLength", Shape::Integer),
        ("maxLength", Shape::Integer),
        ("pattern", Shape::Text),
        ("example", Shape::Any),
        ("anyOf", Shape::List(&Shape::Object(&SCHEMA))),
        ("propertyOrdering", Shape::List(&Shape::Text)),
        ("default", Shape::Any),
        ("additionalProperties", Shape::Any),
        ("ref", Shape::Text),
        ("defs", Shape::Any),
    ],
);
