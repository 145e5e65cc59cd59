//! What a revision of the protocol does not know yet is said in its own words.

use rmcp::model::{CallToolResult, ContentBlock, ProtocolVersion, ResourceContents};

/// Whether a revision is at least another.
pub(super) fn is_since(version: Option<&ProtocolVersion>, first: &ProtocolVersion) -> bool {
    // Dates compare as their texts do.
    version.is_some_and(|version| version.as_str() >= first.as_str())
}

/// The result with nothing in it that the revision does not have: sounds came with 2025-03-26, links to resources and
/// structured content with 2025-06-18.
pub(super) fn fit(mut result: CallToolResult, version: Option<&ProtocolVersion>) -> CallToolResult {
    if !is_since(version, &ProtocolVersion::V_2025_03_26) {
        result.content = result.content.into_iter().map(without_sound).collect();
    }
    if !is_since(version, &ProtocolVersion::V_2025_06_18) {
        result.content = result.content.into_iter().map(without_link).collect();
        result.structured_content = None;
    }
    result
}

/// A sound as an embedded resource.
fn without_sound(part: ContentBlock) -> ContentBlock {
    match part {
        ContentBlock::Audio(sound) => {
            let contents = ResourceContents::blob(sound.data, "sound://embedded").with_mime_type(sound.mime_type);
            ContentBlock::resource(contents)
        }
        other => other,
    }
}

/// A link as its address.
fn without_link(part: ContentBlock) -> ContentBlock {
    match part {
        ContentBlock::ResourceLink(link) => ContentBlock::text(link.uri),
        other => other,
    }
}
