# pip install mcp
import asyncio
from mcp import Client
async def talk():
    async with Client("<url>") as client:
        print([tool.name for tool in (await client.list_tools()).tools])
asyncio.run(talk())
