# pip install anthropic
from anthropic import Anthropic
client = Anthropic(base_url="<url>", api_key="<key>")
answer = client.messages.create(model="claude-sonnet-4-5", max_tokens=100, messages=[{"role": "user", "content": "hello"}])
print(answer.content[0].text)
