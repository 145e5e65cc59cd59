"""The SDKs' typed models, made strict: nothing that they do not know, and nothing of another type."""

import pydantic


def check(value, place="$"):
    """Fails where a parsed model has a field that its class does not know."""
    if isinstance(value, pydantic.BaseModel):
        extra = value.model_extra or {}
        assert not extra, f"{place}: {type(value).__name__} does not know {sorted(extra)}"
        # The SDKs build their models without validation, so it is made up for here.
        type(value).model_validate_json(value.model_dump_json(by_alias=True, exclude_unset=True))
        for name in value.model_fields_set:
            check(getattr(value, name), f"{place}.{name}")
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            check(item, f"{place}[{index}]")
    return value
