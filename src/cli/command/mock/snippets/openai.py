# pip install openai
from openai import OpenAI
client = OpenAI(base_url="<url>", api_key="<key>")
answer = client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": "hello"}])
print(answer.choices[0].message.content)
