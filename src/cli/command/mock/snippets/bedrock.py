# pip install boto3
import boto3
client = boto3.client("bedrock-runtime", region_name="us-east-1", endpoint_url="<url>", aws_access_key_id="<id>", aws_secret_access_key="<secret>")
answer = client.converse(modelId="amazon.nova-lite-v1:0", messages=[{"role": "user", "content": [{"text": "hello"}]}])
print(answer["output"]["message"]["content"][0]["text"])
