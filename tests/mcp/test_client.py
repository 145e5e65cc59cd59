"""The official Python SDK as a client of the mock's servers, in both families of revisions."""

import asyncio
import os

import mcp_types as types
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.sse import sse_client
from mcp.shared.exceptions import MCPError

MODES = ["legacy", "2026-07-28"]


def run(talk):
    return asyncio.run(asyncio.wait_for(talk, 30))


def text(result):
    return result.content[0].text


@pytest.mark.parametrize("mode", MODES)
def test_a_thousand_tools_are_listed_page_by_page(servers, mode):
    async def talk():
        async with Client(servers.urls["big"], mode=mode) as client:
            names, pages, cursor = [], 0, None
            while True:
                page = await client.list_tools(cursor=cursor)
                names += [tool.name for tool in page.tools]
                pages, cursor = pages + 1, page.next_cursor
                if cursor is None:
                    break
            assert names == [f"tool_{number}" for number in range(1, 1001)] and pages == 20
            assert text(await client.call_tool("tool_777", {})) == "This is tool 777"
            with pytest.raises(MCPError):
                await client.list_tools(cursor="nowhere")

    run(talk())


@pytest.mark.parametrize("mode", MODES)
def test_progress_arrives_before_the_result(servers, mode):
    async def talk():
        steps = []

        async def note(progress, total, message):
            steps.append((progress, total, message))

        async with Client(servers.urls["everything"], mode=mode) as client:
            arguments = {"to": 4, "pauseMs": 5}
            result = await client.call_tool("count", arguments, progress_callback=note)
            assert text(result) == "Counted to 4"
        assert steps == [(step, 4, f"{step} of 4") for step in range(1, 5)]

    run(talk())


def test_a_call_is_cancelled_and_the_session_goes_on(servers):
    async def talk():
        async with Client(servers.urls["everything"], mode="legacy") as client:
            call = asyncio.create_task(client.call_tool("sleep", {"ms": 20_000}))
            await asyncio.sleep(0.5)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            assert text(await client.call_tool("test_simple_text", {})).startswith("This is")

    run(talk())
    cancelled = servers.heard("everything", "notifications/cancelled")[-1]
    assert "requestId" in cancelled["params"]


@pytest.mark.parametrize("mode", MODES)
def test_sampling_elicitation_and_roots_are_answered(servers, mode):
    async def sample(_context, params):
        question = params.messages[0].content.text
        content = types.TextContent(type="text", text=f"You asked: {question}")
        return types.CreateMessageResult(role="assistant", content=content, model="test")

    async def elicit(_context, params):
        return types.ElicitResult(action="accept", content={"username": "ada", "email": "ada@example.com"})

    async def roots(_context):
        return types.ListRootsResult(roots=[types.Root(uri="file:///work")])

    async def talk():
        callbacks = dict(sampling_callback=sample, elicitation_callback=elicit, list_roots_callback=roots)
        async with Client(servers.urls["everything"], mode=mode, **callbacks) as client:
            answered = await client.call_tool("test_sampling", {"prompt": "Who are you?"})
            assert text(answered) == "LLM response: You asked: Who are you?"
            answered = await client.call_tool("test_elicitation", {"message": "Who?"})
            assert "action=accept" in text(answered) and "ada@example.com" in text(answered)
            assert "file:///work" in text(await client.call_tool("test_roots", {}))

    run(talk())


def test_a_client_without_a_model_is_told_so(servers):
    async def talk():
        async with Client(servers.urls["everything"], mode="legacy") as client:
            refused = await client.call_tool("test_sampling", {"prompt": "Who are you?"})
            assert refused.is_error and "sampling" in text(refused)

    run(talk())


def test_an_expired_session_is_told_and_a_new_one_works(servers):
    async def talk():
        other = Client(servers.urls["workshop"], mode="legacy")
        async with other, Client(servers.urls["toolbox"], mode="legacy") as client:
            assert text(await client.call_tool("echo", {"text": "one"})) == "one"
            assert servers.call("DELETE", "/mock/toolbox/sessions")["expired"] >= 1
            assert servers.sessions("toolbox") == []
            with pytest.raises(MCPError):
                await client.call_tool("echo", {"text": "two"})
            # The servers are apart, and so are their sessions.
            assert text(await other.call_tool("echo", {"text": "three"})) == "[workshop] three"
        async with Client(servers.urls["toolbox"], mode="legacy") as client:
            assert text(await client.call_tool("echo", {"text": "four"})) == "four"

    run(talk())


def test_changes_are_pushed(servers):
    async def talk():
        heard = asyncio.Queue()

        async def note(message):
            await heard.put(message)

        async with Client(servers.urls["everything"], mode="legacy", message_handler=note) as client:
            await client.subscribe_resource("test://watched-resource")
            await asyncio.sleep(0.5)
            assert servers.call("POST", "/mock/everything/changed", {"list": "tools"})["told"] >= 1
            assert isinstance(await asyncio.wait_for(heard.get(), 5), types.ToolListChangedNotification)
            changed = {"uri": "test://watched-resource"}
            assert servers.call("POST", "/mock/everything/changed", changed)["told"] == 1
            updated = await asyncio.wait_for(heard.get(), 5)
            assert str(updated.params.uri) == "test://watched-resource"

    run(talk())


def test_the_older_transport_and_stdio(servers):
    async def use(server):
        async with Client(server, mode="legacy") as client:
            assert text(await client.call_tool("echo", {"text": "hello"})) == "hello"
            assert len((await client.list_tools()).tools) > 1

    run(use(sse_client(servers.urls["legacy"])))
    command = os.environ["AGW_MOCK_BINARY"]
    run(use(StdioServerParameters(command=command, args=["mock", "mcp", "--stdio", "toolbox"])))


def test_a_reader_of_a_cluster_is_denied_what_changes_it(servers):
    async def talk():
        async with Client(servers.urls["kubernetes"]) as client:
            listed = await client.call_tool("pods_list_in_namespace", {"namespace": "shop"})
            assert not listed.is_error and "shop" in text(listed)
            denied = await client.call_tool("pods_delete", {"name": "cart-7c6bd9d8f-x2v4k"})
            assert denied.is_error and text(denied) == "error executing tool: permission denied"

    run(talk())


def test_a_flaky_server_fails_in_turn_and_a_hostile_one_does_no_harm(servers):
    async def talk():
        async with Client(servers.urls["flaky"]) as client:
            kinds = []
            for _ in range(5):
                try:
                    result = await asyncio.wait_for(client.call_tool("unsteady", {}), 5)
                    kinds.append("failed" if result.is_error else "worked")
                except Exception as failure:  # how a broken connection is told differs from version to version
                    kinds.append(type(failure).__name__ if isinstance(failure, MCPError) else "broken")
            assert kinds[:4] == ["worked", "worked", "failed", "MCPError"] and kinds[4] != "worked"
        async with Client(servers.urls["hostile"]) as client:
            names = [tool.name for tool in (await client.list_tools()).tools]
            assert "injection" in names
            for name in ["good", "wrong_id_type", "injection", "flood"]:
                try:
                    await asyncio.wait_for(client.call_tool(name, {}), 10)
                except Exception:
                    pass

    run(talk())
