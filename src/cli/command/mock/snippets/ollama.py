# pip install ollama
from ollama import Client
answer = Client(host="<url>").chat(model="llama3.2", messages=[{"role": "user", "content": "hello"}])
print(answer.message.content)
