//! The requests, after the vendor's service model.

use super::blocks::{
    CACHE_POINT_BLOCK, GUARDRAIL_CONVERSE_CONTENT_BLOCK, MESSAGE, PROMPT_VARIABLE_VALUES, object, union,
};
use crate::mock::shape::{Object, Shape};

pub(super) static CONVERSE_REQUEST: Object = object(
    "ConverseRequest",
    &[
        ("messages", Shape::List(&Shape::Object(&MESSAGE))),
        ("system", Shape::List(&Shape::Object(&SYSTEM_CONTENT_BLOCK))),
        ("inferenceConfig", Shape::Object(&INFERENCE_CONFIGURATION)),
        ("toolConfig", Shape::Object(&TOOL_CONFIGURATION)),
        ("guardrailConfig", Shape::Object(&GUARDRAIL_CONFIGURATION)),
        ("additionalModelRequestFields", Shape::Any),
        ("promptVariables", Shape::Map(&Shape::Object(&PROMPT_VARIABLE_VALUES))),
        ("additionalModelResponseFieldPaths", Shape::List(&Shape::Text)),
        ("requestMetadata", Shape::Map(&Shape::Text)),
        ("performanceConfig", Shape::Object(&PERFORMANCE_CONFIGURATION)),
        ("serviceTier", Shape::Object(&SERVICE_TIER)),
        ("outputConfig", Shape::Object(&OUTPUT_CONFIG)),
    ],
    &[],
);
static SYSTEM_CONTENT_BLOCK: Object = union(
    "SystemContentBlock",
    &[
        ("text", Shape::Text),
        ("guardContent", Shape::Object(&GUARDRAIL_CONVERSE_CONTENT_BLOCK)),
        ("cachePoint", Shape::Object(&CACHE_POINT_BLOCK)),
    ],
);
static INFERENCE_CONFIGURATION: Object = object(
    "InferenceConfiguration",
    &[
        ("maxTokens", Shape::Integer),
        ("temperature", Shape::Decimal),
        ("topP", Shape::Decimal),
        ("stopSequences", Shape::List(&Shape::Text)),
    ],
    &[],
);
static TOOL_CONFIGURATION: Object = object(
    "ToolConfiguration",
    &[("tools", Shape::List(&Shape::Object(&TOOL))), ("toolChoice", Shape::Object(&TOOL_CHOICE))],
    &["tools"],
);
static TOOL: Object = union(
    "Tool",
    &[
        ("toolSpec", Shape::Object(&TOOL_SPECIFICATION)),
        ("systemTool", Shape::Object(&SYSTEM_TOOL)),
        ("cachePoint", Shape::Object(&CACHE_POINT_BLOCK)),
    ],
);
static TOOL_SPECIFICATION: Object = object(
    "ToolSpecification",
    &[
        ("name", Shape::Text),
        ("description", Shape::Text),
        ("inputSchema", Shape::Object(&TOOL_INPUT_SCHEMA)),
        ("strict", Shape::Flag),
    ],
    &["name", "inputSchema"],
);
static TOOL_INPUT_SCHEMA: Object = union("ToolInputSchema", &[("json", Shape::Any)]);
static SYSTEM_TOOL: Object = object("SystemTool", &[("name", Shape::Text)], &["name"]);
static TOOL_CHOICE: Object = union(
    "ToolChoice",
    &[
        ("auto", Shape::Object(&AUTO_TOOL_CHOICE)),
        ("any", Shape::Object(&ANY_TOOL_CHOICE)),
        ("tool", Shape::Object(&SPECIFIC_TOOL_CHOICE)),
    ],
);
static AUTO_TOOL_CHOICE: Object = object("AutoToolChoice", &[], &[]);
static ANY_TOOL_CHOICE: Object = object("AnyToolChoice", &[], &[]);
static SPECIFIC_TOOL_CHOICE: Object = object("SpecificToolChoice", &[("name", Shape::Text)], &["name"]);
static GUARDRAIL_CONFIGURATION: Object = object(
    "GuardrailConfiguration",
    &[
        ("guardrailIdentifier", Shape::Text),
        ("guardrailVersion", Shape::Text),
        ("trace", Shape::Word("GuardrailTrace", &["enabled", "disabled", "enabled_full"])),
    ],
    &[],
);
static PERFORMANCE_CONFIGURATION: Object = object(
    "PerformanceConfiguration",
    &[("latency", Shape::Word("PerformanceConfigLatency", &["standard", "optimized"]))],
    &[],
);
static SERVICE_TIER: Object = object(
    "ServiceTier",
    &[("type", Shape::Word("ServiceTierType", &["priority", "default", "flex", "reserved"]))],
    &["type"],
);
static OUTPUT_CONFIG: Object =
    object("OutputConfig", &[("textFormat", Shape::Object(&OUTPUT_FORMAT)), ("effort", Shape::Text)], &[]);
static OUTPUT_FORMAT: Object = object(
    "OutputFormat",
    &[
        ("type", Shape::Word("OutputFormatType", &["json_schema"])),
        ("structure", Shape::Object(&OUTPUT_FORMAT_STRUCTURE)),
    ],
    &["type", "structure"],
);
static OUTPUT_FORMAT_STRUCTURE: Object =
    union("OutputFormatStructure", &[("jsonSchema", Shape::Object(&JSON_SCHEMA_DEFINITION))]);
static JSON_SCHEMA_DEFINITION: Object = object(
    "JsonSchemaDefinition",
    &[("schema", Shape::Text), ("name", Shape::Text), ("description", Shape::Text)],
    &["schema"],
);
pub(super) static COUNT_TOKENS_REQUEST: Object =
    object("CountTokensRequest", &[("input", Shape::Object(&COUNT_TOKENS_INPUT))], &["input"]);
static COUNT_TOKENS_INPUT: Object = union(
    "CountTokensInput",
    &[
        ("invokeModel", Shape::Object(&INVOKE_MODEL_TOKENS_REQUEST)),
        ("converse", Shape::Object(&CONVERSE_TOKENS_REQUEST)),
    ],
);
static INVOKE_MODEL_TOKENS_REQUEST: Object = object("InvokeModelTokensRequest", &[("body", Shape::Bytes)], &["body"]);
static CONVERSE_TOKENS_REQUEST: Object = object(
    "ConverseTokensRequest",
    &[
        ("messages", Shape::List(&Shape::Object(&MESSAGE))),
        ("system", Shape::List(&Shape::Object(&SYSTEM_CONTENT_BLOCK))),
        ("toolConfig", Shape::Object(&TOOL_CONFIGURATION)),
        ("additionalModelRequestFields", Shape::Any),
    ],
    &[],
);
