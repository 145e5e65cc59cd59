# pip install openai
from openai import AzureOpenAI
client = AzureOpenAI(azure_endpoint="<url>", api_key="<key>", api_version="2024-10-21")
answer = client.chat.completions.create(model="my-deployment", messages=[{"role": "user", "content": "hello"}])
print(answer.choices[0].message.content)
