# pip install google-genai
from google import genai
from google.oauth2.credentials import Credentials
client = genai.Client(vertexai=True, project="demo", location="us-central1", credentials=Credentials("<key>"), http_options={"base_url": "<url>"})
print(client.models.generate_content(model="gemini-2.5-flash", contents="hello").text)
