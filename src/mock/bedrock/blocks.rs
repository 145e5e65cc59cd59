//! The blocks of a message, after the vendor's service model.

use crate::mock::shape::{Object, Shape};

pub(super) const fn object(
    name: &'static str,
    fields: &'static [(&'static str, Shape)],
    required: &'static [&'static str],
) -> Object {
    Object { name, fields, required, is_union: false }
}

pub(super) const fn union(name: &'static str, fields: &'static [(&'static str, Shape)]) -> Object {
    Object { name, fields, required: &[], is_union: true }
}

pub(super) static MESSAGE: Object = object(
    "Message",
    &[
        ("role", Shape::Word("ConversationRole", &["user", "assistant", "system"])),
        ("content", Shape::List(&Shape::Object(&CONTENT_BLOCK))),
    ],
    &["role", "content"],
);
static CONTENT_BLOCK: Object = union(
    "ContentBlock",
    &[
        ("text", Shape::Text),
        ("image", Shape::Object(&IMAGE_BLOCK)),
        ("document", Shape::Object(&DOCUMENT_BLOCK)),
        ("video", Shape::Object(&VIDEO_BLOCK)),
        ("audio", Shape::Object(&AUDIO_BLOCK)),
        ("toolUse", Shape::Object(&TOOL_USE_BLOCK)),
        ("toolResult", Shape::Object(&TOOL_RESULT_BLOCK)),
        ("guardContent", Shape::Object(&GUARDRAIL_CONVERSE_CONTENT_BLOCK)),
        ("cachePoint", Shape::Object(&CACHE_POINT_BLOCK)),
        ("reasoningContent", Shape::Object(&REASONING_CONTENT_BLOCK)),
        ("citationsContent", Shape::Object(&CITATIONS_CONTENT_BLOCK)),
        ("searchResult", Shape::Object(&SEARCH_RESULT_BLOCK)),
        ("toolAddition", Shape::Object(&TOOL_ADDITION_BLOCK)),
        ("toolRemoval", Shape::Object(&TOOL_REMOVAL_BLOCK)),
    ],
);
static IMAGE_BLOCK: Object = object(
    "ImageBlock",
    &[
        ("format", Shape::Word("ImageFormat", &["png", "jpeg", "gif", "webp"])),
        ("source", Shape::Object(&IMAGE_SOURCE)),
        ("error", Shape::Object(&ERROR_BLOCK)),
    ],
    &["format", "source"],
);
static IMAGE_SOURCE: Object =
    union("ImageSource", &[("bytes", Shape::Bytes), ("s3Location", Shape::Object(&S3_LOCATION))]);
static S3_LOCATION: Object = object("S3Location", &[("uri", Shape::Text), ("bucketOwner", Shape::Text)], &["uri"]);
static ERROR_BLOCK: Object = object("ErrorBlock", &[("message", Shape::Text)], &[]);
static DOCUMENT_BLOCK: Object = object(
    "DocumentBlock",
    &[
        ("format", Shape::Word("DocumentFormat", &["pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"])),
        ("name", Shape::Text),
        ("source", Shape::Object(&DOCUMENT_SOURCE)),
        ("context", Shape::Text),
        ("citations", Shape::Object(&CITATIONS_CONFIG)),
    ],
    &["name", "source"],
);
static DOCUMENT_SOURCE: Object = union(
    "DocumentSource",
    &[
        ("bytes", Shape::Bytes),
        ("s3Location", Shape::Object(&S3_LOCATION)),
        ("text", Shape::Text),
        ("content", Shape::List(&Shape::Object(&DOCUMENT_CONTENT_BLOCK))),
    ],
);
static DOCUMENT_CONTENT_BLOCK: Object = union("DocumentContentBlock", &[("text", Shape::Text)]);
static CITATIONS_CONFIG: Object = object("CitationsConfig", &[("enabled", Shape::Flag)], &["enabled"]);
static VIDEO_BLOCK: Object = object(
    "VideoBlock",
    &[
        ("format", Shape::Word("VideoFormat", &["mkv", "mov", "mp4", "webm", "flv", "mpeg", "mpg", "wmv", "three_gp"])),
        ("source", Shape::Object(&VIDEO_SOURCE)),
    ],
    &["format", "source"],
);
static VIDEO_SOURCE: Object =
    union("VideoSource", &[("bytes", Shape::Bytes), ("s3Location", Shape::Object(&S3_LOCATION))]);
static AUDIO_BLOCK: Object = object(
    "AudioBlock",
    &[
        (
            "format",
            Shape::Word(
                "AudioFormat",
                &[
                    "mp3", "opus", "wav", "aac", "flac", "mp4", "ogg", "mkv", "mka", "x-aac", "m4a", "mpeg", "mpga",
                    "pcm", "webm",
                ],
            ),
        ),
        ("source", Shape::Object(&AUDIO_SOURCE)),
        ("error", Shape::Object(&ERROR_BLOCK)),
    ],
    &["format", "source"],
);
static AUDIO_SOURCE: Object =
    union("AudioSource", &[("bytes", Shape::Bytes), ("s3Location", Shape::Object(&S3_LOCATION))]);
static TOOL_USE_BLOCK: Object = object(
    "ToolUseBlock",
    &[
        ("toolUseId", Shape::Text),
        ("name", Shape::Text),
        ("input", Shape::Any),
        ("type", Shape::Word("ToolUseType", &["server_tool_use"])),
    ],
    &["toolUseId", "name", "input"],
);
static TOOL_RESULT_BLOCK: Object = object(
    "ToolResultBlock",
    &[
        ("toolUseId", Shape::Text),
        ("content", Shape::List(&Shape::Object(&TOOL_RESULT_CONTENT_BLOCK))),
        ("status", Shape::Word("ToolResultStatus", &["success", "error"])),
        ("type", Shape::Text),
    ],
    &["toolUseId", "content"],
);
static TOOL_RESULT_CONTENT_BLOCK: Object = union(
    "ToolResultContentBlock",
    &[
        ("json", Shape::Any),
        ("text", Shape::Text),
        ("image", Shape::Object(&IMAGE_BLOCK)),
        ("document", Shape::Object(&DOCUMENT_BLOCK)),
        ("video", Shape::Object(&VIDEO_BLOCK)),
        ("searchResult", Shape::Object(&SEARCH_RESULT_BLOCK)),
    ],
);
static SEARCH_RESULT_BLOCK: Object = object(
    "SearchResultBlock",
    &[
        ("source", Shape::Text),
        ("title", Shape::Text),
        ("content", Shape::List(&Shape::Object(&SEARCH_RESULT_CONTENT_BLOCK))),
        ("citations", Shape::Object(&CITATIONS_CONFIG)),
    ],
    &["source", "title", "content"],
);
static SEARCH_RESULT_CONTENT_BLOCK: Object = object("SearchResultContentBlock", &[("text", Shape::Text)], &["text"]);
pub(super) static GUARDRAIL_CONVERSE_CONTENT_BLOCK: Object = union(
    "GuardrailConverseContentBlock",
    &[
        ("text", Shape::Object(&GUARDRAIL_CONVERSE_TEXT_BLOCK)),
        ("image", Shape::Object(&GUARDRAIL_CONVERSE_IMAGE_BLOCK)),
    ],
);
static GUARDRAIL_CONVERSE_TEXT_BLOCK: Object = object(
    "GuardrailConverseTextBlock",
    &[
        ("text", Shape::Text),
        (
            "qualifiers",
            Shape::List(&Shape::Word(
                "GuardrailConverseContentQualifier",
                &["grounding_source", "query", "guard_content"],
            )),
        ),
    ],
    &["text"],
);
static GUARDRAIL_CONVERSE_IMAGE_BLOCK: Object = object(
    "GuardrailConverseImageBlock",
    &[
        ("format", Shape::Word("GuardrailConverseImageFormat", &["png", "jpeg"])),
        ("source", Shape::Object(&GUARDRAIL_CONVERSE_IMAGE_SOURCE)),
    ],
    &["format", "source"],
);
static GUARDRAIL_CONVERSE_IMAGE_SOURCE: Object = union("GuardrailConverseImageSource", &[("bytes", Shape::Bytes)]);
pub(super) static CACHE_POINT_BLOCK: Object = object(
    "CachePointBlock",
    &[("type", Shape::Word("CachePointType", &["default"])), ("ttl", Shape::Word("CacheTTL", &["5m", "1h"]))],
    &["type"],
);
static REASONING_CONTENT_BLOCK: Object = union(
    "ReasoningContentBlock",
    &[("reasoningText", Shape::Object(&REASONING_TEXT_BLOCK)), ("redactedContent", Shape::Bytes)],
);
static REASONING_TEXT_BLOCK: Object =
    object("ReasoningTextBlock", &[("text", Shape::Text), ("signature", Shape::Text)], &["text"]);
static CITATIONS_CONTENT_BLOCK: Object = object(
    "CitationsContentBlock",
    &[
        ("content", Shape::List(&Shape::Object(&CITATION_GENERATED_CONTENT))),
        ("citations", Shape::List(&Shape::Object(&CITATION))),
    ],
    &[],
);
static CITATION_GENERATED_CONTENT: Object = union("CitationGeneratedContent", &[("text", Shape::Text)]);
static CITATION: Object = object(
    "Citation",
    &[
        ("title", Shape::Text),
        ("source", Shape::Text),
        ("sourceContent", Shape::List(&Shape::Object(&CITATION_SOURCE_CONTENT))),
        ("location", Shape::Object(&CITATION_LOCATION)),
    ],
    &[],
);
static CITATION_SOURCE_CONTENT: Object = union("CitationSourceContent", &[("text", Shape::Text)]);
static CITATION_LOCATION: Object = union(
    "CitationLocation",
    &[
        ("web", Shape::Object(&WEB_LOCATION)),
        ("documentChar", Shape::Object(&DOCUMENT_CHAR_LOCATION)),
        ("documentPage", Shape::Object(&DOCUMENT_PAGE_LOCATION)),
        ("documentChunk", Shape::Object(&DOCUMENT_CHUNK_LOCATION)),
        ("searchResultLocation", Shape::Object(&SEARCH_RESULT_LOCATION)),
    ],
);
static WEB_LOCATION: Object = object("WebLocation", &[("url", Shape::Text), ("domain", Shape::Text)], &[]);
static DOCUMENT_CHAR_LOCATION: Object = object(
    "DocumentCharLocation",
    &[("documentIndex", Shape::Integer), ("start", Shape::Integer), ("end", Shape::Integer)],
    &[],
);
static DOCUMENT_PAGE_LOCATION: Object = object(
    "DocumentPageLocation",
    &[("documentIndex", Shape::Integer), ("start", Shape::Integer), ("end", Shape::Integer)],
    &[],
);
static DOCUMENT_CHUNK_LOCATION: Object = object(
    "DocumentChunkLocation",
    &[("documentIndex", Shape::Integer), ("start", Shape::Integer), ("end", Shape::Integer)],
    &[],
);
static SEARCH_RESULT_LOCATION: Object = object(
    "SearchResultLocation",
    &[("searchResultIndex", Shape::Integer), ("start", Shape::Integer), ("end", Shape::Integer)],
    &[],
);
static TOOL_ADDITION_BLOCK: Object =
    object("ToolAdditionBlock", &[("tool", Shape::Object(&TOOL_REFERENCE))], &["tool"]);
static TOOL_REFERENCE: Object =
    object("ToolReference", &[("type", Shape::Text), ("name", Shape::Text), ("serverName", Shape::Text)], &[]);
static TOOL_REMOVAL_BLOCK: Object = object("ToolRemovalBlock", &[("tool", Shape::Object(&TOOL_REFERENCE))], &["tool"]);
pub(super) static PROMPT_VARIABLE_VALUES: Object = union("PromptVariableValues", &[("text", Shape::Text)]);
