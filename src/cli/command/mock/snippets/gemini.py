# pip install google-genai
from google import genai
client = genai.Client(api_key="<key>", http_options={"base_url": "<url>"})
print(client.models.generate_content(model="gemini-2.5-flash", contents="hello").text)
